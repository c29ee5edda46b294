use super::*;

const A: &str = "The foreign ministers of both countries met in the capital on Friday to discuss the ceasefire and the exchange of prisoners, \
                 the ministry said in a statement. Neither side would say when the next round of talks was to be held.";
const B: &str = "Protesters gathered before the palace for the third day in a row and asked the government to resign over the price of bread. \
                 Police used tear gas, and eleven people were taken to hospital, according to doctors.";

fn text(text: &str) -> Telling {
    Telling::of_text("x", text)
}

fn from(origins: &[&str], words: &str) -> Telling {
    Telling { origins: origins.iter().map(|o| (*o).to_owned()).collect(), ..text(words) }
}

#[test]
fn copies_join_and_others_do_not() {
    let mut stories = Stories::new(Limits::default());
    let first = stories.add(&text(A));
    assert_eq!((first.story, first.how), (0, Joined::First));
    let copy = stories.add(&text(&format!("SHARE THIS\n\n{}\n\nOriginally published elsewhere.", &A[..150])));
    assert_eq!(copy.story, 0);
    assert!(matches!(copy.how, Joined::Copy(share) if share > 0.6));
    assert_eq!(stories.add(&text(B)).story, 2);
    assert_eq!(stories.story(0).unwrap().reports, 2);
    assert_eq!(stories.ids().collect::<Vec<_>>(), [0, 2]);
}

#[test]
fn a_text_that_holds_two_joins_them_and_a_round_up_does_not() {
    let mut stories = Stories::new(Limits::default());
    stories.add(&text(A));
    stories.add(&text(B));
    let both = stories.add(&text(&format!("{A}\n{B}")));
    assert_eq!((both.story, both.merged.as_slice()), (0, &[1][..]));
    assert_eq!(stories.story(0).unwrap().reports, 3);
    assert!(stories.story(1).is_none());

    let mut stories = Stories::new(Limits::default());
    stories.add(&text(A));
    stories.add(&text(B));
    let long: String = (0..400).map(|i| format!("word{i} ")).collect();
    let round_up = stories.add(&text(&format!("{A}\n{B}\n{long}")));
    assert!(round_up.merged.is_empty(), "{round_up:?}");
}

#[test]
fn ten_sites_that_copy_one_agency_are_one_source() {
    let mut stories = Stories::new(Limits::default());
    for site in 0..10 {
        stories.add(&from(&[&format!("site {site}")], &format!("{A} Site {site}.")));
    }
    let story = stories.story(0).unwrap();
    assert_eq!((story.reports, story.texts, story.independent), (10, 1, 1));
}

fn telling(day: i32, origin: &str, words: &str, value: &str) -> Telling {
    let about = About::new(Some(day), ["CONSULT FRA DEU"], ["country/FRA", "country/DEU"], words);
    let claims = vec![Claim { matter: "people killed".into(), value: value.into() }];
    Telling { day: Some(day), about, claims, ..from(&[origin], words) }
}

#[test]
fn the_same_happening_in_other_words_is_one_story_with_its_disagreements() {
    let mut stories = Stories::new(Limits::default());
    let own = "French president and German chancellor discussed the Brussels budget quarrel at a dinner in Strasbourg on Tuesday evening.";
    let other = "At a Strasbourg dinner on Tuesday the chancellor of Germany and the French president went over the quarrel about the Brussels budget.";
    stories.add(&telling(100, "agency one", own, "3"));
    let second = stories.add(&telling(101, "agency two", other, "4"));
    assert_eq!(second.story, 0);
    assert!(matches!(second.how, Joined::Happening(_)));
    let story = stories.story(0).unwrap();
    assert_eq!((story.texts, story.independent, story.days), (2, 2, Some((100, 101))));
    assert_eq!(story.disagreements[0].values, [("3".to_owned(), 1), ("4".to_owned(), 1)]);
    // Weeks later it is another dinner, in whatever words.
    let again = "Over dinner in Strasbourg the German chancellor and the president of France again spoke of how the budget quarrel in Brussels goes.";
    assert_eq!(stories.add(&telling(130, "agency two", again, "4")).how, Joined::First);
}

#[test]
fn memory_is_bounded_and_what_is_copied_stays_longer() {
    let limits = Limits { texts: 10, ..Limits::default() };
    let mut stories = Stories::new(limits);
    let story = |i: usize| (0..30).map(|w| format!("w{i}x{w} ")).collect::<String>();
    for i in 0..200 {
        stories.add(&text(&story(i)));
        assert_eq!(stories.add(&text(A)).story, 1, "the text that is copied all the time is held");
        assert!(stories.held() <= 10);
        assert!(stories.ids().count() <= 11);
    }
    assert!(matches!(stories.add(&text(&story(199))).how, Joined::Copy(_)));
    assert_eq!(stories.add(&text(&story(0))).how, Joined::First, "it has left");
}

#[test]
fn the_same_order_gives_the_same_stories() {
    let texts: Vec<String> = (0..60).map(|i| format!("{} {} {i}", if i % 3 == 0 { A } else { B }, &A[i..i + 60])).collect();
    let run = || {
        let mut stories = Stories::new(Limits { texts: 20, ..Limits::default() });
        texts.iter().map(|t| stories.add(&text(t))).collect::<Vec<_>>()
    };
    assert_eq!(run(), run());
}

#[test]
fn a_report_without_words_is_a_story_of_its_own() {
    let mut stories = Stories::new(Limits::default());
    assert_eq!(stories.add(&text("—")).story, 0);
    assert_eq!(stories.add(&text("—")).story, 1);
}
