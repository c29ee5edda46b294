//! Why an event was coded: its sentence with the roles marked, the entry, the conditions, the status, what lost.

use super::matching::Found;
use super::roles::{Ctx, Side};
use super::status::Verdict;

/// Lines for a person to read.
pub fn lines(ctx: Ctx, f: &Found, verdict: &Verdict) -> Vec<String> {
    let mut out = vec![marked(ctx, f), format!("entry   {} ({})", f.rule, f.place)];
    if !f.notes.is_empty() {
        out.push(format!("because {}", f.notes.join("; ")));
    }
    for (name, sides) in [("source", &f.source), ("target", &f.target)] {
        if !sides.is_empty() {
            let all: Vec<String> =
                sides.iter().map(|s| format!("{} = {} [{}]", s.actor.text, s.actor.code.as_deref().unwrap_or("?"), s.actor.rule)).collect();
            out.push(format!("{name}  {}", all.join("; ")));
        }
    }
    out.push(format!("status  {}: {}", verdict.status, verdict.why));
    if !f.lost.is_empty() {
        out.push(format!("lost    {}", f.lost.join(", ")));
    }
    out
}

/// The sentence with `[source S]`, `[trigger T]`, `[target O]` around their words.
fn marked(ctx: Ctx, f: &Found) -> String {
    let s = ctx.tree.s;
    let role = |t: usize| -> Option<&str> {
        let is = |sides: &[Side]| sides.iter().any(|x| x.token == t);
        if f.trigger.contains(&t) {
            Some("trigger")
        } else if is(&f.source) {
            Some("source")
        } else if is(&f.target) {
            Some("target")
        } else {
            f.others.iter().find(|(_, x)| x.token == t).map(|(r, _)| r.as_str())
        }
    };
    let mut out = String::new();
    let mut end = s.span.start;
    for (t, token) in s.tokens.iter().enumerate() {
        if token.span.start > end && !out.is_empty() {
            out.push(' ');
        }
        end = token.span.end;
        match role(t) {
            Some(r) => out.push_str(&format!("[{r} {}]", token.form)),
            None => out.push_str(&token.form),
        }
    }
    out
}
