use super::*;
use crate::data::DataFiles;
use crate::model::Report;
use crate::record::Status;
use crate::{Coder, Options};

fn coder() -> Coder {
    Coder::new(&DataFiles::builtin()).unwrap()
}

/// The sightings of a report.
fn told(coder: &Coder, outlet: &str, published: &str, text: &str) -> Vec<Sighting> {
    let report = Report {
        text: text.to_owned(),
        published: Some(published.to_owned()),
        outlet: Some(outlet.to_owned()),
        language: Some("en".to_owned()),
        ..Report::default()
    };
    Sighting::all(&coder.read(report, &Options::default()))
}

const FIRST: &str = "Russia's air force bombed a market in Idlib on Monday, killing 12 people, Syrian rescuers said.";
const SECOND: &str = "Russian jets bombed a market in the Syrian town of Idlib on Monday and killed 15 people.";
const OTHER: &str = "Russian jets bombed a hospital in Aleppo on Friday and killed three people.";

#[test]
fn one_event_of_two_reports_is_one_happening() {
    let coder = coder();
    let mut happenings = Happenings::default();
    let mut ids = Vec::new();
    for (outlet, published, text) in
        [("Gulf Courier", "2016-10-04", FIRST), ("Port Chronicle", "2016-10-05", SECOND), ("Gulf Courier", "2016-10-08", OTHER)]
    {
        let all = told(&coder, outlet, published, text);
        assert!(!all.is_empty(), "{text}");
        ids.push(all.into_iter().map(|s| happenings.add(s)).collect::<Vec<_>>());
    }
    assert!(ids[1].contains(&ids[0][0]), "{ids:?}");
    assert!(!ids[2].iter().any(|i| ids[0].contains(i)), "{ids:?}");
    let all = happenings.all();
    let summary = Summary::of(&all[&ids[0][0]]).unwrap();
    assert_eq!((summary.reports, summary.chains), (2, 2));
    assert_eq!(summary.first_day, crate::happening::sighting::day("2016-10-04"));
}

#[test]
fn likeness_is_symmetric_and_bounded() {
    let coder = coder();
    let all: Vec<Sighting> = [FIRST, SECOND, OTHER].iter().flat_map(|t| told(&coder, "Gulf Courier", "2016-10-08", t)).collect();
    for a in &all {
        for b in &all {
            assert_eq!(alike(a, b).to_bits(), alike(b, a).to_bits());
            assert!(alike(a, b).abs() < 10.0);
        }
    }
}

#[test]
fn a_summary_says_who_differs_and_when() {
    let one = |report: &str, origin: &str, day: i32, dead: f64, status| Sighting {
        report: report.to_owned(),
        origins: vec![origin.to_owned()],
        published: Some(day),
        figures: vec![("people".to_owned(), dead)],
        status,
        voices: vec!["asserts Red Crescent".to_owned()],
        ..Sighting::default()
    };
    let all = [
        one("b", "reuters", 17_000, 15.0, Status::Occurred),
        one("a", "afp", 16_999, 12.0, Status::Claimed),
        // The same wire in another paper: no source of its own.
        one("c", "reuters", 17_000, 15.0, Status::Occurred),
    ];
    let summary = Summary::of(&all.iter().collect::<Vec<_>>()).unwrap();
    assert_eq!((summary.first_report.as_str(), summary.sightings, summary.reports, summary.chains), ("a", 3, 3, 2));
    assert_eq!(summary.status.iter().map(|v| (v.status, v.chains)).collect::<Vec<_>>(), [(Status::Occurred, 1), (Status::Claimed, 1)]);
    assert_eq!(summary.figures.iter().map(|f| (f.day, f.value)).collect::<Vec<_>>(), [(Some(16_999), 12.0), (Some(17_000), 15.0)]);
    assert_eq!(summary.disputes, [Dispute { matter: "people".into(), values: vec![("12".into(), 1), ("15".into(), 1)] }]);
    assert!(Summary::of(&[]).is_none());
}

#[test]
fn days_are_read_back() {
    let day = |s: &str| sighting::day(s).map(summary::iso);
    assert_eq!(day("2016-10-04T10:00:00Z").as_deref(), Some("2016-10-04"));
    assert_eq!(day("1969-12-31").as_deref(), Some("1969-12-31"));
    assert_eq!(day("soon"), None);
}
