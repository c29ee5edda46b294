//! Words in quotation marks: which of them somebody says, and who.

use super::cues::SpeechLexicon;
use super::draft::Draft;
use super::scene::Scene;
use super::speaker::{Phrase, nominal, phrase, subject};
use crate::model::Sentence;
use crate::parse::ud::{Dep, Upos, Xpos};
use crate::record::{BlockKind, Span, StatementKind};

/// How far a cue may stand from its quotation, in tokens.
const REACH: usize = 45;
/// How many earlier statements are looked at for one that overlaps or speaks on.
const NEAR: usize = 16;

/// The cue beside a quotation.
struct Tag {
    cue: Option<(usize, usize)>,
    words: Option<Span>,
    stance: String,
    speaker: Option<Phrase>,
    addressee: Option<Phrase>,
}

pub struct Direct<'a> {
    scene: &'a Scene<'a>,
    lexicon: &'a SpeechLexicon,
}

/// Where a quotation stands among the tokens of its block.
struct Place {
    /// Tokens within the marks.
    first: usize,
    last: usize,
    /// Tokens next to the marks outside.
    before: Option<usize>,
    after: Option<usize>,
}

impl<'a> Direct<'a> {
    pub fn new(scene: &'a Scene<'a>, lexicon: &'a SpeechLexicon) -> Self {
        Direct { scene, lexicon }
    }

    /// Statements of the report's own quotations; `reports` are those found on the tree, in text order.
    pub fn find(&self, reports: &[Draft]) -> Vec<Draft> {
        let mut out: Vec<Draft> = Vec::new();
        let mut open: Vec<(usize, Place)> = Vec::new();
        for (i, q) in self.scene.quotes.iter().enumerate().filter(|(_, q)| q.depth == 0) {
            let Some(place) = self.place(i) else { continue };
            if self.scene.at(place.first).is_none_or(|(s, _)| self.scene.foreign(s)) {
                continue;
            }
            if let Some(tag) = self.tag(i, &place) {
                out.push(self.draft(i, tag));
            } else if q.opened && !(q.single && place.last - place.first < 3) {
                open.push((i, place));
            }
        }
        // Both parts of `out` are in text order: those with a cue of their own, then the others.
        let tagged = out.len();
        for (i, place) in open {
            self.untagged(i, &place, reports, &mut out, tagged);
        }
        out.sort_by_key(|d| d.span);
        self.passages(&mut out);
        out
    }

    fn place(&self, i: usize) -> Option<Place> {
        let q = &self.scene.quotes[i];
        let mut first = self.scene.token_at(q.inner.start);
        let mut last = first;
        while self.scene.token(last + 1).is_some_and(|t| t.span.start < q.inner.end) {
            last += 1;
        }
        // A token of the marks themselves is not inside.
        while first < last && self.scene.token(first).is_some_and(|t| t.span.end <= q.inner.start) {
            first += 1;
        }
        let block = |w: usize| self.scene.block(w) == Some(q.block);
        if !block(first) {
            return None;
        }
        let before =
            (0..first).rev().take(4).find(|&w| self.scene.token(w).is_some_and(|t| t.span.end <= q.outer.start)).filter(|&w| block(w));
        let after = (last + 1..last + 5).find(|&w| self.scene.token(w).is_some_and(|t| t.span.start >= q.outer.end)).filter(|&w| block(w));
        Some(Place { first, last, before, after })
    }

    fn form(&self, w: Option<usize>) -> &str {
        w.and_then(|w| self.scene.token(w)).map_or("", |t| t.form.as_str())
    }
    fn ends_sentence(word: &str) -> bool {
        matches!(word, "." | "!" | "?" | ";" | "…") || word.starts_with("..")
    }
    /// Whether a quotation begins where a sentence may begin.
    fn at_start(&self, p: &Place) -> bool {
        match p.before {
            None => true,
            Some(w) => {
                let f = self.form(Some(w));
                Self::ends_sentence(f) || matches!(f, ":" | "-" | "–" | "—" | "--" | "―" | ")" | "]") || self.scene.quote_at(w).is_some()
            }
        }
    }
    fn last_char(&self, i: usize) -> char {
        let q = &self.scene.quotes[i];
        q.inner.of(&self.scene.doc.report.text).trim_end_matches(['’', '\'', '”', '"']).chars().next_back().unwrap_or(' ')
    }

