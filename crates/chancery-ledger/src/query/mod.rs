//! Questions to a ledger: events, statements, counts over time, SQL.

mod columns;
mod counts;
mod event;
mod filter;
mod happening;
mod overview;
mod sql;
mod statement;

pub use columns::{EVENT_COLUMNS, event_cells};
pub(crate) use counts::quads;
pub use counts::{COUNT_COLUMNS, Count, Period, count_cells};
pub use event::{ActorRow, EventRow, Page, Party, Place, listed};
pub use filter::{Filter, Who};
pub(crate) use filter::{Sql, beginning, full_text};
pub use happening::{HAPPENING_COLUMNS, HappeningRow};
pub use overview::{COUNTED, CoderRow, Facet, OutletRow, Pair, ReportRow, Spot};
pub use sql::VIEWS;
pub use statement::{STATEMENT_COLUMNS, StatementRow};
