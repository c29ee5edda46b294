//! Who deals with whom: countries on a circle, a line for each pair.

use super::{BAD, FONT, GOOD, INK, at};
use chancery_ledger::query::Pair;
use maud::{Markup, html};
use std::collections::BTreeMap;
use std::f64::consts::TAU;

const SIDE: f64 = 640.0;
const RADIUS: f64 = 230.0;

/// Lines are as thick as there are events; broken where conflict outweighs cooperation.
pub fn draw(title: &str, pairs: &[Pair], name: impl Fn(&str) -> String) -> Markup {
    let mut weight: BTreeMap<&str, i64> = BTreeMap::new();
    for p in pairs {
        *weight.entry(&p.a).or_default() += p.events();
        *weight.entry(&p.b).or_default() += p.events();
    }
    let mut order: Vec<(&str, i64)> = weight.into_iter().collect();
    order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let place = |n: usize, r: f64| {
        let turn = TAU * n as f64 / order.len().max(1) as f64 - TAU / 4.0;
        (SIDE / 2.0 + r * turn.cos(), SIDE / 2.0 + r * turn.sin())
    };
    let of = |code: &str| order.iter().position(|o| o.0 == code).unwrap_or(0);
    let most = pairs.iter().map(Pair::events).max().unwrap_or(1).max(1) as f64;
    html! {
        svg.chart.round xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (SIDE) " " (SIDE) } role="img" aria-labelledby="circle-title circle-text"
            font-family=(FONT) font-size="13" {
            title id="circle-title" { (title) }
            desc id="circle-text" { (order.len()) " countries, " (pairs.len()) " pairs. The table below has the numbers." }
            @for p in pairs {
                @let (from, to) = (place(of(&p.a), RADIUS), place(of(&p.b), RADIUS));
                @let (good, bad) = (p.quads[0] + p.quads[1], p.quads[2] + p.quads[3]);
                path class=(if bad > good { "bad-line" } else { "good-line" }) fill="none" stroke=(if bad > good { BAD } else { GOOD }) stroke-opacity="0.7"
                    stroke-width=(at(1.0 + 7.0 * p.events() as f64 / most)) stroke-dasharray=[(bad > good).then_some("7 4")]
                    d={ "M" (at(from.0)) " " (at(from.1)) "Q" (SIDE / 2.0) " " (SIDE / 2.0) " " (at(to.0)) " " (at(to.1)) } {
                    title { (name(&p.a)) " and " (name(&p.b)) ": " (good) " cooperation, " (bad) " conflict" }
                }
            }
            @for (n, (code, events)) in order.iter().enumerate() {
                @let (dot, label) = (place(n, RADIUS), place(n, RADIUS + 16.0));
                circle.ink cx=(at(dot.0)) cy=(at(dot.1)) r="5" fill=(INK) { title { (name(code)) ": " (events) } }
                text.ink x=(at(label.0)) y=(at(label.1 + 4.0)) fill=(INK)
                    text-anchor=(if (label.0 - SIDE / 2.0).abs() < 20.0 { "middle" } else if label.0 < SIDE / 2.0 { "end" } else { "start" }) { (code) }
            }
            g {
                line.good-line x1="14" x2="44" y1="20" y2="20" stroke=(GOOD) stroke-width="4" {}
                text.ink x="52" y="25" fill=(INK) { "more cooperation" }
                line.bad-line x1="14" x2="44" y1="42" y2="42" stroke=(BAD) stroke-width="4" stroke-dasharray="7 4" {}
                text.ink x="52" y="47" fill=(INK) { "more conflict" }
            }
        }
    }
}