    fn tag(&self, i: usize, p: &Place) -> Option<Tag> {
        self.signed(p).or_else(|| self.announced(i, p)).or_else(|| self.tag_after(i, p)).or_else(|| self.tag_before(i, p))
    }

    /// A cue before the marks that announces them ("said:", "saying,").
    fn announced(&self, i: usize, p: &Place) -> Option<Tag> {
        matches!(self.form(p.before), ":" | ",").then(|| self.tag_before(i, p)).flatten()
    }

    /// `"…" ― Name`: signed with a dash.
    fn signed(&self, p: &Place) -> Option<Tag> {
        let dash = p.after.filter(|&w| matches!(self.form(Some(w)), "-" | "–" | "—" | "--" | "―"))?;
        let block = self.scene.block(dash);
        let name = |w: usize| {
            self.scene.token(w).is_some_and(|t| {
                t.form.starts_with(char::is_uppercase) || matches!(t.form.as_str(), "." | "de" | "la" | "van" | "von" | "of")
            }) && self.scene.block(w) == block
                && self.scene.quote_at(w).is_none()
        };
        let end = (dash + 1..dash + 8).find(|&w| !name(w)).unwrap_or(dash + 8);
        let last = (dash + 1..end).rev().find(|&w| self.form(Some(w)) != ".")?;
        let closes = end >= self.scene.len()
            || self.scene.block(end) != block
            || self.scene.quote_at(end).is_some()
            || matches!(self.form(Some(end)), "." | "," | "(");
        let ((s, first), (s2, last)) = (self.scene.at(dash + 1)?, self.scene.at(last)?);
        let words = self.scene.token(dash)?.span;
        (closes && s == s2).then(|| Tag {
            cue: None,
            words: Some(words),
            stance: String::new(),
            speaker: Some(Phrase { sentence: s, head: last, first, last }),
            addressee: None,
        })
    }

    /// `"…," he said` and `"…," said Caddell`.
    fn tag_after(&self, i: usize, p: &Place) -> Option<Tag> {
        let mut from = p.after?;
        let end = self.last_char(i);
        let comma_out = matches!(self.form(p.after), "," | "-" | "–" | "—" | "--");
        let inside_end = matches!(end, ',' | '?' | '!' | '-' | '—' | '–' | '…' | '.');
        if !inside_end && !comma_out {
            return None;
        }
        // "who called her “crooked,” said on Monday", "the deal is “dead,” he said": what is said is more than the words in
        // marks, or its cue is elsewhere.
        if !self.at_start(p) && !matches!(self.form(p.before), ",") {
            return None;
        }
        if comma_out {
            from += 1;
        }
        let to = self.region_end(from);
        if end == '.' && !comma_out {
            // A full stop ends the quotation's sentence: what follows is its cue only if it says nothing else.
            let starts_low = self.form(Some(from)).starts_with(char::is_lowercase);
            if !starts_low && to - from > 5 {
                return None;
            }
        }
        self.cue_in(from, to, true)
    }

    /// End of the run of tokens from `from` that can hold a cue: the sentence's end, or the next quotation.
    fn region_end(&self, from: usize) -> usize {
        let block = self.scene.block(from);
        let mut w = from;
        while w < from + REACH && self.scene.block(w) == block && block.is_some() {
            if Self::ends_sentence(self.form(Some(w))) || self.form(Some(w)) == ":" {
                break;
            }
            if self.scene.quote_at(w).is_some() {
                // A nickname or a title within the cue ("said Robert “Bob” Gray").
                let q = self.scene.quote_at(w);
                let mut past = w;
                while self.scene.quote_at(past) == q && past < from + REACH {
                    past += 1;
                }
                if past - w > 8 || past - w < 1 {
                    break;
                }
                w = past;
                continue;
            }
            w += 1;
        }
        w
    }

