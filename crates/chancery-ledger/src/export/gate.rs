//! What may be told in a format, and as what.

use super::Format;
use crate::derived::pairs;
use crate::error::Result;
use crate::query::{EventRow, Filter, Party};
use chancery::data::DataFiles;
use chancery::event::ontology::Ontology;
use chancery::record::{EventType, Status};

pub struct Gate {
    format: Format,
    statuses: Vec<Status>,
    ontology: Ontology,
}

/// An event as it may be told.
pub struct Told<'a> {
    pub e: &'a EventRow,
    pub kind: EventType,
    pub mode: Option<String>,
    pub cameo: String,
    pub quad: i64,
    pub goldstein: Option<f64>,
    pub intensity: Option<f64>,
    /// What a planned event was before it was folded: "CONSULT planned".
    pub folded: Option<String>,
    /// First day, unless it is the published day of a background event.
    pub start: Option<&'a str>,
    /// The day, where the date is one.
    pub day: Option<&'a str>,
    /// Year and month, as far as the date tells them.
    pub month: Option<&'a str>,
    pub year: Option<&'a str>,
}

impl Gate {
    pub fn new(format: Format, filter: &Filter, files: &DataFiles) -> Result<Gate> {
        let asked: Vec<Status> = filter.statuses.iter().filter_map(|s| Status::parse(s)).collect();
        let statuses = if asked.is_empty() { vec![Status::Occurred] } else { asked };
        Ok(Gate { format, statuses, ontology: Ontology::load(files)? })
    }

    /// The event as the format may have it, or why not.
    pub fn tell<'a>(&self, e: &'a EventRow) -> std::result::Result<Told<'a>, &'static str> {
        let start = e.day.as_deref().filter(|_| !(e.time == "background" && e.basis.as_deref() == Some("published")));
        let within = |length: usize| {
            start.filter(|d| e.day_end.as_deref().unwrap_or(d).get(..length) == d.get(..length)).and_then(|d| d.get(..length))
        };
        let mut told = Told {
            e,
            kind: e.kind,
            mode: e.mode.clone(),
            cameo: e.cameo.clone(),
            quad: e.quad,
            goldstein: e.goldstein,
            intensity: e.intensity,
            folded: None,
            start,
            day: within(10),
            month: within(7),
            year: within(4),
        };
        if self.format.knows_status() {
            return Ok(told);
        }
        match e.status {
            Status::Denied => return Err("denied"),
            Status::Hypothetical => return Err("hypothetical"),
            s if !self.statuses.contains(&s) => {
                return Err(match s {
                    Status::Claimed => "claimed (--status claimed lets them in)",
                    Status::Planned => "planned (--status planned lets them in, folded)",
                    _ => "occurred",
                });
            }
            Status::Planned => self.fold(&mut told)?,
            _ => {}
        }
        let mut sides = e.source.iter().chain(&e.target).peekable();
        if sides.peek().is_some() && sides.all(|p| p.actor.country.as_deref() == Some("WLD")) {
            return Err("its only side is WLD");
        }
        Ok(told)
    }

    /// PLOVER's rule for plans where there is no status: what will be done is now agreed to, or conceded. A plan that is neither would read as a deed.
    fn fold(&self, told: &mut Told<'_>) -> std::result::Result<(), &'static str> {
        let info = self.ontology.info(told.e.kind);
        let kind = match info.planned_as {
            // An announced attack is no threat that somebody made: only cooperation is folded.
            Some(kind) if self.ontology.info(kind).quad <= 2 => kind,
            // To say that one will say so is not to say it.
            _ => return Err("planned, of a type that nothing can be folded to"),
        };
        told.folded = Some(format!("{} planned", told.e.kind));
        told.kind = kind;
        told.mode = None;
        told.cameo = self.ontology.cameo_for(kind, None);
        told.quad = i64::from(self.ontology.info(kind).quad);
        told.goldstein = self.ontology.goldstein(&told.cameo);
        told.intensity = self.ontology.intensity(kind, None);
        Ok(())
    }
}

/// A row of a dyadic format: source and target, either of which may be nobody.
pub type Pair<'a> = (Option<&'a Party>, Option<&'a Party>);

impl Told<'_> {
    /// Source × target, or each ordered pair of a reciprocal event.
    pub fn pairs(&self) -> Vec<Pair<'_>> {
        let e = self.e;
        let other = if e.reciprocal && e.source.len() > 1 { &e.source } else { &e.target };
        pairs(&e.source, &e.target, e.reciprocal)
            .into_iter()
            .map(|(s, t)| (s.and_then(|s| e.source.get(s)), t.and_then(|t| other.get(t))))
            .collect()
    }
}
