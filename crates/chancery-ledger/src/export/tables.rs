//! Codes as each family of formats writes them.

use chancery::data::DataFiles;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Rows of a table with comment lines: first cell and another.
fn column(text: &str, cell: usize) -> BTreeMap<String, String> {
    let rows = text.lines().filter(|l| !l.starts_with('#')).map(|l| l.split('\t').collect::<Vec<_>>());
    rows.filter_map(|r| Some((r.first()?.to_string(), r.get(cell)?.to_string()))).filter(|(_, v)| !v.is_empty()).collect()
}

/// FIPS 10-4 code of a country.
pub fn fips(country: &str) -> &'static str {
    static FIPS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| column(include_str!("fips.tsv"), 1));
    FIPS.get(country).map_or("", String::as_str)
}

fn from_data(file: &str, cell: usize) -> BTreeMap<String, String> {
    column(DataFiles::builtin().find(file).unwrap_or(""), cell)
}

/// Name of a country.
pub fn country_name(code: &str) -> &'static str {
    static NAMES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| from_data("actors/countries.tsv", 1));
    NAMES.get(code).map_or("", String::as_str)
}

/// Correlates of War number of a country.
pub fn cow(code: &str) -> &'static str {
    static COW: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| from_data("actors/countries.tsv", 7));
    COW.get(code).map_or("", String::as_str)
}

/// Gleditsch-Ward number: that of the Correlates of War where it has none of its own.
pub fn gw(code: &str) -> &'static str {
    static GW: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| from_data("actors/countries.tsv", 8));
    GW.get(code).map_or_else(|| cow(code), String::as_str)
}

/// CAMEO role of a PLOVER sector.
pub fn cameo_role(sector: &str) -> &'static str {
    static ROLES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| from_data("ontology/sectors.tsv", 3));
    ROLES.get(sector).map_or("", String::as_str)
}

/// What a sector means, in words.
pub fn sector_name(sector: &str) -> &'static str {
    static NAMES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| from_data("ontology/sectors.tsv", 2));
    NAMES.get(sector).map_or("", |s| s.split([':', ',']).next().unwrap_or(s))
}

/// What a CAMEO code means.
pub fn cameo_name(code: &str) -> &'static str {
    static NAMES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| from_data("ontology/cameo.tsv", 1));
    NAMES.get(code).map_or("", String::as_str)
}

/// A code that stands in place of a country: a body, a movement, a company of no state.
pub fn is_nonstate(code: &str) -> bool {
    static CODES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| from_data("ontology/nonstates.tsv", 1));
    CODES.contains_key(code)
}

/// Root and base of a CAMEO code.
pub fn root(cameo: &str) -> &str {
    cameo.get(..2).unwrap_or(cameo)
}
pub fn base(cameo: &str) -> &str {
    cameo.get(..3).unwrap_or(cameo)
}

/// GDELT's quad class, by CAMEO root.
pub fn gdelt_quad(cameo: &str) -> u8 {
    match root(cameo).parse::<u8>().unwrap_or(0) {
        1..=5 => 1,
        6..=8 => 2,
        9..=13 => 3,
        _ => 4,
    }
}

/// Phoenix's penta class, by CAMEO root: statements and appeals are neutral, cutting ties is verbal.
pub fn penta(cameo: &str) -> u8 {
    match root(cameo).parse::<u8>().unwrap_or(0) {
        0..=2 => 0,
        3..=5 => 1,
        6..=8 => 2,
        9..=13 | 16 => 3,
        _ => 4,
    }
}

/// Goldstein score as Phoenix gives it: `ours` where both families agree.
pub fn phoenix_goldstein(cameo: &str, ours: Option<f64>) -> Option<f64> {
    static SCORES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| column(include_str!("phoenix.tsv"), 1));
    SCORES.get(cameo).map_or(ours, |s| s.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_differ() {
        assert_eq!((gdelt_quad("0231"), penta("0231")), (1, 0));
        assert_eq!((gdelt_quad("163"), penta("163")), (4, 3));
        assert_eq!((gdelt_quad("190"), penta("190")), (4, 4));
        let both = |code, ours| (ours, phoenix_goldstein(code, Some(ours)).unwrap());
        assert_eq!((both("163", -8.0), both("016", -5.0), both("166", -7.0)), ((-8.0, -6.5), (-5.0, 3.4), (-7.0, -8.0)));
        assert_eq!((both("042", 1.9), phoenix_goldstein("999", None)), ((1.9, 1.9), None));
    }

    #[test]
    fn codes_are_found() {
        assert_eq!((fips("CHN"), fips("DEU"), fips("RUS"), fips("AUS")), ("CH", "GM", "RS", "AS"));
        assert_eq!((cow("USA"), gw("USA"), country_name("RUS")), ("2", "2", "Russia"));
        assert_eq!((cameo_role("MED"), cameo_role("JRN")), ("HLH", "MED"));
        assert!(is_nonstate("UNO") && !is_nonstate("USA"));
    }
}