    /// The cue in tokens `from..to` that follows (`leads` false: precedes) a quotation.
    fn cue_in(&self, from: usize, to: usize, follows: bool) -> Option<Tag> {
        let verbs: Vec<usize> = (from..to)
            .filter(|&w| self.scene.quote_at(w).is_none())
            .filter(|&w| {
                self.scene.at(w).is_some_and(|(s, t)| {
                    let Some(sent) = self.scene.sentence(s) else { return false };
                    matches!(sent.tokens[t].upos, Upos::Verb)
                        && self.lexicon.verb(sent, t).is_some_and(|c| c.quote)
                        && !matches!(sent.tokens[t].dep, Dep::Amod)
                })
            })
            .collect();
        let tags = verbs.iter().filter_map(|&w| self.read_cue(w, from, to, follows));
        let known = if follows { tags.into_iter().next() } else { tags.into_iter().next_back() };
        known.or_else(|| follows.then(|| self.any_verb(from, to)).flatten())
    }

    fn read_cue(&self, w: usize, from: usize, to: usize, follows: bool) -> Option<Tag> {
        let (s, t) = self.scene.at(w)?;
        let sent = self.scene.sentence(s)?;
        let cue = self.lexicon.verb(sent, t)?;
        // "He said that X was “tired,” and so": another clause's verb.
        if follows && self.other_clause(sent, t) {
            return None;
        }
        let speaker = self.speaker_of(w, from, to, follows);
        speaker?;
        let addressee = sent.children(t).find(|&c| {
            c > t && matches!(sent.tokens[c].dep, Dep::Obj | Dep::Iobj) && nominal(sent, c) && self.scene.quote_of(s, c).is_none()
        });
        let addressee = addressee.map(|a| phrase(sent, s, a)).filter(|a| Some(*a) != speaker);
        Some(Tag {
            cue: Some((s, t)),
            words: Some(sent.span_of(t, cue.last_token(sent, t))),
            stance: cue.stance.clone(),
            speaker,
            addressee,
        })
    }

    fn other_clause(&self, s: &Sentence, t: usize) -> bool {
        s.tokens[t].dep == Dep::AclRelcl
            && s.children(t).any(|c| matches!(s.tokens[c].lemma.as_str(), "who" | "which" | "that"))
            && !s.children(t).any(|c| matches!(s.tokens[c].dep, Dep::Ccomp))
    }

    /// Subject of a cue outside the quotations: by the tree, else by what stands beside it.
    fn speaker_of(&self, w: usize, from: usize, to: usize, follows: bool) -> Option<Phrase> {
        let (s, t) = self.scene.at(w)?;
        let sent = self.scene.sentence(s)?;
        let free = |c: &usize| self.scene.quote_of(s, *c).is_none() && nominal(sent, *c);
        if let Some(n) = subject(sent, t, self.lexicon).filter(free) {
            let place = self.scene.place(s, n);
            let own = sent.tokens[n].head == t;
            if !follows || own && (from..to).contains(&place) || !own && place < from {
                // A cue right after the marks has its speaker behind it: "…" said Caddell.
                let inverted = follows && w == from && place < from;
                if !inverted {
                    return Some(phrase(sent, s, n));
                }
            }
        }
        let outside = |x: &usize| self.scene.quote_at(*x).is_none();
        let left = (from..w)
            .rev()
            .find(|x| outside(x) && self.word_ok(*x))
            .or_else(|| (from..w).find(|x| outside(x) && self.is_nominal(*x) && !self.is_time(*x)));
        let right = || self.right_name(w, to).filter(|&x| !self.is_time(x));
        let found = if follows && w == from { right() } else { left.or_else(right) };
        let (s, t) = self.scene.at(found?)?;
        Some(phrase(self.scene.sentence(s)?, s, t))
    }

