//! The ledger: reports, events, statements, figures and what people decided on them, in one SQLite file.
//!
//! Append and supersede: a newer coder's record or a correction is added beside the older one, which gets an end and stays. [`Writer`] is
//! the only way in; everything else reads.

pub mod agreement;
pub mod audit;
pub mod body;
mod decided;
pub mod decision;
pub mod derived;
pub mod error;
pub mod export;
pub mod frame;
mod grouping;
pub mod ids;
pub mod insert;
mod ledger;
mod names;
pub mod pages;
pub mod panel;
pub mod query;
pub mod reading;
mod records;
mod schema;
pub mod stories;
mod writer;

pub use decided::Standing;
pub use error::{Error, Result};
pub use ledger::{Holdings, Ledger};
pub use names::Names;
pub use writer::{Added, Known, Writer};
