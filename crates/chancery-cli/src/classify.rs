//! `chancery classify`: one question a line in, one answer a line out, in the same order.

use crate::cli::ClassifyArgs;
use crate::log::Log;
use crate::read::output;
use crate::{Error, Outcome, Result, coder};
use chancery::Coder;
use chancery::classify::{Answer, Question};
use chancery::record::{Diagnostic, Span};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Write};

/// Lines that are held and answered together.
const CHUNK: usize = 256;

#[derive(Deserialize)]
struct Line {
    id: Option<Value>,
    text: String,
    source: Option<Place>,
    target: Option<Place>,
    trigger: Option<Place>,
}

/// Where something stands in the text: its words, or `[start,end)` in bytes.
#[derive(Deserialize)]
#[serde(untagged)]
enum Place {
    Words(String),
    Span(usize, usize),
}

pub fn run(args: &ClassifyArgs, log: &Log) -> Result<Outcome> {
    let _ = rayon::ThreadPoolBuilder::new().num_threads(args.threads.map_or(0, usize::from)).build_global();
    let coder = coder::load(&args.knowledge)?;
    let name = args.path.display().to_string();
    let unreadable =
        |e: std::io::Error| Error::new("E0201", format!("cannot be read: {e}"), name.clone(), "check the path and its permissions");
    let mut input: Box<dyn BufRead> =
        if name == "-" { Box::new(std::io::stdin().lock()) } else { Box::new(BufReader::new(File::open(&args.path).map_err(unreadable)?)) };
    let mut out = output::Output::stdout();
    let (mut number, mut whole) = (0, true);
    loop {
        let mut chunk: Vec<(usize, Vec<u8>)> = Vec::new();
        while chunk.len() < CHUNK {
            let mut line = Vec::new();
            if input.read_until(b'\n', &mut line).map_err(unreadable)? == 0 {
                break;
            }
            number += 1;
            if !line.trim_ascii().is_empty() {
                chunk.push((number, line));
            }
        }
        if chunk.is_empty() {
            break;
        }
        let answers: Vec<Result<String>> = chunk.par_iter().map(|(n, line)| answer(&coder, &name, *n, line)).collect();
        for answer in answers {
            let line = answer.unwrap_or_else(|e| {
                whole = false;
                log.error(&e);
                String::new()
            });
            match out.write_all(line.as_bytes()) {
                Err(e) if e.kind() == ErrorKind::BrokenPipe => return Ok(Outcome::Done),
                other => other.map_err(output::error)?,
            }
        }
    }
    out.flush().or_else(|e| if e.kind() == ErrorKind::BrokenPipe { Ok(()) } else { Err(output::error(e)) })?;
    Ok(if whole { Outcome::Done } else { Outcome::Partial })
}

/// The answer to one line, as JSON with its line end. E0203 where the line is no question.
fn answer(coder: &Coder, file: &str, number: usize, line: &[u8]) -> Result<String> {
    let line: Line = serde_json::from_slice(line).map_err(|e| {
        let remedy = "write {\"id\",\"text\",\"source\",\"target\"} on each line, actors as text, [start,end) or null";
        Error::new("E0203", format!("not a question: {e}"), format!("{file}, line {number}"), remedy)
    })?;
    let mut notes = Vec::new();
    let mut span = |name: &str, place: &Option<Place>| {
        let found = place.as_ref().map(|p| locate(&line.text, p));
        if found == Some(None) {
            let message = format!("the {name} is not in the text; it counts as null");
            notes.push(Diagnostic { code: "W0602".to_owned(), message, span: None });
        }
        found.flatten()
    };
    let (source, target, trigger) = (span("source", &line.source), span("target", &line.target), span("trigger", &line.trigger));
    let Answer { r#type, mode, cameo, quad, score, rule, diagnostics } =
        coder.classify(&Question { text: line.text, source, target, trigger });
    notes.extend(diagnostics);
    let id = line.id.unwrap_or(Value::Null);
    let answer =
        json!({"id": id, "type": r#type, "mode": mode, "cameo": cameo, "quad": quad, "score": score, "rule": rule, "diagnostics": notes});
    Ok(format!("{answer}\n"))
}

/// The span that is meant: the first occurrence of the words, or bytes that lie on character boundaries.
fn locate(text: &str, place: &Place) -> Option<Span> {
    match place {
        Place::Words(w) if w.is_empty() => None,
        Place::Words(w) => text.find(w.as_str()).map(|at| Span::new(at, at + w.len())),
        Place::Span(start, end) => text.get(*start..*end).filter(|s| !s.is_empty()).map(|_| Span::new(*start, *end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actors_are_words_or_bytes_of_the_text() {
        let text = "Ägypten met Iran; Iran left.";
        assert_eq!(locate(text, &Place::Words("Iran".into())), Some(Span::new(13, 17)));
        assert_eq!(locate(text, &Place::Span(0, 8)), Some(Span::new(0, 8)));
        assert_eq!((locate(text, &Place::Span(1, 3)), locate(text, &Place::Words("Iraq".into()))), (None, None));
    }
}
