//! Where things happened: longitude and latitude as they are, a graticule, and a mark for each place.

use super::{BAD, FAINT, FONT, GOOD, INK, at};
use chancery_ledger::query::Spot;
use maud::{Markup, html};

const WIDTH: f64 = 760.0;
/// Degrees around the outermost places.
const MARGIN: f64 = 4.0;
/// Height of a line of small print, with room around it.
const LINE: f64 = 16.0;
/// Names that are written beside their mark.
const NAMED: usize = 14;

/// West, south, east, north of what is shown.
fn frame(spots: &[Spot]) -> [f64; 4] {
    let mut f = [180.0_f64, 90.0_f64, -180.0_f64, -90.0_f64];
    for s in spots {
        f = [f[0].min(s.lon), f[1].min(s.lat), f[2].max(s.lon), f[3].max(s.lat)];
    }
    if spots.is_empty() {
        return [-180.0, -60.0, 180.0, 80.0];
    }
    let wide = (f[2] - f[0] + 2.0 * MARGIN).max(24.0);
    // No flatter than two to one, no taller than square.
    let tall = (f[3] - f[1] + 2.0 * MARGIN).clamp(wide / 2.0, wide);
    let (x, y) = ((f[0] + f[2]) / 2.0, (f[1] + f[3]) / 2.0);
    [x - wide / 2.0, y - tall / 2.0, x + wide / 2.0, y + tall / 2.0]
}

/// Circles are as large as there are events; square where conflict outweighs cooperation.
pub fn draw(title: &str, spots: &[Spot], href: impl Fn(&Spot) -> Option<String>) -> Markup {
    let [west, south, east, north] = frame(spots);
    let scale = WIDTH / (east - west);
    let height = (north - south) * scale;
    let (x, y) = (|lon: f64| (lon - west) * scale, |lat: f64| (north - lat) * scale);
    let every = [2.0, 5.0, 10.0, 15.0, 30.0].into_iter().find(|s| (east - west) / s <= 12.0).unwrap_or(30.0);
    let lines = |from: f64, to: f64| (((from / every).ceil() as i64)..=((to / every).floor() as i64)).map(move |n| n as f64 * every);
    let most = spots.iter().map(|s| s.cooperation + s.conflict).max().unwrap_or(1).max(1) as f64;
    let size = |s: &Spot| 3.0 + 13.0 * ((s.cooperation + s.conflict) as f64 / most).sqrt();
    let named = named(spots, |s| (x(s.lon) + size(s) + 3.0, y(s.lat)));
    let degrees = |d: f64, plus: &str, minus: &str| {
        format!(
            "{}°{}",
            d.abs(),
            if d > 0.0 {
                plus
            } else if d < 0.0 {
                minus
            } else {
                ""
            }
        )
    };
    html! {
        svg.chart xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (WIDTH) " " (at(height)) } role="group" aria-labelledby="map-title map-text"
            font-family=(FONT) font-size="12" {
            title id="map-title" { (title) }
            desc id="map-text" { (spots.len()) " places. The table below has them with their numbers." }
            @for lon in lines(west, east) {
                line.grid x1=(at(x(lon))) x2=(at(x(lon))) y1="0" y2=(at(height)) stroke=(FAINT) stroke-width=(if lon == 0.0 { "1" } else { "0.5" }) {}
                @if x(lon) + 40.0 < WIDTH { text.faint x=(at(x(lon) + 3.0)) y=(at(height - 5.0)) fill=(INK) { (degrees(lon, "E", "W")) } }
            }
            @for lat in lines(south, north) {
                line.grid x1="0" x2=(at(WIDTH)) y1=(at(y(lat))) y2=(at(y(lat))) stroke=(FAINT) stroke-width=(if lat == 0.0 { "1" } else { "0.5" }) {}
                // Neither cut off at the top nor across the degrees of longitude at the bottom.
                @if (LINE..height - LINE).contains(&y(lat)) { text.faint x="3" y=(at(y(lat) - 3.0)) fill=(INK) { (degrees(lat, "N", "S")) } }
            }
            @for s in spots {
                @let r = size(s);
                @let mark = html! {
                    @if s.conflict > s.cooperation {
                        rect.bad x=(at(x(s.lon) - r)) y=(at(y(s.lat) - r)) width=(at(2.0 * r)) height=(at(2.0 * r)) fill=(BAD) fill-opacity="0.65" { (tip(s)) }
                    } @else {
                        circle.good cx=(at(x(s.lon))) cy=(at(y(s.lat))) r=(at(r)) fill=(GOOD) fill-opacity="0.65" { (tip(s)) }
                    }
                };
                @if let Some(href) = href(s) { a href=(href) { (mark) } } @else { (mark) }
            }
            // Above all marks.
            @for s in named.iter().filter_map(|n| spots.get(*n)) {
                text.ink x=(at(x(s.lon) + size(s) + 3.0)) y=(at(y(s.lat) + 4.0)) fill=(INK) { (s.name) }
            }
        }
    }
}

/// The places whose names are written: those with most events, as far as no name runs into another or off the map.
fn named(spots: &[Spot], at: impl Fn(&Spot) -> (f64, f64)) -> Vec<usize> {
    let mut taken: Vec<(f64, f64, f64)> = Vec::new();
    let mut named = Vec::new();
    for (n, s) in spots.iter().enumerate() {
        let (x, y) = at(s);
        let end = x + s.name.chars().count() as f64 * 7.0;
        if named.len() < NAMED && end < WIDTH && taken.iter().all(|t| x > t.1 || end < t.0 || (y - t.2).abs() > 14.0) {
            taken.push((x, end, y));
            named.push(n);
        }
    }
    named
}

fn tip(s: &Spot) -> Markup {
    html! { title { (s.name) ": " (s.cooperation) " cooperation, " (s.conflict) " conflict" } }
}
