use super::*;
use crate::record::Span;

fn identifier() -> Identifier {
    Identifier::load(&DataFiles::builtin()).unwrap()
}

fn of(text: &str) -> Option<String> {
    identifier().of_report(text, &[Block { kind: BlockKind::Paragraph, span: Span::new(0, text.len()), language: None }])
}

#[test]
fn tells_languages_where_there_is_enough() {
    for (code, text) in [
        ("en", "The foreign ministers of both countries will meet on Friday to discuss the ceasefire."),
        ("es", "Los ministros de Exteriores de ambos países se reunirán el viernes para discutir la tregua."),
        ("pt", "Os ministros dos Negócios Estrangeiros dos dois países vão reunir-se na sexta-feira para discutir a trégua."),
        ("de", "Die Außenminister beider Länder werden sich am Freitag treffen, um über die Waffenruhe zu sprechen."),
        ("nl", "De ministers van Buitenlandse Zaken van beide landen komen vrijdag bijeen om over het bestand te spreken."),
        ("ru", "Министры иностранных дел обеих стран встретятся в пятницу и обсудят перемирие."),
        ("uk", "Міністри закордонних справ обох країн зустрінуться у п'ятницю та обговорять перемир'я."),
        ("pl", "Ministrowie spraw zagranicznych obu krajów spotkają się w piątek, aby omówić zawieszenie broni."),
        ("tr", "İki ülkenin dışişleri bakanları ateşkesi görüşmek için cuma günü bir araya gelecek."),
        ("fa", "وزیران خارجه دو کشور روز جمعه برای گفتگو درباره آتش‌بس با هم دیدار خواهند کرد."),
        ("ar", "يلتقي وزيرا خارجية البلدين يوم الجمعة لبحث وقف إطلاق النار في المنطقة وتبادل الأسرى بين الجانبين."),
        ("ja", "両国の外相は金曜日に会談し、停戦について協議する予定だと外務省が発表した。"),
        ("zh", "两国外交部长将于星期五举行会谈,讨论停火问题,外交部在一份声明中表示。"),
        ("id", "Menteri luar negeri kedua negara akan bertemu pada hari Jumat untuk membahas gencatan senjata."),
    ] {
        assert_eq!(of(text).as_deref(), Some(code), "{text}");
    }
    assert_eq!(of("Moscow said no."), None);
    assert_eq!(of("12,000 – 14,000 (3.5 %) ".repeat(20).as_str()), None);
}

#[test]
fn what_fits_nothing_is_not_guessed() {
    // Welsh is not in the table.
    let text = "Bydd gweinidogion tramor y ddwy wlad yn cyfarfod ddydd Gwener i drafod y cadoediad, meddai datganiad swyddogol a ryddhawyd \
                neithiwr gan lywodraeth Cymru yng Nghaerdydd wedi trafodaethau hir rhwng arweinwyr pleidiau gwleidyddol";
    assert_eq!(of(text).as_deref(), Some(UNKNOWN));
}

#[test]
fn short_texts_get_the_best_guess() {
    let id = identifier();
    let best = |t: &str| id.best(t).map(str::to_owned);
    assert_eq!(best("Il reviendra demain").as_deref(), Some("fr"));
    assert_eq!(best("Hij komt morgen terug").as_deref(), Some("nl"));
    assert_eq!(best("¿Cuándo vuelve?").as_deref(), Some("es"));
    assert_eq!(best("Ele volta amanhã").as_deref(), Some("pt"));
    assert_eq!(best("+49 123"), None);
}

#[test]
fn blocks_in_other_languages_are_marked_and_counted() {
    let parts = [
        "The foreign minister said that the talks would go on until the end of the week, and that both sides wanted them to.",
        "El ministro dijo que las conversaciones seguirían hasta el final de la semana y que las dos partes lo querían así.",
        "Ankara, Erdoğan",
    ];
    let text = parts.join("\n");
    let mut at = 0;
    let mut blocks: Vec<Block> = parts
        .iter()
        .map(|p| {
            let span = Span::new(at, at + p.len());
            at += p.len() + 1;
            Block { kind: BlockKind::Paragraph, span, language: None }
        })
        .collect();
    let foreign = identifier().mark(&text, &mut blocks, Some("en-GB"));
    assert_eq!(foreign, [("es".to_owned(), 1)]);
    assert_eq!(blocks.iter().map(|b| b.language.as_deref()).collect::<Vec<_>>(), [Some("en"), Some("es"), None]);
}

#[test]
fn only_the_body_counts() {
    let text = "Teilen Drucken Merken Kommentieren Weiterempfehlen Abonnieren Impressum Datenschutz Nutzungsbedingungen";
    let block = Block { kind: BlockKind::Boilerplate, span: Span::new(0, text.len()), language: None };
    assert_eq!(identifier().of_report(text, &[block]), None);
}

#[test]
fn bad_entries_say_what_is_wrong() {
    let bad = |toml: &str| {
        let mut files = DataFiles::builtin();
        files.insert("languages.toml", toml.to_owned());
        Identifier::load(&files).unwrap_err().to_string()
    };
    assert!(bad("[[language]]\ncode = \"EN\"\nname = \"x\"\nscript = \"latin\"").contains("code"));
    assert!(bad("[[language]]\ncode = \"en\"\nname = \"x\"\nscript = \"runes\"").contains("languages.toml, line 4"));
    assert!(bad("[[language]]\ncode = \"en\"\nname = \"x\"\nscript = \"latin\"\nwords = \"The\"").contains("The"));
    let two = "[[language]]\ncode = \"en\"\nname = \"x\"\nscript = \"latin\"\nwords = \"the\"\n[[language]]\ncode = \"es\"\nname = \"y\"\nscript = \"latin\"";
    assert!(bad(two).contains("small words"));
}
