//! Towns and divisions as one block of bytes that is searched where it lies: nothing is built when the program starts.
//!
//! The build script makes the block of `data/places/cities.tsv` and `divisions.tsv`; a caller's own tables are made
//! into one when they are loaded. Both use this file, so it depends on the standard library and `fold` alone.
//!
//! Layout, little-endian: five counts; `BUCKETS + 1` starts of key buckets; keys (low part of the hash of a folded
//! name, spot); spots of [`SPOT`] bytes; names. The upper 16 bits of a key's hash are its bucket, the next 32 are kept:
//! with 200,000 names, one look-up of an unknown name in a billion finds something.

use super::fold::{hash, join, pieces_of};

const BUCKETS: usize = 1 << 16;
const SPOT: usize = 28;
const HEAD: usize = 5 * 4;
/// Marks a key that is another spelling.
const OTHER: u32 = 1 << 31;
const NONE: u32 = u32::MAX;

/// A line that cannot be read: 1-based line, field, what is wrong with it.
pub type Fault = (usize, &'static str, String);

/// A town or division.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot<'a> {
    pub name: &'a str,
    /// ISO 3166-1 alpha-3.
    pub country: &'a str,
    /// Number of the first-order division it lies in.
    pub division: Option<u32>,
    /// 0 a town, 1 a first-order division, 2 a district.
    pub order: u8,
    pub capital: bool,
    /// Thousandths of a degree.
    pub lat: i32,
    pub lon: i32,
    pub people: u32,
    /// 0 where unknown.
    pub geonames: u32,
}

/// The block, searched in place. An empty one knows nothing.
#[derive(Debug, Clone, Copy)]
pub struct Index<'a> {
    bytes: &'a [u8],
}

impl<'a> Index<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Index { bytes }
    }
    fn number(&self, at: usize) -> usize {
        match self.bytes.get(at..at + 4) {
            Some(&[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]) as usize,
            _ => 0,
        }
    }
    fn keys(&self) -> usize {
        HEAD + (BUCKETS + 1) * 4
    }
    fn spots(&self) -> usize {
        self.keys() + self.number(0) * 8
    }
    /// Number of towns and divisions.
    pub fn len(&self) -> usize {
        self.number(4)
    }
    /// Spots whose name has that hash, each with whether the name is another spelling. Their order is that of the tables.
    pub fn find(&self, hash: u64) -> impl Iterator<Item = (u32, bool)> + use<'a> {
        let index = *self;
        let bucket = (hash >> 48) as usize;
        let low = (hash >> 16) as u32 as usize;
        let (mut from, end) = (index.number(HEAD + bucket * 4), index.number(HEAD + bucket * 4 + 4));
        let mut to = end;
        while from < to {
            let mid = (from + to) / 2;
            if index.number(index.keys() + mid * 8) < low {
                from = mid + 1;
            } else {
                to = mid;
            }
        }
        (from..end).take_while(move |&i| index.number(index.keys() + i * 8) == low).map(move |i| {
            let spot = index.number(index.keys() + i * 8 + 4) as u32;
            (spot & !OTHER, spot & OTHER != 0)
        })
    }
    /// The spot of that number.
    pub fn spot(&self, i: u32) -> Option<Spot<'a>> {
        if i as usize >= self.len() {
            return None;
        }
        let at = self.spots() + i as usize * SPOT;
        let word = |n: usize| self.number(at + n * 4) as u32;
        let texts = self.spots() + self.len() * SPOT;
        let bytes: &'a [u8] = self.bytes;
        let text = |from: usize, len: usize| bytes.get(texts + from..texts + from + len).and_then(|b| std::str::from_utf8(b).ok());
        let (sizes, division) = (word(6), word(5));
        Some(Spot {
            name: text(word(4) as usize, (sizes & 0xffff) as usize)?,
            country: text((sizes >> 16 & 0xff) as usize * 3, 3)?,
            division: (division != NONE).then_some(division),
            order: (sizes >> 24 & 3) as u8,
            capital: sizes >> 31 == 1,
            lat: word(0) as i32,
            lon: word(1) as i32,
            people: word(2),
            geonames: word(3),
        })
    }
}

struct Draft {
    lat: i32,
    lon: i32,
    people: u32,
    geonames: u32,
    name: String,
    division: u32,
    country: usize,
    order: u8,
    capital: bool,
}