    fn is_nominal(&self, w: usize) -> bool {
        self.scene.at(w).is_some_and(|(s, t)| self.scene.sentence(s).is_some_and(|x| nominal(x, t)))
    }
    fn is_time(&self, w: usize) -> bool {
        self.lexicon.times.iter().any(|t| t.eq_ignore_ascii_case(self.form(Some(w))))
    }
    fn word_ok(&self, w: usize) -> bool {
        !self.is_time(w)
            && self.scene.at(w).is_some_and(|(s, t)| {
                self.scene.sentence(s).is_some_and(|x| {
                    nominal(x, t)
                        && !matches!(
                            x.tokens[t].dep,
                            Dep::Compound | Dep::Flat | Dep::NmodPoss | Dep::Nmod | Dep::Obl | Dep::OblUnmarked | Dep::Appos | Dep::Nummod
                        )
                })
            })
    }

    /// Head of the name after an inverted cue.
    fn right_name(&self, w: usize, to: usize) -> Option<usize> {
        let (s, t) = self.scene.at(w)?;
        let sent = self.scene.sentence(s)?;
        let end = to.min(w + 12);
        let start = (w + 1..end).find(|&x| {
            self.scene.token(x).is_some_and(|k| matches!(k.upos, Upos::Propn | Upos::Noun | Upos::Pron | Upos::Det | Upos::Adj | Upos::Num))
        })?;
        if start > w + 3 {
            return None;
        }
        // Up the tree as long as it stays to the right of the cue.
        let (_, mut at) = self.scene.at(start)?;
        for _ in 0..6 {
            let head = sent.tokens.get(at)?.head;
            if head == at || head <= t || !nominal(sent, head) || self.scene.place(s, head) >= to {
                break;
            }
            at = head;
        }
        nominal(sent, at).then(|| self.scene.place(s, at))
    }

    /// "…," he laughed: a verb that is no cue by itself, with its subject, and nothing else.
    fn any_verb(&self, from: usize, to: usize) -> Option<Tag> {
        let verb = (from..to.min(from + 14))
            .find(|&w| self.scene.token(w).is_some_and(|t| t.upos == Upos::Verb && (t.xpos.is_past() || t.xpos == Xpos::Vbz)))?;
        let (s, t) = self.scene.at(verb)?;
        let sent = self.scene.sentence(s)?;
        if sent.child(t, Dep::Obj).is_some() && verb != from {
            let n = subject(sent, t, self.lexicon)?;
            let place = self.scene.place(s, n);
            if !(from..verb).contains(&place) {
                return None;
            }
        }
        let speaker = self.speaker_of(verb, from, to, true)?;
        Some(Tag { cue: Some((s, t)), words: Some(sent.tokens[t].span), stance: String::new(), speaker: Some(speaker), addressee: None })
    }

    /// `He said: "…"`, `X wrote, "…"`, `NAME: "…"`, `noted that "…"`.
    fn tag_before(&self, i: usize, p: &Place) -> Option<Tag> {
        let before = p.before?;
        let word = self.form(Some(before)).to_owned();
        let from = self.sentence_start(before);
        let colon = word == ":";
        let marked = colon || matches!(word.as_str(), "," | "-" | "–" | "—" | "--" | "―");
        let (s, t) = self.scene.at(before)?;
        let sent = self.scene.sentence(s)?;
        if marked {
            if let Some(tag) = self.cue_in(from, before, false).filter(|tag| colon || self.near(tag, before)) {
                return Some(tag);
            }
            return if colon { self.named_before(from, before) } else { None };
        }
        // Right after the cue, or after "that": direct where the quotation reaches the end of what is said.
        let that = word.eq_ignore_ascii_case("that");
        let verb = if that { self.cue_in(from, before, false).filter(|tag| self.near(tag, before)) } else { None };
        let own = || {
            self.lexicon
                .verb(sent, t)
                .filter(|c| c.quote && c.voice && sent.tokens[t].upos == Upos::Verb)
                .and_then(|_| self.read_cue(before, from, before + 1, false))
        };
        let object = || {
            // "told reporters “…”"
            let head = sent.tokens[t].head;
            (head < t
                && matches!(sent.tokens[t].dep, Dep::Obj | Dep::Iobj)
                && self.lexicon.verb(sent, head).is_some_and(|c| c.quote && c.voice))
            .then(|| self.read_cue(self.scene.place(s, head), from, before, false))
            .flatten()
        };
        let tag = verb.or_else(own).or_else(object)?;
        let ends = matches!(self.last_char(i), '.' | '!' | '?' | '…' | ',')
            || p.after.is_none()
            || matches!(self.form(p.after), "." | "!" | "?" | ";" | ",");
        (ends && p.last - p.first >= 2).then_some(tag)
    }

