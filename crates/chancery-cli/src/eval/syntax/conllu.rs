//! CoNLL-U paragraphs: words with their place in the rebuilt raw text, and names from `Entity=`.

use super::super::Unit;
use std::path::Path;

/// A word of the gold tree.
#[derive(Debug, Clone)]
pub struct Word {
    pub form: String,
    pub lemma: String,
    pub upos: String,
    pub xpos: String,
    /// Index of the governor in the sentence; none for the root.
    pub head: Option<usize>,
    /// Relation without subtype.
    pub dep: String,
    /// `[start, end)` in the paragraph's raw text, in bytes.
    pub span: (usize, usize),
    misc: String,
}

/// A name: first and last word, kind (`person`, `organization`, `place`).
pub type Name = (usize, usize, String);

/// A paragraph: raw text, and the words of its sentences.
#[derive(Debug, Default)]
pub struct Paragraph {
    pub text: String,
    pub sentences: Vec<Vec<Word>>,
}

/// Cuts a treebank at its `# newpar` and `# newdoc` lines.
pub fn paragraphs(path: &Path, text: &str) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut fresh = true;
    for (n, block) in blocks(text) {
        let starts = block.lines().any(|l| l.starts_with("# newpar") || l.starts_with("# newdoc"));
        match units.last_mut() {
            Some(u) if !starts && !fresh => {
                u.text.push_str("\n\n");
                u.text.push_str(block);
            }
            _ => {
                let id = block.lines().find_map(|l| l.strip_prefix("# sent_id = ")).unwrap_or("?");
                units.push(Unit { id: id.to_owned(), text: block.to_owned(), path: path.to_owned(), line: n });
            }
        }
        fresh = false;
    }
    units
}

/// Sentence blocks with the line they begin on.
fn blocks(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut line = 1;
    text.split("\n\n").filter_map(move |b| {
        let at = line;
        line += b.matches('\n').count() + 2;
        let b = b.trim_matches('\n');
        b.lines().any(|l| !l.starts_with('#')).then_some((at, b))
    })
}

/// Reads a unit; a line that is not CoNLL-U is an error that says which.
pub fn read(unit: &Unit) -> Result<Paragraph, String> {
    let mut p = Paragraph::default();
    for (n, block) in blocks(&unit.text) {
        let mut words: Vec<Word> = Vec::new();
        // a range "3-4": last number, surface already written, its span
        let mut range: Option<(usize, usize, usize)> = None;
        for (k, line) in block.lines().enumerate().filter(|(_, l)| !l.starts_with('#')) {
            let bad = |what: &str| format!("line {}: {what}", unit.line + n + k - 1);
            let c: Vec<&str> = line.split('\t').collect();
            let &[id, form, lemma, upos, xpos, _, head, dep, _, misc] = c.as_slice() else { return Err(bad("not ten columns")) };
            let space = !misc.split('|').any(|m| m == "SpaceAfter=No");
            if let Some((_, last)) = id.split_once('-') {
                let start = p.text.len();
                p.text.push_str(form);
                range = Some((last.parse().map_err(|_| bad("bad range"))?, start, p.text.len()));
                if space {
                    p.text.push(' ');
                }
                continue;
            }
            let Ok(number) = id.parse::<usize>() else { continue };
            let head: usize = head.parse().map_err(|_| bad("bad head"))?;
            let span = match range {
                Some((last, start, end)) if number <= last => {
                    // the parts of "don't" lie one behind the other; where they do not, the word has no place of its own
                    if p.text.get(start..end).is_some_and(|s| s.starts_with(form)) {
                        range = Some((last, start + form.len(), end));
                        (start, start + form.len())
                    } else {
                        range = Some((last, end, end));
                        (end, end)
                    }
                }
                _ => {
                    let start = p.text.len();
                    p.text.push_str(form);
                    let end = p.text.len();
                    if space {
                        p.text.push(' ');
                    }
                    (start, end)
                }
            };
            words.push(Word {
                form: form.to_owned(),
                lemma: lemma.to_lowercase(),
                upos: upos.to_owned(),
                xpos: xpos.to_owned(),
                head: head.checked_sub(1),
                dep: dep.split(':').next().unwrap_or(dep).to_owned(),
                span,
                misc: misc.to_owned(),
            });
        }
        p.sentences.push(words);
    }
    Ok(p)
}

/// Whether the treebank marks entities at all.
pub fn has_entities(p: &Paragraph) -> bool {
    p.sentences.iter().flatten().any(|w| w.misc.contains("Entity="))
}

