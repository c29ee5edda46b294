//! Wire and web hazards of tokens and sentence ends, and what must hold of any text at all.

use super::Syntax;
use crate::data::DataFiles;
use crate::model::Sentence;
use crate::record::{Block, BlockKind, Span};
use crate::view::View;
use proptest::prelude::*;
use std::sync::LazyLock;

static SYNTAX: LazyLock<Syntax> = LazyLock::new(|| Syntax::load(&DataFiles::builtin()).unwrap());

/// Tokens with a space between, sentences with " | ".
fn cut(text: &str) -> String {
    let sentences = SYNTAX.split(text, Span::new(0, text.len()));
    let words = |s: &Vec<Span>| s.iter().map(|t| t.of(text)).collect::<Vec<_>>().join(" ");
    sentences.iter().map(words).collect::<Vec<_>>().join(" | ")
}

fn parse(text: &str) -> Vec<Sentence> {
    let block = Block { kind: BlockKind::Paragraph, span: Span::new(0, text.len()), language: None };
    SYNTAX.sentences(text, &View::default(), &[block], &mut Vec::new())
}

#[track_caller]
fn same(text: &str, want: &str) {
    assert_eq!(cut(text), want);
}

#[test]
fn wire_style() {
    same("dlrs 305,000 vs 1.2 mln dlrs", "dlrs 305,000 vs 1.2 mln dlrs");
    same("the U.S.-led coalition", "the U.S. - led coalition");
    same("LONDON (AP)_ Talks failed.", "LONDON ( AP ) _ Talks failed .");
    same("WASHINGTON -- The Fed\nraised rates.", "WASHINGTON -- The Fed raised rates .");
    same("Gov't officials", "Gov't officials");
    same("a 20 pct rise, or $2.5bn", "a 20 pct rise , or $ 2.5 bn");
    same("US$5 million and £3m", "US$ 5 million and £ 3 m");
    same("a 15-year-old", "a 15 - year - old");
    same("non-aligned e-mail", "non-aligned e-mail");
    same("tel. 713-853-1696 on 2022-12-31", "tel. 713-853-1696 on 2022-12-31");
}

#[test]
fn clitics() {
    same("Moscow's allies don't agree; they'll cannot", "Moscow 's allies do n't agree ; they 'll can not");
    same("the People’s Republic", "the People ’s Republic");
    same("the allies' troops", "the allies ' troops");
    same("WE WON'T, O'Brien said", "WE WO N'T , O'Brien said");
    same("back in the '90s", "back in the '90s");
}

#[test]
fn marks() {
    same("He said, ``We agree.'' Then he left.", "He said , `` We agree . '' | Then he left .");
    same("“We agree.” Then he left.", "“ We agree . ” | Then he left .");
    same("\"Is it over?\" he asked.", "\" Is it over ? \" he asked .");
    same("and then ... nothing... He left", "and then ... nothing ... | He left");
    same(
        "see http://example.com/a?b=c. Or www.example.org, or me@example.com!",
        "see http://example.com/a?b=c . | Or www.example.org , or me@example.com !",
    );
    same("via @handle_1 and #tag", "via @handle_1 and #tag");
    same("• First point", "• First point");
    same("word—word and 10–12", "word — word and 10 – 12");
    same("either/or on 9/11 and 1/2", "either / or on 9/11 and 1/2");
    same("[sic] (in brackets)", "[ sic ] ( in brackets )");
    same("a 50% cut", "a 50 % cut");
}

#[test]
fn sentence_ends() {
    same("Talks ended.The president left.", "Talks ended . | The president left .");
    same("He met Gen. Smith and Mr. Jones of the U.S. Army.", "He met Gen. Smith and Mr. Jones of the U.S. Army .");
    same("It acted in the U.S. The court agreed.", "It acted in the U.S. | The court agreed .");
    same("Acme Inc. said so. John F. Kennedy did not.", "Acme Inc. said so . | John F. Kennedy did not .");
    same("It rose to 3.5 pct. Profits fell.", "It rose to 3.5 pct . | Profits fell .");
    same("At 5 p.m. Friday they met. No. 10 was silent.", "At 5 p.m. Friday they met . | No. 10 was silent .");
    same("\"We will act. We are ready.\" The talks go on.", "\" We will act . | We are ready . \" | The talks go on .");
    same("Really?! Yes!", "Really ?! | Yes !");
    same("1. Open the lid. 2. Close it.", "1 . Open the lid . | 2 . Close it .");
}

