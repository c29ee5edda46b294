//! Mentions: actors, dates, figures.

pub mod actors;
pub mod dates;
pub mod figures;