/// Makes the block. The first bad line is an error: its file (`false` for divisions, `true` for cities) and what is wrong.
pub fn build(divisions: &str, cities: &str) -> Result<Vec<u8>, (bool, Fault)> {
    let mut countries: Vec<String> = Vec::new();
    let mut country = |code: &str| {
        if code.len() != 3 || !code.is_ascii() {
            return Err(format!("\"{code}\" is no country code"));
        }
        let known = countries.iter().position(|c| c == code);
        let at = known.unwrap_or_else(|| {
            countries.push(code.to_owned());
            countries.len() - 1
        });
        if at < 256 { Ok(at) } else { Err("more than 256 countries".to_owned()) }
    };
    let mut spots: Vec<Draft> = Vec::new();
    let mut keys: Vec<(u64, u32)> = Vec::new();
    let mut parents: Vec<((usize, String), u32)> = Vec::new();
    for (n, line) in lines(divisions) {
        let [code, key, name, lat, lon, geonames, order, spellings] = fields(line);
        let bad = |field, what| (false, (n, field, what));
        let c = country(code).map_err(|e| bad("country", e))?;
        let at = spots.len() as u32;
        let order = if order == "2" { 2 } else { 1 };
        names(&mut keys, name, spellings, at);
        let parent = if order == 1 {
            parents.push(((c, key.to_owned()), at));
            NONE
        } else {
            parents.iter().find(|(k, _)| k.0 == c && k.1 == key).map_or(NONE, |p| p.1)
        };
        spots.push(Draft {
            lat: degrees(lat, 90).map_err(|e| bad("lat", e))?,
            lon: degrees(lon, 180).map_err(|e| bad("lon", e))?,
            people: 0,
            geonames: number(geonames).map_err(|e| bad("geonames", e))?,
            name: name.to_owned(),
            division: parent,
            country: c,
            order,
            capital: false,
        });
    }
    parents.sort();
    for (n, line) in lines(cities) {
        let [code, name, admin1, lat, lon, people, geonames, capital, spellings] = fields(line);
        let bad = |field, what| (true, (n, field, what));
        let c = country(code).map_err(|e| bad("country", e))?;
        let at = spots.len() as u32;
        names(&mut keys, name, spellings, at);
        let parent = parents.binary_search_by(|(k, _)| (k.0, k.1.as_str()).cmp(&(c, admin1))).ok().and_then(|i| parents.get(i));
        spots.push(Draft {
            lat: degrees(lat, 90).map_err(|e| bad("lat", e))?,
            lon: degrees(lon, 180).map_err(|e| bad("lon", e))?,
            people: number(people).map_err(|e| bad("people", e))?,
            geonames: number(geonames).map_err(|e| bad("geonames", e))?,
            name: name.to_owned(),
            division: parent.map_or(NONE, |p| p.1),
            country: c,
            order: 0,
            capital: capital == "c",
        });
    }
    Ok(bytes_of(&countries, &spots, keys))
}

fn bytes_of(countries: &[String], spots: &[Draft], mut keys: Vec<(u64, u32)>) -> Vec<u8> {
    // One spelling of a spot stands once; its name goes before other spellings, which carry the mark.
    keys.sort_by_key(|&(h, s)| (h >> 16, s & !OTHER, s));
    keys.dedup_by_key(|&mut (h, s)| (h >> 16, s & !OTHER));
    let mut texts = countries.concat().into_bytes();
    let mut body = Vec::with_capacity(spots.len() * SPOT);
    for s in spots {
        let len = s.name.len().min(0xffff) as u32;
        let sizes = len | (s.country as u32) << 16 | u32::from(s.order) << 24 | u32::from(s.capital) << 31;
        for word in [s.lat as u32, s.lon as u32, s.people, s.geonames, texts.len() as u32, s.division, sizes] {
            body.extend_from_slice(&word.to_le_bytes());
        }
        texts.extend_from_slice(s.name.as_bytes());
    }
    let mut out = Vec::new();
    let word = |out: &mut Vec<u8>, n: usize| out.extend_from_slice(&(n as u32).to_le_bytes());
    for n in [keys.len(), spots.len(), texts.len(), 0, 0] {
        word(&mut out, n);
    }
    for bucket in 0..=BUCKETS {
        word(&mut out, keys.partition_point(|&(h, _)| ((h >> 48) as usize) < bucket));
    }
    for (hash, spot) in keys {
        word(&mut out, (hash >> 16) as u32 as usize);
        word(&mut out, spot as usize);
    }
    out.extend_from_slice(&body);
    out.extend_from_slice(&texts);
    out
}

fn names(keys: &mut Vec<(u64, u32)>, name: &str, spellings: &str, at: u32) {
    keys.push((key_of(name), at));
    for spelling in std::iter::once(name).chain(spellings.split(';')) {
        let pieces = pieces_of(spelling.trim_start_matches('='));
        keys.extend(sound_of((0..pieces.list.len()).map(|i| pieces.text(i, i + 1))).map(|key| (key, at | OTHER)));
    }
    // "=New York": as much its name as the one in the first place.
    keys.extend(spellings.split(';').filter(|s| !s.is_empty()).map(|s| match s.strip_prefix('=') {
        Some(name) => (key_of(name), at),
        None => (key_of(s), at | OTHER),
    }));
}