#[test]
fn web_style() {
    same("is it still open? who would know that?", "is it still open ? | who would know that ?");
    same("It was great! we will be back.", "It was great ! | we will be back .");
    same("\"Who did it?\" asked the judge.", "\" Who did it ? \" asked the judge .");
    same("\"Shame!\" cried the crowd.", "\" Shame ! \" cried the crowd .");
}

#[test]
fn tweets() {
    same("RT @user: Talks failed #peace http://t.co/ab", "RT @user : Talks failed #peace http://t.co/ab");
    same("@user The deal is off!!! Who knew?", "@user The deal is off !!! | Who knew ?");
}

#[test]
fn headlines_in_capitals_keep_their_roles() {
    for text in ["Iran rejects U.S. proposal", "Iran Rejects U.S. Proposal", "IRAN REJECTS U.S. PROPOSAL"] {
        let s = &parse(text)[0];
        let root = s.tokens.iter().position(|t| t.upos == super::ud::Upos::Verb).unwrap_or(0);
        assert!(s.child(root, super::ud::Dep::Nsubj).is_some(), "{text}: {:?}", s.tokens);
    }
}

#[test]
fn a_long_sentence_is_cut_and_said() {
    let text = "word ".repeat(450);
    let block = Block { kind: BlockKind::Paragraph, span: Span::new(0, text.len()), language: None };
    let mut notes = Vec::new();
    let s = SYNTAX.sentences(&text, &View::default(), &[block], &mut notes);
    assert_eq!(s.iter().map(|s| s.tokens.len()).collect::<Vec<_>>(), [200, 200, 50]);
    assert_eq!(notes.len(), 1);
}

#[test]
fn time_is_linear_without_spaces() {
    for unit in ["a-", "a.", "(", "'", "a/b", "!?", "é", "1,", "x'", "@"] {
        let text = unit.repeat(200_000 / unit.len());
        let start = std::time::Instant::now();
        SYNTAX.split(&text, Span::new(0, text.len()));
        assert!(start.elapsed().as_secs() < 20, "{unit}");
    }
}

/// Trees are trees, spans slice back in order.
fn check(text: &str) -> Result<(), TestCaseError> {
    let mut at = 0;
    for s in parse(text) {
        prop_assert!(!s.tokens.is_empty() && s.tokens.len() <= super::MAX_TOKENS);
        let mut roots = 0;
        for (i, t) in s.tokens.iter().enumerate() {
            prop_assert!(t.span.start >= at && t.span.end > t.span.start, "{:?}", t);
            prop_assert_eq!(text.get(t.span.start..t.span.end), Some(t.form.as_str()));
            prop_assert!(!t.form.contains(char::is_whitespace));
            at = t.span.end;
            roots += usize::from(t.head == i);
            prop_assert!(t.head < s.tokens.len());
            prop_assert!(i == t.head || s.ancestors(i).last().is_some_and(|r| s.is_root(r)));
        }
        prop_assert_eq!(roots, 1);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_gives_ordered_tokens_and_trees(text in ".{0,300}") {
        check(&text)?;
    }

    #[test]
    fn any_bytes_read_as_text_do_too(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        check(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn wire_like_text_does_too(words in proptest::collection::vec("[A-Z]?[a-z]{0,8}[.,;:!?'\"-]{0,3}|[0-9.,%$]{1,6}|U\\.S\\.|``|''|“|”|\\(|\\)", 0..120)) {
        check(&words.join(" "))?;
        check(&words.concat())?;
    }

    #[test]
    fn every_character_that_is_not_space_is_in_a_token(text in "[ -~]{0,200}") {
        let covered: usize = SYNTAX.split(&text, Span::new(0, text.len())).iter().flatten().map(|t| t.len()).sum();
        prop_assert_eq!(covered, text.chars().filter(|c| !c.is_whitespace()).count());
    }
}
