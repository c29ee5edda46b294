//! Encoding repair on the shared cases, where they are at hand.

use chancery::view::View;

#[test]
fn repair_cases() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/gold/repair_ftfy.jsonl");
    let Ok(gold) = std::fs::read_to_string(path) else {
        eprintln!("skipped: no {path}");
        return;
    };
    let (mut right, mut all) = (0, 0);
    for line in gold.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let (original, fixed) = (case["original"].as_str().unwrap(), case["fixed"].as_str().unwrap());
        let view = View::repair_encoding(original);
        all += 1;
        if view.text(original) == fixed {
            right += 1;
        } else {
            eprintln!("{}: {:?} should be {fixed:?}", case["label"], view.text(original));
        }
    }
    eprintln!("{right} of {all}");
    assert!(right * 100 >= all * 90, "{right} of {all}");
}
