//! `chancery lexicon`: checks, tries and counts the entries of events, ours with the caller's laid over them.

use crate::cli::{KnowledgeArgs, LexiconArgs, LexiconCommand, LexiconTestArgs};
use crate::log::Log;
use crate::read::output;
use crate::{Error, Outcome, Result, coder};
use chancery::event::Codebook;
use chancery::event::coverage::{self, Row};
use chancery::event::examples::{Example, Failure};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::fmt::Write;

pub fn run(args: &LexiconArgs, log: &Log) -> Result<Outcome> {
    match &args.command {
        LexiconCommand::Check(args) => check(&args.knowledge, log),
        LexiconCommand::Test(args) => test(args),
        LexiconCommand::Stats(args) => stats(&args.knowledge),
    }
}

/// Says every problem on standard error; ends with 1 where there is any.
fn check(args: &KnowledgeArgs, log: &Log) -> Result<Outcome> {
    let files = coder::files(args)?;
    let mut problems = Codebook::problems(&files);
    problems.extend(chancery::page_kind::PageKinds::problems(&files));
    let loaded = chancery::Coder::new(&files);
    if let Err(e) = &loaded
        && !problems.contains(e)
    {
        problems.push(e.clone());
    }
    let bad = problems.len();
    for e in problems {
        log.error(&coder::named(e, args));
    }
    let entries = loaded.map_or(0, |c| c.codebook.len());
    let line = if bad == 0 { format!("{entries} entries, all sound\n") } else { format!("{bad} to mend\n") };
    output::print(line.as_bytes())?;
    Ok(if bad == 0 { Outcome::Done } else { Outcome::Partial })
}

/// Runs the examples and prints those that fail, entry by entry; ends with 1 where any does.
fn test(args: &LexiconTestArgs) -> Result<Outcome> {
    let _ = rayon::ThreadPoolBuilder::new().num_threads(args.threads.map_or(0, usize::from)).build_global();
    let files = coder::files(&args.knowledge)?;
    let coder = coder::compile(&files, &args.knowledge)?;
    let (mut examples, _) = Codebook::examples(&files)?;
    examples.retain(|e| args.only.is_empty() || args.only.iter().any(|only| is_of(&e.rule, only)));
    if examples.is_empty() {
        let remedy = "name a type such as AID, or a part of an entry's name such as verbs/AID/give";
        return Err(Error::new("E0421", "no entry fits --only", args.only.join(" "), remedy));
    }
    let failures: Vec<(&Example, Failure)> = examples.par_iter().filter_map(|e| Some((e, e.fails(&coder)?))).collect();
    let mut page = String::new();
    for (i, (example, failure)) in failures.iter().enumerate() {
        if i == 0 || failures.get(i - 1).is_some_and(|(before, _)| before.rule != example.rule) {
            let _ = writeln!(page, "── {}", example.rule);
        }
        show(&mut page, example, failure, &args.knowledge);
    }
    let count = |examples: &mut dyn Iterator<Item = &Example>| examples.map(|e| e.rule.as_str()).collect::<BTreeSet<_>>().len();
    let _ = writeln!(
        page,
        "{} of {} sentences fail, in {} of {} entries",
        failures.len(),
        examples.len(),
        count(&mut failures.iter().map(|(e, _)| *e)),
        count(&mut examples.iter()),
    );
    output::print(page.as_bytes())?;
    Ok(if failures.is_empty() { Outcome::Done } else { Outcome::Partial })
}

/// Whether a rule (`verbs/AID/give-aid`) is of a type or has a part in its name.
fn is_of(rule: &str, only: &str) -> bool {
    rule.split('/').nth(1).is_some_and(|t| t.eq_ignore_ascii_case(only)) || rule.to_lowercase().contains(&only.to_lowercase())
}

fn show(page: &mut String, example: &Example, failure: &Failure, args: &KnowledgeArgs) {
    let _ = writeln!(page, "  {}", coder::place(&example.place, args));
    let _ = writeln!(page, "    sentence  {}", example.text);
    let _ = writeln!(page, "    expected  {}", failure.expected);
    let got = if failure.got.is_empty() { "nothing".to_owned() } else { failure.got.join("\n              ") };
    let _ = writeln!(page, "    got       {got}");
}

fn stats(args: &KnowledgeArgs) -> Result<Outcome> {
    let files = coder::files(args)?;
    let coder = coder::compile(&files, args)?;
    let (rows, collisions) = coverage::of(&coder.codebook, &files)?;
    let mut page = String::from(
        "| Type | Entries with a verb or adjective | with a noun | Examples | Counter-examples | Lemmas |\n|---|---|---|---|---|---|\n",
    );
    let mut sum = Row::default();
    for (t, r) in &rows {
        line(&mut page, t.as_str(), r);
        sum.verbs += r.verbs;
        sum.nouns += r.nouns;
        sum.examples += r.examples;
        sum.counter_examples += r.counter_examples;
        sum.lemmas += r.lemmas;
    }
    line(&mut page, "all", &sum);
    let _ = writeln!(
        page,
        "\n{} pairs of entries have an anchor in common and equal conditions; the later never fires there",
        collisions.len()
    );
    for c in &collisions {
        let _ =
            writeln!(page, "  {} ({})\n  {} ({})", c.first.0, coder::place(&c.first.1, args), c.second.0, coder::place(&c.second.1, args));
        let _ = writeln!(page, "    both at {}", c.anchors.join(", "));
    }
    output::print(page.as_bytes())
}

fn line(page: &mut String, name: &str, r: &Row) {
    let _ = writeln!(page, "| {name} | {} | {} | {} | {} | {} |", r.verbs, r.nouns, r.examples, r.counter_examples, r.lemmas);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_a_type_or_a_part_of_the_name() {
        assert!(is_of("verbs/AID/give-aid", "aid") && is_of("verbs/AID/give-aid", "AID/give"));
        assert!(!is_of("verbs/SANCTION/cut-off", "AID"));
    }
}
