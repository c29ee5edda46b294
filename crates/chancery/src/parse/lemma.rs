//! Dictionary forms: irregular words from `lemmas.tsv`, then endings learned from the treebanks.

use super::table::StrTable;
use super::ud::Xpos;
use crate::data::DataFiles;
use crate::error::{Error, Result};
use compact_str::CompactString;

/// Longest ending looked at, in characters.
const ENDING: usize = 5;

/// Word list and endings; keys are "TAG=form" for whole words and "TAG:ending" for endings.
#[derive(Debug)]
pub struct Lemmatiser {
    keys: StrTable,
    /// Characters to take off the end, and what to put there.
    edits: Vec<(u8, CompactString)>,
}

impl Lemmatiser {
    /// `learned`: lines `KEY<tab>STRIP<tab>ADD` of the model; words of `lang/LANG/lemmas.tsv` go before them.
    pub fn load<'a>(files: &DataFiles, lang: &str, learned: impl Iterator<Item = &'a str>) -> Result<Lemmatiser> {
        let path = format!("lang/{lang}/lemmas.tsv");
        let mut keys: Vec<String> = Vec::new();
        let mut edits = Vec::new();
        for (n, line) in files.get(&path)?.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let bad = |what: &str| {
                Error::new(
                    "E0103",
                    what,
                    format!("data/{path}, line {}", n + 1),
                    "write: lemma, tag, forms apart by spaces; with tabs between",
                )
            };
            let mut cells = line.split('\t');
            let (Some(lemma), Some(tag), Some(forms), None) = (cells.next(), cells.next(), cells.next(), cells.next()) else {
                return Err(bad("an entry needs three columns"));
            };
            if Xpos::parse(tag).is_none() {
                return Err(bad(&format!("`{tag}` is no part-of-speech tag")));
            }
            for form in forms.split(' ') {
                if form.is_empty() || form.chars().any(char::is_uppercase) {
                    return Err(bad("forms are lower case, one space between"));
                }
                keys.push(format!("{tag}={form}"));
                edits.push((u8::try_from(form.chars().count()).unwrap_or(u8::MAX), lemma.into()));
            }
        }
        for line in learned {
            let mut cells = line.split('\t');
            if let (Some(key), Some(strip), Some(add)) = (cells.next(), cells.next().and_then(|s| s.parse().ok()), cells.next()) {
                keys.push(key.to_owned());
                edits.push((strip, add.into()));
            }
        }
        Ok(Lemmatiser { keys: StrTable::new(keys.iter().map(String::as_str)), edits })
    }

    /// The lower-case dictionary form of `form` as `tag`; `buffer` is scratch.
    pub fn lemma(&self, form: &str, tag: Xpos, buffer: &mut String) -> CompactString {
        let mut low = CompactString::with_capacity(form.len());
        for c in form.chars() {
            match c {
                '\u{2019}' | '\u{2018}' => low.push('\''),
                _ if c.is_ascii() => low.push(c.to_ascii_lowercase()),
                _ => low.extend(c.to_lowercase()),
            }
        }
        let tag = tag.as_str();
        let mut look_as = |tag: &str, sep: char, part: &str| {
            buffer.clear();
            buffer.push_str(tag);
            buffer.push(sep);
            buffer.push_str(part);
            self.keys.get(buffer).and_then(|i| self.edits.get(i))
        };
        let mut found = look_as(tag, '=', &low);
        if found.is_none() && tag.starts_with("VB") && tag != "VB" {
            // a verb form under another tag than the tagger's: "overthrew" is no present tense
            found = ["VBD", "VBN", "VBZ", "VBG"].iter().find_map(|other| look_as(other, '=', &low));
        }
        let mut look = |sep: char, part: &str| look_as(tag, sep, part);
        if found.is_none() {
            let mut starts = [low.len(); ENDING + 1];
            for (slot, (i, _)) in starts.iter_mut().skip(1).zip(low.char_indices().rev()) {
                *slot = i;
            }
            let n = low.chars().count().min(ENDING);
            found = (0..=n).rev().find_map(|k| look(':', low.get(starts.get(k).copied().unwrap_or(0)..).unwrap_or("")));
        }
        if let Some((strip, add)) = found {
            let left = low.chars().count();
            // an ending must leave something of the word
            if usize::from(*strip) < left || !add.is_empty() {
                for _ in 0..usize::from(*strip).min(left) {
                    low.pop();
                }
                low.push_str(add);
            }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_endings() {
        let syntax = crate::parse::Syntax::load(&DataFiles::builtin()).unwrap();
        let mut b = String::new();
        for (form, tag, want) in [
            ("said", Xpos::Vbd, "say"),
            ("Met", Xpos::Vbd, "meet"),
            ("TALKS", Xpos::Nns, "talk"),
            ("agreed", Xpos::Vbd, "agree"),
            ("signing", Xpos::Vbg, "sign"),
            ("stopped", Xpos::Vbn, "stop"),
            ("imposed", Xpos::Vbn, "impose"),
            ("urging", Xpos::Vbg, "urge"),
            ("countries", Xpos::Nns, "country"),
            ("was", Xpos::Vbd, "be"),
            ("'s", Xpos::Vbz, "be"),
            ("n’t", Xpos::Rb, "not"),
            ("forces", Xpos::Nns, "force"),
            ("denies", Xpos::Vbz, "deny"),
            ("Russia", Xpos::Nnp, "russia"),
            ("fled", Xpos::Vbd, "flee"),
            ("condemned", Xpos::Vbd, "condemn"),
            ("threatened", Xpos::Vbn, "threaten"),
            ("policemen", Xpos::Nns, "policeman"),
            ("crises", Xpos::Nns, "crisis"),
            ("pledging", Xpos::Vbg, "pledge"),
            ("attacking", Xpos::Vbg, "attack"),
            ("seizes", Xpos::Vbz, "seize"),
            ("overthrew", Xpos::Vbp, "overthrow"),
            ("lay", Xpos::Vb, "lay"),
            ("blamed", Xpos::Vbn, "blame"),
        ] {
            assert_eq!(syntax.lemmatiser().lemma(form, tag, &mut b), want, "{form}");
        }
    }

    #[test]
    fn a_bad_entry_names_its_line() {
        for (text, line) in [("say\tVBD", 1), ("# x\nsay\tPAST\tsaid", 2), ("say\tVBD\tSaid", 1), ("say\tVBD\tsaid\tmore", 1)] {
            let mut files = DataFiles::builtin();
            files.insert("lang/en/lemmas.tsv", text.to_owned());
            let e = Lemmatiser::load(&files, "en", std::iter::empty()).unwrap_err();
            assert_eq!(e.code, "E0103");
            assert!(e.place.ends_with(&format!("line {line}")), "{e}");
        }
    }
}
