//! Runs every example and counter-example of the codebook through the whole coder.

use super::Codebook;
use crate::data::DataFiles;
use crate::model::Report;
use crate::record::{Actor, Event};
use crate::{Coder, Options};
use std::collections::BTreeSet;

/// Whether a side names exactly the codes expected: three letters compare countries, more compare country and sector.
fn side_is(actors: &[Actor], want: &[String]) -> bool {
    let code = |a: &Actor, w: usize| {
        let c = a.country.clone().unwrap_or_default();
        if w > 3 { c + a.sector.as_deref().unwrap_or("") } else { c }
    };
    let width = want.iter().map(String::len).max().unwrap_or(3);
    let got: BTreeSet<String> = actors.iter().filter(|a| a.country.is_some()).map(|a| code(a, width)).collect();
    got == want.iter().cloned().collect()
}

fn show(e: &Event) -> String {
    let side = |a: &[Actor]| {
        a.iter().map(|a| a.code.clone().or(a.country.clone()).unwrap_or_else(|| a.text.clone())).collect::<Vec<_>>().join("+")
    };
    format!("{} {} → {} {} {} [{}]", e.r#type, side(&e.source), side(&e.target), e.status, e.mode.as_deref().unwrap_or("-"), e.rule)
}

#[test]
fn lexicon_examples_hold() {
    let files = DataFiles::builtin();
    let coder = Coder::new(&files).unwrap_or_else(|e| panic!("{e}"));
    let (examples, lacking) = Codebook::examples(&files).unwrap_or_else(|e| panic!("{e}"));
    let mut failures: Vec<String> = lacking.iter().map(ToString::to_string).collect();
    for ex in &examples {
        let record = coder.read(Report { text: ex.text.clone(), ..Report::default() }, &Options::default());
        let all = || record.events.iter().map(show).collect::<Vec<_>>().join(" | ");
        let by_rule: Vec<&Event> = record.events.iter().filter(|e| e.rule == ex.rule || ex.rule.starts_with("modality/")).collect();
        let Some(want) = &ex.expect else {
            let wrong = record.events.iter().any(|e| e.rule == ex.rule);
            if wrong {
                failures.push(format!("{}: must not fire {}: {:?}\n    got {}", ex.place, ex.rule, ex.text, all()));
            }
            continue;
        };
        let fits = |e: &&Event| {
            want.source.as_ref().is_none_or(|w| side_is(&e.source, w))
                && want.target.as_ref().is_none_or(|w| side_is(&e.target, w))
                && want.mode.as_ref().is_none_or(|w| e.modes.contains(w))
                && want.r#type.as_ref().is_none_or(|w| e.r#type.as_str() == w)
                && e.status.as_str() == want.status.as_deref().unwrap_or("occurred")
        };
        if !by_rule.iter().any(fits) {
            let sides = format!("{:?} → {:?}", want.source.as_deref().unwrap_or(&[]), want.target.as_deref().unwrap_or(&[]));
            failures.push(format!(
                "{}: {} {sides} {}: {:?}\n    got {}",
                ex.place,
                ex.rule,
                want.status.as_deref().unwrap_or("occurred"),
                ex.text,
                all()
            ));
        }
    }
    assert!(failures.is_empty(), "{} of {} examples fail\n{}", failures.len(), examples.len(), failures.join("\n"));
}
