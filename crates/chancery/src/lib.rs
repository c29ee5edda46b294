//! Chancery reads news reports into records of what they tell: who did or said what to whom,
//! when, where, by which figures, through which chain of sources.
//!
//! The crate does no I/O, reads no clock and holds no global state. Start at [`pipeline::Coder`].

pub mod assemble;
pub mod classify;
pub mod data;
pub mod error;
pub mod event;
pub mod happening;
pub mod ids;
pub mod input;
pub mod language;
pub mod layout;
pub mod mention;
pub mod model;
pub mod page_kind;
pub mod parse;
pub mod pipeline;
pub mod place;
pub mod provenance;
pub mod record;
pub mod stages;
pub mod statement;
pub mod story;
pub mod view;

pub use error::{Error, Result};
pub use pipeline::{Coder, Options};
pub use record::Record;