    /// Whether a cue before a comma belongs to the quotation after it: no other predicate between.
    fn near(&self, tag: &Tag, before: usize) -> bool {
        let Some((s, t)) = tag.cue else { return false };
        let w = self.scene.place(s, t);
        before - w <= 14
            && !(w + 1..before).any(|x| {
                self.scene.token(x).is_some_and(|k| {
                    k.upos == Upos::Verb && !matches!(k.dep, Dep::Amod | Dep::Acl | Dep::AclRelcl | Dep::Conj | Dep::Advcl)
                })
            })
    }

    fn sentence_start(&self, w: usize) -> usize {
        let block = self.scene.block(w);
        let sentence = self.scene.at(w).map(|x| x.0);
        let mut at = w;
        while at > 0 && w - at < REACH {
            let prev = at - 1;
            let other = self.scene.at(prev).map(|x| x.0) != sentence && Self::ends_sentence(self.form(Some(prev)));
            if self.scene.block(prev) != block || other {
                break;
            }
            if self.scene.quote_at(prev).is_some() && self.scene.quote_at(at).is_none() && self.long_quote(prev) {
                break;
            }
            at = prev;
        }
        at
    }
    fn long_quote(&self, w: usize) -> bool {
        self.scene
            .quote_at(w)
            .is_some_and(|q| self.scene.quotes[q].inner.of(&self.scene.doc.report.text).split_whitespace().nth(4).is_some())
    }

    /// `WALLACE: "…"`, `Putin – Xi: "…"`, and a sentence that announces with a colon whatever its verb.
    fn named_before(&self, from: usize, colon: usize) -> Option<Tag> {
        let words: Vec<usize> =
            (from..colon).filter(|&w| self.scene.token(w).is_some_and(|t| t.upos != Upos::Punct && t.upos != Upos::Sym)).collect();
        let verbs = words.iter().any(|&w| self.scene.token(w).is_some_and(|t| matches!(t.upos, Upos::Verb | Upos::Aux)));
        let mark = self.scene.token(colon)?.span;
        let nouns = |range: &[usize]| -> Option<Phrase> {
            let w =
                *range.iter().find(|&&w| self.scene.at(w).is_some_and(|(s, t)| self.scene.sentence(s).is_some_and(|x| nominal(x, t))))?;
            let (s, t) = self.scene.at(w)?;
            let sent = self.scene.sentence(s)?;
            let last = *range.last()?;
            let (ls, lt) = self.scene.at(last)?;
            let last = if ls == s { lt } else { t };
            Some(Phrase { sentence: s, head: t.max(last).min(sent.tokens.len() - 1), first: t, last: last.max(t) })
        };
        if !verbs && words.len() <= 8 {
            // "Speaker – addressee:"
            let dash = (from..colon).find(|&w| matches!(self.form(Some(w)), "-" | "–" | "—" | "--"));
            let (left, right): (Vec<usize>, Vec<usize>) = words.iter().partition(|&&w| dash.is_none_or(|d| w < d));
            let left: Vec<usize> =
                left.into_iter().filter(|&w| self.scene.token(w).is_some_and(|t| t.form.chars().any(char::is_alphabetic))).collect();
            let speaker = nouns(&left)?;
            return Some(Tag { cue: None, words: Some(mark), stance: String::new(), speaker: Some(speaker), addressee: nouns(&right) });
        }
        // The subject of the announcing sentence.
        let verb = words.iter().copied().filter(|&w| self.scene.token(w).is_some_and(|t| t.upos == Upos::Verb)).find_map(|w| {
            let (s, t) = self.scene.at(w)?;
            let sent = self.scene.sentence(s)?;
            subject(sent, t, self.lexicon).filter(|&n| nominal(sent, n) && self.scene.quote_of(s, n).is_none()).map(|n| phrase(sent, s, n))
        });
        Some(Tag { cue: None, words: Some(mark), stance: String::new(), speaker: Some(verb?), addressee: None })
    }