/// Articles of Arabic names, as they sound before various letters: written, hyphenated or left out.
const ARTICLES: [&str; 15] = ["al", "el", "an", "en", "ar", "er", "as", "es", "ash", "ad", "ed", "at", "az", "ech", "adh"];

/// The hash under which a name is found by what it sounds like, for names that were carried over from other scripts in different ways:
/// "Ma'arrat an Nu'man" and "Maarat al-Numan", "Mar'yinka" and "Marinka". `None` for names too short to be told so.
pub fn sound_of<'p>(pieces: impl Iterator<Item = &'p str> + Clone) -> Option<u64> {
    let named = pieces.clone().any(|p| !ARTICLES.contains(&p));
    let letters: String = pieces.filter(|p| !named || !ARTICLES.contains(p)).collect();
    let mut out: Vec<u8> = Vec::with_capacity(letters.len());
    for (i, &c) in letters.as_bytes().iter().enumerate() {
        let before = i.checked_sub(1).and_then(|b| letters.as_bytes().get(b)).copied().unwrap_or(b' ');
        let sound = match c {
            b'e' | b'y' => b'i',
            b'o' | b'w' => b'u',
            b'q' | b'c' => b'k',
            // "kh", "gh", "dh" and the like are one sound; at the end of a name it is not heard.
            b'h' if !matches!(before, b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b' ') || i + 1 == letters.len() => continue,
            c => c,
        };
        if out.last() != Some(&sound) {
            out.push(sound);
        }
    }
    (out.len() >= 4).then(|| join(SOUND, hash(&out)))
}

/// Sets sounds apart from names.
const SOUND: u64 = 0x5ca1_ab1e;

/// The hash under which a name is found.
pub fn key_of(name: &str) -> u64 {
    pieces_of(name).list.iter().fold(0, |key, piece| join(key, piece.hash))
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(i, l)| (i + 1, l)).filter(|(_, l)| !l.trim().is_empty() && !l.starts_with('#'))
}

fn fields<const N: usize>(line: &str) -> [&str; N] {
    let mut out = [""; N];
    for (slot, field) in out.iter_mut().zip(line.split('\t')) {
        *slot = field.trim();
    }
    out
}

fn number(text: &str) -> Result<u32, String> {
    if text.is_empty() { Ok(0) } else { text.parse().map_err(|_| format!("\"{text}\" is no number")) }
}

/// Decimal degrees as thousandths.
fn degrees(text: &str, most: i32) -> Result<i32, String> {
    let n = text.parse::<f64>().map_err(|_| format!("\"{text}\" is no number of degrees"))?;
    let thousandths = (n * 1000.0).round() as i32;
    if thousandths.abs() <= most * 1000 { Ok(thousandths) } else { Err(format!("{text} is beyond {most} degrees")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIVISIONS: &str = "# c\nAAA\t01\tNorth Province\t10.5\t20\t7\t\tNorth\nAAA\t01\tHill District\t10.5\t20\t\t2\n";
    const CITIES: &str = "AAA\tSpringtown\t01\t10.512\t20.25\t1200\t99\tc\tSprington;Spring Town\nBBB\tSpringtown\t\t-33.1\t-70\t50\t5\n";

    #[test]
    fn finds_names_and_spellings_where_they_lie() {
        let bytes = build(DIVISIONS, CITIES).unwrap();
        let index = Index::new(&bytes);
        assert_eq!(index.len(), 4);
        let all: Vec<_> = index.find(key_of("SPRINGTOWN")).collect();
        assert_eq!(all, [(2, false), (3, false)]);
        assert_eq!(index.find(key_of("springton")).collect::<Vec<_>>(), [(2, true)]);
        assert_eq!(index.find(key_of("Autumntown")).count(), 0);
        let s = index.spot(2).unwrap();
        assert_eq!(
            (s.name, s.country, s.division, s.lat, s.lon, s.people, s.geonames),
            ("Springtown", "AAA", Some(0), 10512, 20250, 1200, 99)
        );
        assert!(s.capital && s.order == 0);
        assert_eq!(index.spot(0).map(|d| (d.name, d.order)), Some(("North Province", 1)));
        assert_eq!(index.spot(1).map(|d| (d.division, d.order)), Some((Some(0), 2)));
        assert_eq!(index.spot(4), None);
    }

    #[test]
    fn bad_lines_are_named() {
        assert_eq!(build("", "AAA\tX\t\t91\t0\t").unwrap_err(), (true, (1, "lat", "91 is beyond 90 degrees".to_owned())));
        assert!(build("Q\tX", "").is_err());
    }

    #[test]
    fn broken_blocks_hold_nothing() {
        for bytes in [&[][..], &[1, 2, 3], &[255; 64]] {
            let index = Index::new(bytes);
            assert_eq!(index.find(key_of("London")).take(3).count(), 0);
            assert_eq!(index.spot(0), None);
        }
    }
}
