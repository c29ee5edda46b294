//! Charts as SVG of our own. Presentation attributes make a file that stands alone; the desk's style sheet overrides them in a page, for dark and
//! light. Shape and hatching tell what colour tells.

pub mod circle;
pub mod map;
pub mod series;

use maud::{Markup, html};

pub const FONT: &str = "system-ui, sans-serif";
pub const GOOD: &str = "#1f6f8b";
pub const BAD: &str = "#b3541e";
pub const INK: &str = "#333";
pub const FAINT: &str = "#bbb";

/// Hatchings of what is verbal.
fn hatchings() -> Markup {
    let one = |id: &str, class: &str, colour: &str, path: &str| {
        html! {
            pattern id=(id) width="6" height="6" patternUnits="userSpaceOnUse" {
                rect width="6" height="6" fill=(colour) fill-opacity="0.25" class=(class) {}
                path d=(path) stroke=(colour) stroke-width="1.4" class={ (class) "-line" } {}
            }
        }
    };
    html! { defs { (one("hatch-good", "good", GOOD, "M0 6L6 0")) (one("hatch-bad", "bad", BAD, "M0 0L6 6")) } }
}

/// A number that is easy to count by: 1, 2 or 5 times a power of ten, so that `most` takes at most four steps.
pub fn step(most: i64) -> i64 {
    let mut unit = 1;
    loop {
        for by in [1, 2, 5] {
            if unit * by * 4 >= most {
                return unit * by;
            }
        }
        unit *= 10;
    }
}

/// Coordinates with one decimal.
fn at(x: f64) -> String {
    format!("{x:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        assert_eq!([0, 1, 4, 5, 9, 40, 41, 1000].map(step), [1, 1, 1, 2, 5, 10, 20, 500]);
    }
}
