//! Help, man page, completions.

use crate::support::{chancery, stderr};

#[test]
fn the_man_page_names_every_command_and_flag() {
    let page = chancery(&["man"], b"");
    assert!(page.status.success());
    let page = String::from_utf8(page.stdout).unwrap();
    for part in [".TH", "eval", "schema", "add", "events", "panel", "export", "\\-\\-max\\-report\\-bytes", "\\-\\-actors", "Exit status"] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn completions_for_every_common_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = chancery(&["completions", shell], b"");
        assert!(script.status.success() && script.stdout.len() > 1000, "{shell}");
    }
}

#[test]
fn wrong_usage_exits_2_and_says_what_is_right() {
    for args in [
        &["read", "--format", "xml"][..],
        &["nonsense"],
        &["eval", "nonsense", "x"],
        &["read", "--published", "soon"],
        &["read", "--threads", "0"],
    ] {
        let output = chancery(args, b"");
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(!stderr(&output).is_empty() && output.stdout.is_empty(), "{args:?}");
    }
}