/// Named persons, organisations and places: GUM's entities of these kinds that are proper names from end to end.
pub fn names(words: &[Word]) -> Vec<Name> {
    let mut open: Vec<(String, String, usize)> = Vec::new();
    let mut found = Vec::new();
    for (i, w) in words.iter().enumerate() {
        let Some(marks) = w.misc.split('|').find_map(|m| m.strip_prefix("Entity=")) else { continue };
        let mut rest = marks;
        while !rest.is_empty() {
            let len = |s: &str| s.find(['(', ')']).unwrap_or(s.len());
            if let Some(r) = rest.strip_prefix('(') {
                let (entry, after) = r.split_at(len(r));
                let mut parts = entry.split('-');
                let (id, kind) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
                open.push((id.to_owned(), kind.to_owned(), i));
                rest = after;
                if let Some(after) = rest.strip_prefix(')') {
                    found.extend(open.pop().map(|(_, k, s)| (s, i, k)));
                    rest = after;
                }
            } else {
                let (id, after) = rest.split_at(len(rest));
                if let Some(at) = open.iter().rposition(|o| o.0 == id) {
                    let (_, k, s) = open.remove(at);
                    found.push((s, i, k));
                }
                rest = after.strip_prefix(')').unwrap_or(after);
            }
        }
    }
    let mut names: Vec<Name> = found.into_iter().filter_map(|(s, e, k)| name(words, s, e, k)).collect();
    // chunks do not nest: the widest is kept
    names.sort_by_key(|n| (n.0, std::cmp::Reverse(n.1)));
    let mut end = None;
    names.retain(|n| {
        let keep = end.is_none_or(|e| n.0 > e);
        if keep {
            end = Some(n.1);
        }
        keep
    });
    names
}

fn name(words: &[Word], mut start: usize, end: usize, kind: String) -> Option<Name> {
    if !matches!(kind.as_str(), "person" | "organization" | "place") {
        return None;
    }
    while words.get(start).is_some_and(|w| w.upos == "DET") && start <= end {
        start += 1;
    }
    let span = words.get(start..=end)?;
    let proper = |w: &Word| w.xpos.starts_with("NNP");
    let part = |w: &Word| {
        proper(w)
            || w.upos == "PROPN"
            || matches!(w.upos.as_str(), "ADP" | "DET" | "NUM" | "CCONJ") && !matches!(w.xpos.as_str(), "," | "-LRB-" | ":")
            || w.upos == "PUNCT" && !matches!(w.xpos.as_str(), "," | "-LRB-" | ":")
    };
    (span.first().is_some_and(proper) && span.last().is_some_and(proper) && span.iter().all(part)).then_some((start, end, kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_rebuilt_and_words_know_their_place() {
        let row = |id: &str, form: &str, head: &str, misc: &str| format!("{id}\t{form}\t{form}\tX\tNNP\t_\t{head}\tdep:sub\t_\t{misc}\n");
        let text = format!(
            "# newdoc\n# sent_id = a\n{}{}{}{}{}\n# sent_id = b\n{}\n# newpar\n# sent_id = c\n{}\n",
            row("1", "We", "2", "Entity=(1-person-x)"),
            row("2-3", "don't", "_", "SpaceAfter=No"),
            row("2", "do", "0", "_"),
            row("3", "n't", "2", "_"),
            row("4", ".", "2", "_"),
            row("1", "Go", "0", "_"),
            row("1", "End", "0", "_"),
        );
        let units = paragraphs(Path::new("x"), &text);
        assert_eq!(units.iter().map(|u| u.id.as_str()).collect::<Vec<_>>(), ["a", "c"]);
        let p = read(&units[0]).unwrap();
        assert_eq!(p.text, "We don't. Go ");
        assert_eq!(p.sentences.len(), 2);
        let at: Vec<&str> = p.sentences[0].iter().map(|w| &p.text[w.span.0..w.span.1]).collect();
        assert_eq!(at, ["We", "do", "n't", "."]);
        assert_eq!((p.sentences[0][0].head, p.sentences[0][1].head), (Some(1), None));
        assert_eq!(p.sentences[0][0].dep, "dep");
        assert_eq!(names(&p.sentences[0]), [(0, 0, "person".to_owned())]);
        assert!(read(&Unit { text: "1\ttoo few".into(), ..units[0].clone() }).unwrap_err().contains("ten columns"));
    }
}
