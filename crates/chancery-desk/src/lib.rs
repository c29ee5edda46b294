//! The desk: pages and an HTTP API over a ledger. Everything shown comes from the ledger's own questions; nothing is fetched from anywhere, and no page
//! needs a script.
//!
//! [`Desk`] opens a ledger, [`serve`] answers on a listener until it is told to stop, [`tools`] answers an assistant.

mod api;
mod ask;
mod chart;
mod guard;
mod pages;
mod pool;
mod reply;
mod serve;
mod tools;
mod words;

pub use chancery_ledger::{Error, Result};
pub use pool::{Desk, Settings};
pub use serve::{router, serve};
pub use tools::tools;
