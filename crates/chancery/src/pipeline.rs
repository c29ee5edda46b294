//! The flow on one screen: report → blocks → sentences → mentions → statements, events → record.

use crate::data::DataFiles;
use crate::error::Result;
use crate::event::backoff::Backoff;
use crate::event::{Codebook, EventDraft};
use crate::language::Identifier;
use crate::layout::Layout;
use crate::layout::Page;
use crate::mention::actors::ActorKnowledge;
use crate::mention::dates::Dates;
use crate::mention::figures::Figures;
use crate::model::{Actors, Doc, Report};
use crate::page_kind::PageKinds;
use crate::parse::Syntax;
use crate::place::Gazetteer;
use crate::provenance::Origin;
use crate::provenance::Outlets;
use crate::record::{Block, Diagnostic, PageKind, Record, Span};
use crate::stages::{Languages, Stage};
use crate::statement::SpeechLexicon;
use crate::view::View;
use crate::{assemble, provenance};
use jiff::civil::Date;
use std::sync::OnceLock;

/// What a caller may ask of a reading. The record depends on report, options and build alone.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Overrides every published date found in the report.
    pub published: Option<Date>,
    /// Language to assume; `None` takes what the report says of itself, or identifies it.
    pub language: Option<String>,
    /// Whether events carry the lines that say why they were coded.
    pub explain: bool,
}

/// A report taken apart as far as its text goes.
#[derive(Debug)]
pub struct LaidOut {
    /// With its language; its diagnostics are in `notes`.
    pub report: Report,
    pub view: View,
    pub page: Page,
    /// Of a web page: what it is.
    pub page_kind: Option<PageKind>,
    pub origin: Origin,
    /// Languages other than the report's that blocks are in, with how many blocks.
    pub foreign: Vec<(String, usize)>,
    pub notes: Vec<Diagnostic>,
}

/// Lexicons and models, loaded once and shared by all threads.
pub struct Coder {
    pub version: String,
    pub data_hash: String,
    pub languages: Languages,
    pub layout: Layout,
    pub page_kinds: PageKinds,
    pub identifier: Identifier,
    pub outlets: Outlets,
    pub syntax: Syntax,
    pub actors: ActorKnowledge,
    pub dates: Dates,
    pub figures: Figures,
    pub places: Gazetteer,
    pub speech: SpeechLexicon,
    pub codebook: Codebook,
    files: DataFiles,
    backoff: OnceLock<Backoff>,
}

impl Coder {
    /// Compiles the knowledge files. The first bad entry is an error that names file, line, field and remedy.
    pub fn new(files: &DataFiles) -> Result<Coder> {
        let languages = Languages::load(files)?;
        // Start-up is what a user waits for: the slow parts are compiled side by side. Errors come in the order of the fields.
        std::thread::scope(|scope| {
            let layout = scope.spawn(|| (files.hash(), Layout::load(files)));
            let codebook = scope.spawn(|| Codebook::load(files, &languages));
            let identifier = Identifier::load(files);
            let page_kinds = PageKinds::load(files);
            let outlets = Outlets::load(files);
            let syntax = Syntax::load(files);
            let actors = ActorKnowledge::load(files);
            let dates = Dates::load(files, &languages);
            let figures = Figures::load(files, &languages);
            let places = Gazetteer::load(files);
            let speech = SpeechLexicon::load(files);
            let (data_hash, layout) = layout.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            let codebook = codebook.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            Ok(Coder {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                data_hash,
                layout: layout?,
                page_kinds: page_kinds?,
                identifier: identifier?,
                outlets: outlets?,
                syntax: syntax?,
                actors: actors?,
                dates: dates?,
                figures: figures?,
                places: places?,
                speech: speech?,
                codebook: codebook?,
                languages: languages.clone(),
                files: files.clone(),
                backoff: OnceLock::new(),
            })
        })
    }

    /// The back-off of [`crate::classify`], learned from the examples in the knowledge files when first asked for.
    pub fn backoff(&self) -> &Backoff {
        self.backoff.get_or_init(|| Backoff::learn(&self.codebook, &self.files).unwrap_or_default())
    }

    /// Takes a report apart as far as its text goes: repairs, blocks, language, origin. Nothing is coded.
    pub fn lay_out(&self, mut report: Report, options: &Options) -> LaidOut {
        let mut notes = std::mem::take(&mut report.diagnostics);
        let view = View::repair(&report.text, &mut notes);
        let mut page = self.layout.blocks(&report, &view, &mut notes);
        report.language = options.language.clone().or(report.language).or_else(|| self.identifier.of_report(&report.text, &page.blocks));
        let foreign = self.identifier.mark(&report.text, &mut page.blocks, report.language.as_deref());
        let origin = provenance::trace(self, &report, &view, &page, options);
        let page_kind = self.page_kinds.of(&report, &page.blocks, &mut notes);
        LaidOut { report, view, page, page_kind, origin, foreign, notes }
    }

    /// Reads one report into its record.
    pub fn read(&self, report: Report, options: &Options) -> Record {
        self.read_about(report, options, &[], |_| ())
    }

    /// As [`Coder::read`], with actors that the caller names, as spans of the report's text.
    /// `inspect` sees the events before they become the record.
    pub(crate) fn read_about(&self, report: Report, options: &Options, given: &[Span], inspect: impl FnOnce(&[EventDraft])) -> Record {
        let LaidOut { report, view, page, page_kind, origin, foreign, mut notes } = self.lay_out(report, options);
        let folder = self.languages.folder(report.language.as_deref()).to_owned();
        let serves = |stage| self.languages.serves(&folder, stage);
        let mut sentences = if serves(Stage::Syntax) {
            self.syntax.sentences(&report.text, &view, &page.blocks, &mut notes)
        } else {
            self.syntax.untagged(&report.text, &view, &page.blocks, &mut notes)
        };
        // No block is read by the rules of another language.
        let own = |b: &Block| b.language.as_deref().is_none_or(|l| !foreign.iter().any(|(f, _)| f == l));
        sentences.retain(|s| page.blocks.get(s.block).is_none_or(own));
        notes.extend(self.languages.skipped(&folder, sentences.len()));
        notes.extend(foreign.iter().map(|(code, n)| self.identifier.unread(code, *n)));
        let doc = Doc {
            report: &report,
            view: &view,
            language: &folder,
            published: origin.published,
            blocks: &page.blocks,
            posts: &page.posts,
            provenance: &origin.chain,
            page_kind,
            sentences: &sentences,
        };
        let dates = self.dates.find(&doc);
        let figures = if serves(Stage::Figures) { self.figures.find(&doc, &dates) } else { Vec::new() };
        let mut actors = if serves(Stage::Actors) { self.actors.find(&doc, &mut notes) } else { Actors::default() };
        given.iter().for_each(|&span| actors.name(&doc, span));
        let places = if serves(Stage::Places) { self.places.find(&doc, &actors) } else { Vec::new() };
        let statements = if serves(Stage::Statements) { self.speech.find(&doc, &actors) } else { Vec::new() };
        let mut events = self.codebook.find(&doc, &actors, &dates, (&self.places, &places), &statements, &mut notes);
        inspect(&events);
        if !options.explain {
            events.iter_mut().for_each(|e| e.explain.clear());
        }
        assemble::record(self, &doc, actors, dates, figures, places, statements, events, notes)
    }
}
