//! Mentions: actors, dates, figures.

pub mod actors;
pub mod atoms;
pub mod dates;
pub mod figures;
pub mod numbers;
pub mod opening;
pub mod pattern;