    fn draft(&self, i: usize, tag: Tag) -> Draft {
        let q = &self.scene.quotes[i];
        let mut d = Draft::new(q.inner, q.inner, tag.stance);
        d.kind = StatementKind::Direct;
        d.closed = q.closed;
        d.cue = tag.cue;
        d.cue_words = tag.words;
        d.speaker = tag.speaker;
        d.addressee = tag.addressee;
        d.quote = Some(i);
        d
    }

    /// A quotation without a cue of its own: part of a report, a passage that goes on, or a fragment.
    fn untagged(&self, i: usize, p: &Place, reports: &[Draft], out: &mut Vec<Draft>, tagged: usize) {
        let q = &self.scene.quotes[i];
        // Told as part of a report: those that begin before the quotation ends, the nearest few.
        let to = reports.partition_point(|r| r.span.start < q.inner.end);
        if reports[to.saturating_sub(NEAR)..to].iter().any(|r| r.span.overlaps(q.inner)) {
            return;
        }
        let words = q.inner.of(&self.scene.doc.report.text).split_whitespace().count();
        let whole = self.at_start(p)
            && (matches!(self.last_char(i), '.' | '!' | '?' | '…' | '-' | '—' | ',')
                || p.after.is_none()
                || !q.closed
                || Self::ends_sentence(self.form(p.after)));
        let governed = if whole { None } else { self.governor(p) };
        if !whole && governed.is_none() && (words < 4 || self.is_title(i)) || whole && words < 2 || q.single && governed.is_none() {
            return;
        }
        let mut tag = Tag { cue: None, words: None, stance: String::new(), speaker: None, addressee: None };
        if let Some(g) = governed {
            tag = g;
        } else if whole {
            tag.speaker = self.context_speaker(i, p, reports, out, tagged);
        } else {
            tag.speaker = self.sentence_subject(p.first);
        }
        let mut d = self.draft(i, tag);
        if !whole {
            d.kind = StatementKind::Mixed;
        }
        out.push(d);
    }

    /// "The Long Way Home": a work's name, every longer word with a capital.
    fn is_title(&self, i: usize) -> bool {
        let words = self.scene.quotes[i].inner.of(&self.scene.doc.report.text).split_whitespace();
        words.filter(|w| w.chars().count() > 3).all(|w| w.starts_with(|c: char| !c.is_lowercase()))
    }

    /// The cue word above a fragment on the tree ("called it “a farce”").
    fn governor(&self, p: &Place) -> Option<Tag> {
        let (s, t) = self.scene.at(p.first)?;
        let sent = self.scene.sentence(s)?;
        let top = std::iter::once(t)
            .chain(sent.ancestors(t))
            .filter(|&a| self.scene.quote_of(s, a).is_none())
            .find(|&a| self.lexicon.verb(sent, a).is_some() || self.lexicon.adjective(sent, a).is_some())?;
        let cue = self.lexicon.verb(sent, top).or_else(|| self.lexicon.adjective(sent, top))?;
        let n = subject(sent, top, self.lexicon).filter(|&n| nominal(sent, n) && self.scene.quote_of(s, n).is_none())?;
        Some(Tag {
            cue: Some((s, top)),
            words: Some(sent.span_of(top, cue.last_token(sent, top))),
            stance: cue.stance.clone(),
            speaker: Some(phrase(sent, s, n)),
            addressee: None,
        })
    }

