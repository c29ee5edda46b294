//! One file a page.

pub mod actor;
pub mod data;
pub mod dyad;
pub mod happenings;
pub mod map;
pub mod network;
pub mod parts;
pub mod paste;
pub mod report;
pub mod search;
pub mod shell;
pub mod today;
