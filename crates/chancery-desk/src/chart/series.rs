//! Cooperation above the line, conflict below it, by period.

use super::{BAD, FAINT, FONT, GOOD, INK, at, hatchings, step};
use chancery_ledger::query::Count;
use maud::{Markup, html};

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 280.0;
const LEFT: f64 = 46.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 28.0;
/// Labels of periods that fit beside each other.
const LABELS: usize = 8;

/// The bars of these counts; periods without an event are gaps, those in which nothing was read are marked.
pub fn draw(title: &str, counts: &[Count]) -> Markup {
    let good = |c: &Count| c.quads[0] + c.quads[1];
    let bad = |c: &Count| c.quads[2] + c.quads[3];
    let most = counts.iter().flat_map(|c| [good(c), bad(c)]).max().unwrap_or(0).max(1);
    let step = step(most);
    let (up, down) = (counts.iter().map(good).max().unwrap_or(0), counts.iter().map(bad).max().unwrap_or(0));
    let round = |n: i64| (n + step - 1) / step * step;
    let (up, down) = (round(up).max(step), round(down).max(step));
    let scale = (HEIGHT - TOP - BOTTOM) / (up + down) as f64;
    let zero = TOP + up as f64 * scale;
    let wide = (WIDTH - LEFT - 8.0) / counts.len().max(1) as f64;
    let bar = (wide * 0.8).clamp(1.0, 40.0);
    let every = counts.len().div_ceil(LABELS).max(1);
    let all: (i64, i64) = (counts.iter().map(good).sum(), counts.iter().map(bad).sum());
    let ticks = (-down / step..=up / step).map(|n| n * step);
    html! {
        svg.chart xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-labelledby="series-title series-text"
            font-family=(FONT) font-size="12" {
            title id="series-title" { (title) }
            desc id="series-text" { (all.0) " events of cooperation, " (all.1) " of conflict, in " (counts.len()) " periods. The table below has the numbers." }
            (hatchings())
            @for n in ticks {
                line.grid x1=(at(LEFT)) x2=(at(WIDTH - 8.0)) y1=(at(zero - n as f64 * scale)) y2=(at(zero - n as f64 * scale)) stroke=(FAINT)
                    stroke-width=(if n == 0 { "1.5" } else { "0.5" }) {}
                text.ink x=(at(LEFT - 6.0)) y=(at(zero - n as f64 * scale + 4.0)) text-anchor="end" fill=(INK) { (n.abs()) }
            }
            @for (n, c) in counts.iter().enumerate() {
                @let x = LEFT + wide * n as f64 + (wide - bar) / 2.0;
                g {
                    title { (c.period) ": cooperation " (good(c)) " (material " (c.quads[1]) "), conflict " (bad(c)) " (material " (c.quads[3]) "); " (c.read) " reports read" }
                    @for (from, n, class, fill) in [
                        (0, c.quads[1], "good", GOOD), (c.quads[1], c.quads[0], "hatched", "url(#hatch-good)"),
                    ] {
                        @if n > 0 {
                            rect class=(class) x=(at(x)) width=(at(bar)) y=(at(zero - (from + n) as f64 * scale)) height=(at(n as f64 * scale)) fill=(fill) {}
                        }
                    }
                    @for (from, n, class, fill) in [
                        (0, c.quads[3], "bad", BAD), (c.quads[3], c.quads[2], "hatched", "url(#hatch-bad)"),
                    ] {
                        @if n > 0 {
                            rect class=(class) x=(at(x)) width=(at(bar)) y=(at(zero + from as f64 * scale)) height=(at(n as f64 * scale)) fill=(fill) {}
                        }
                    }
                    @if c.read == 0 {
                        rect.grid x=(at(x)) width=(at(bar)) y=(at(zero - 1.5)) height="3" fill=(FAINT) {}
                    }
                }
                @if n % every == 0 {
                    text.ink x=(at(x + bar / 2.0)) y=(at(HEIGHT - 9.0)) text-anchor="middle" fill=(INK) { (c.period) }
                }
            }
            @for (n, (class, fill, label)) in [
                ("good", GOOD, "material cooperation"), ("hatched", "url(#hatch-good)", "verbal cooperation"),
                ("bad", BAD, "material conflict (below)"), ("hatched", "url(#hatch-bad)", "verbal conflict (below)"),
            ].into_iter().enumerate() {
                @let x = LEFT + 178.0 * n as f64;
                rect class=(class) x=(at(x)) y="8" width="14" height="12" fill=(fill) {}
                text.ink x=(at(x + 19.0)) y="18" fill=(INK) { (label) }
            }
        }
    }
}
