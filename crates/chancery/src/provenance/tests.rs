use super::*;
use crate::data::DataFiles;
use std::sync::OnceLock;

fn coder() -> &'static Coder {
    static CODER: OnceLock<Coder> = OnceLock::new();
    CODER.get_or_init(|| Coder::new(&DataFiles::builtin()).unwrap())
}

fn origin(report: Report) -> Origin {
    let coder = coder();
    let page = coder.layout.blocks(&report, &View::default(), &mut Vec::new());
    trace(coder, &report, &View::default(), &page, &Options::default())
}

fn chain(text: &str) -> Vec<(ProvenanceRole, String)> {
    let o = origin(Report { text: text.to_owned(), ..Report::default() });
    for p in &o.chain {
        if let Some(s) = p.span {
            assert_eq!(Some(s.of(text)), p.name.as_deref());
        }
    }
    o.chain.into_iter().map(|p| (p.role, p.name.unwrap())).collect()
}

fn published(text: &str) -> Option<(String, Basis)> {
    let o = origin(Report { text: text.to_owned(), ..Report::default() });
    Some((o.published?.to_string(), o.basis?))
}

const P: &str = "The two ministers met in Oslo on Friday and agreed to open talks on the border.";
use ProvenanceRole::*;

#[test]
fn credits_are_read() {
    assert_eq!(
        chain(&format!("{P}\n\nDisclaimer: Via Telesur – Translated by RJ983")),
        [(Via, "Telesur".into()), (Translator, "RJ983".into())]
    );
    assert_eq!(chain(&format!("ISTANBUL, Turkey (AP)_ {P}")), [(Agency, "AP".into())]);
    assert_eq!(
        chain(&format!("Norway opens talks\n\nBy Ann Lee and Bo Chu\n\n{P}")),
        [(Author, "Ann Lee".into()), (Author, "Bo Chu".into())]
    );
    assert_eq!(chain(&format!("Norway opens talks\n\nBy Carla Domingo, Senior Correspondent\n\n{P}")), [(Author, "Carla Domingo".into())]);
    assert_eq!(chain(&format!("{P}\n\n{P}\n Reuter")), [(Agency, "Reuter".into())]);
    assert_eq!(
        chain(&format!("{P}\n\n© 2023 Island Courier Media Inc. All rights reserved.")),
        [(Publisher, "Island Courier Media Inc".into())]
    );
    assert_eq!(chain(&format!("{P} (AFP)")), [(Agency, "AFP".into())]);
    assert_eq!(
        chain(&format!("{P}\n\n(Reporting by Ann Lee and Bo Chu; Editing by Cy Day)")),
        [(Author, "Ann Lee".into()), (Author, "Bo Chu".into())]
    );
}

#[test]
fn quoted_outlets_are_read() {
    for (text, name) in [
        ("Iraq had fallen back, Tass reported on Friday from the front.", "Tass"),
        ("“We are ready,” he told Reuters in Oslo.", "Reuters"),
        ("Two sailors were hurt, according to the newspaper Manila Ledger.", "Manila Ledger"),
        ("The official Iraqi news agency INA said the attack was repelled.", "INA"),
        ("He spoke of war in an interview with the Financial Times.", "Financial Times"),
    ] {
        assert_eq!(chain(text), [(Quoted, name.to_owned())], "{text}");
    }
    for text in [
        "Reuters journalists were barred from the hall by the police on Friday.",
        "He drove via Istanbul to Ankara and met the AP of the town.",
        "The agency said on Monday that it would wait.",
        "Fars province was hit by floods on Friday.",
    ] {
        assert_eq!(chain(text), [], "{text}");
    }
}

#[test]
fn metadata_names_publisher_and_authors() {
    let o = origin(Report {
        text: P.into(),
        author: Some("Ann Lee, Bo Chu".into()),
        url: Some("https://www.bbc.co.uk/news/1".into()),
        ..Report::default()
    });
    let names: Vec<_> = o.chain.iter().map(|p| (p.role, p.name.as_deref().unwrap())).collect();
    assert_eq!(names, [(Publisher, "BBC"), (Author, "Ann Lee"), (Author, "Bo Chu")]);
}

#[test]
fn the_published_date_is_found_in_this_order() {
    let header = format!("date 2022-12-31 Report This Content\n\n{P}");
    assert_eq!(published(&header), Some(("2022-12-31".into(), Basis::Header)));
    assert_eq!(
        published(&format!("Norway opens talks\n\nPublished: 14 August 2023, 09:42\n\n{P}")),
        Some(("2023-08-14".into(), Basis::Header))
    );
    assert_eq!(published(&format!("Norway opens talks\n\nFriday, Oct. 6th, 2023\n\n{P}")), Some(("2023-10-06".into(), Basis::Header)));
    assert_eq!(published(&format!("OSLO, March 3, 2021 (AP) - {P}")), Some(("2021-03-03".into(), Basis::Dateline)));
    assert_eq!(published(&format!("OSLO, March 3 (AP) - {P}")), None, "no year, no date");
    assert_eq!(published(&format!("{P} It was signed on 3 March 2021.")), None, "a date in the text is not when it was published");
    assert_eq!(published(&format!("{P}\n\n© 2021 The Standard")), None);
    let mut report = Report { text: header, published: Some("Tue, 03 Jan 2023 10:00:00 GMT".into()), ..Report::default() };
    assert_eq!(origin(report.clone()).published.unwrap().to_string(), "2023-01-03");
    report.published = Some("2022-12-31T23:00:00Z".into());
    let o = origin(report);
    assert_eq!((o.basis, o.published_span), (Some(Basis::Metadata), Some(Span::new(5, 15))));
}