    fn sentence_subject(&self, w: usize) -> Option<Phrase> {
        let (s, _) = self.scene.at(w)?;
        self.root_subject(s)
    }
    fn root_subject(&self, s: usize) -> Option<Phrase> {
        let sent = self.scene.sentence(s)?;
        let root = (0..sent.tokens.len()).find(|&t| sent.is_root(t))?;
        let n = subject(sent, root, self.lexicon).filter(|&n| nominal(sent, n) && self.scene.quote_of(s, n).is_none())?;
        Some(phrase(sent, s, n))
    }

    /// Who speaks a free-standing quotation: whoever spoke last in its paragraph, or in the one before.
    fn context_speaker(&self, i: usize, p: &Place, reports: &[Draft], direct: &[Draft], tagged: usize) -> Option<Phrase> {
        let q = &self.scene.quotes[i];
        let (s, _) = self.scene.at(p.first)?;
        let block_of = |d: &Draft| d.speaker.and_then(|x| self.scene.sentence(x.sentence)).map(|x| x.block);
        let last = |near: &dyn Fn(&Draft) -> bool| {
            let latest = |all: &'_ [Draft]| {
                let to = all.partition_point(|d| d.span.start < q.outer.start);
                all[to.saturating_sub(NEAR)..to]
                    .iter()
                    .filter(|d| d.speaker.is_some() && near(d))
                    .max_by_key(|d| (d.span.start, d.span.end))
                    .map(|d| (d.span, d.speaker))
            };
            [latest(&direct[..tagged]), latest(&direct[tagged..]), latest(reports)]
                .into_iter()
                .flatten()
                .max_by_key(|x| x.0)
                .and_then(|x| x.1)
        };
        if let Some(p) = last(&|d| block_of(d) == Some(q.block)) {
            return Some(p);
        }
        if p.before.is_some()
            && let Some(found) = self.scene.at(p.before?).and_then(|(s, _)| self.root_subject(s))
        {
            return Some(found);
        }
        // A post is not told by the report around it: whom it quotes, only itself can say.
        if self.scene.kind(s) == Some(BlockKind::Post) {
            return None;
        }
        let previous = (0..s).rev().take(4).find(|&b| !self.scene.foreign(b) && self.scene.kind(b) != Some(BlockKind::Post))?;
        let in_post = |d: &Draft| d.speaker.is_some_and(|x| self.scene.kind(x.sentence) == Some(BlockKind::Post));
        let near = |d: &Draft| block_of(d).is_some_and(|b| b + 2 >= q.block) && !in_post(d);
        last(&near).or_else(|| self.root_subject(previous))
    }

    /// The parts of a passage of several paragraphs have one speaker: that of the part with a cue.
    fn passages(&self, all: &mut [Draft]) {
        let tagged: Vec<(usize, Option<Phrase>, bool)> =
            all.iter().filter_map(|d| d.quote.map(|q| (q, d.speaker, d.cue_words.is_some()))).collect();
        for draft in all.iter_mut() {
            let Some(q) = draft.quote else { continue };
            if draft.cue_words.is_some() {
                continue;
            }
            let at = tagged.partition_point(|t| t.0 < q);
            let mut found = None;
            let mut back = at;
            while back > 0 && self.scene.quotes[tagged[back].0].continues && found.is_none() {
                back -= 1;
                found = tagged[back].1.filter(|_| tagged[back].2);
            }
            let mut ahead = at;
            while found.is_none() && tagged.get(ahead + 1).is_some_and(|t| self.scene.quotes[t.0].continues) {
                ahead += 1;
                found = tagged[ahead].1.filter(|_| tagged[ahead].2);
            }
            if found.is_some() {
                draft.speaker = found;
            }
        }
    }
}
