//! Names as keys: letters folded to lower case without marks, cut into pieces at whatever is no letter or digit.
//!
//! "People's" is `people s`, "Côte d'Ivoire" `cote d ivoire`, "U.S." `us`: the same rule cuts the knowledge and the text.

/// One piece of a name, with what its letters looked like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    pub hash: u64,
    /// Bytes of the piece in the buffer of folded text.
    pub start: u32,
    pub end: u32,
    /// Token it stands in.
    pub token: u16,
    /// Its first letter is upper case.
    pub upper: bool,
}

/// Pieces of a text with their folded letters.
#[derive(Debug, Default, Clone)]
pub struct Pieces {
    pub folded: String,
    /// The letters as they stand, for exact comparison.
    pub exact: String,
    pub list: Vec<Piece>,
    exact_at: Vec<(u32, u32)>,
}

impl Pieces {
    pub fn clear(&mut self) {
        self.folded.clear();
        self.exact.clear();
        self.list.clear();
        self.exact_at.clear();
    }
    /// Folded letters of pieces `from..to`, without gaps between them.
    pub fn text(&self, from: usize, to: usize) -> &str {
        match (self.list.get(from), to.checked_sub(1).and_then(|t| self.list.get(t))) {
            (Some(a), Some(b)) => self.folded.get(a.start as usize..b.end as usize).unwrap_or(""),
            _ => "",
        }
    }
    /// Letters of pieces `from..to` as they stand in the text.
    pub fn exact(&self, from: usize, to: usize) -> &str {
        match (self.exact_at.get(from), to.checked_sub(1).and_then(|t| self.exact_at.get(t))) {
            (Some(a), Some(b)) => self.exact.get(a.0 as usize..b.1 as usize).unwrap_or(""),
            _ => "",
        }
    }
    /// Adds the pieces of `text`, as token `token`.
    pub fn push(&mut self, text: &str, token: u16) {
        if is_initials(text) {
            self.open(token);
            text.chars().filter(|c| c.is_alphanumeric()).for_each(|c| self.letter(c));
            self.close();
            return;
        }
        let mut open = false;
        let mut any = false;
        for c in text.chars() {
            // "OPEC+" is not OPEC.
            if c.is_alphanumeric() || (open && c == '+') {
                if !open {
                    self.open(token);
                    open = true;
                    any = true;
                }
                self.letter(c);
            } else if open && !is_mark(c) {
                self.close();
                open = false;
            }
        }
        if open {
            self.close();
        }
        if !any {
            self.mark(text, token);
        }
    }
    /// A token without letters: hyphens, dots and apostrophes join, "&" is "and", everything else parts.
    fn mark(&mut self, text: &str, token: u16) {
        if text.chars().all(|c| matches!(c, '-' | '‐' | '‑' | '.' | '\'' | '’' | '/')) {
            return;
        }
        self.open(token);
        if text == "&" {
            "and".chars().for_each(|c| self.letter(c));
        } else {
            self.folded.push(if text == "," { ',' } else { '\u{1}' });
        }
        self.close();
    }
    fn open(&mut self, token: u16) {
        let at = self.folded.len() as u32;
        let exact = self.exact.len() as u32;
        self.list.push(Piece { hash: 0, start: at, end: at, token, upper: false });
        self.exact_at.push((exact, exact));
    }
    fn letter(&mut self, c: char) {
        if let Some(p) = self.list.last_mut()
            && p.start as usize == self.folded.len()
        {
            p.upper = c.is_uppercase() || c.is_ascii_digit();
        }
        self.exact.push(c);
        fold_into(c, &mut self.folded);
    }
    fn close(&mut self) {
        if let (Some(p), Some(e)) = (self.list.last_mut(), self.exact_at.last_mut()) {
            p.end = self.folded.len() as u32;
            p.hash = hash(self.folded.get(p.start as usize..).unwrap_or("").as_bytes());
            e.1 = self.exact.len() as u32;
        }
    }
}

/// The pieces of a name in the knowledge files; commas in names count as in texts.
pub fn pieces_of(name: &str) -> Pieces {
    let mut pieces = Pieces::default();
    for word in name.split_whitespace() {
        let bare = word.strip_suffix(',').unwrap_or(word);
        pieces.push(bare, 0);
        if bare.len() < word.len() {
            pieces.push(",", 0);
        }
    }
    pieces
}

/// `text` folded to lower case without marks, letters and digits only, pieces parted by a hyphen: the form of slugs.
pub fn slug(text: &str) -> String {
    let pieces = pieces_of(text);
    let mut out = String::with_capacity(text.len());
    for (i, p) in pieces.list.iter().enumerate() {
        let piece = pieces.text(i, i + 1);
        if piece == "," || piece == "\u{1}" {
            continue;
        }
        if !out.is_empty() {
            out.push('-');
        }
        out.push_str(piece);
        debug_assert!(p.start <= p.end);
    }
    out
}

/// Whether `text` is a row of single letters with dots: "U.S.", "U.N", "D.R.".
fn is_initials(text: &str) -> bool {
    let mut chars = text.chars().peekable();
    let (mut letters, mut dots) = (0, 0);
    while let Some(c) = chars.next() {
        if !c.is_alphabetic() {
            return false;
        }
        letters += 1;
        match chars.next() {
            Some('.') => dots += 1,
            None => break,
            _ => return false,
        }
    }
    letters > 1 && dots > 0 && letters <= 8
}

/// Combining marks carry no letter of their own.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

/// FNV-1a with a final mix; the same on every machine.
pub fn hash(bytes: &[u8]) -> u64 {
    let mut h = 0xcbf2_9ce4_8422_2325u64;
    for &b in bytes {
        h = (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    mix(h)
}

/// Hash of a row of pieces: `prefix` followed by `piece`.
pub fn join(prefix: u64, piece: u64) -> u64 {
    mix(prefix.rotate_left(23).wrapping_add(SEED) ^ piece)
}

fn mix(mut h: u64) -> u64 {
    h ^= h >> 32;
    h = h.wrapping_mul(SEED);
    h ^ (h >> 29)
}

/// Appends `c` in lower case without marks.
fn fold_into(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    let folded = match c {
        'À'..='Å' | 'à'..='å' | 'Ā'..='ą' | 'Ǎ' | 'ǎ' | 'Ạ'..='ặ' => "a",
        'Æ' | 'æ' => "ae",
        'Ç' | 'ç' | 'Ć'..='č' => "c",
        'Ď'..='đ' | 'Ð' | 'ð' => "d",
        'È'..='Ë' | 'è'..='ë' | 'Ē'..='ě' | 'Ẹ'..='ệ' | 'Ə' | 'ə' => "e",
        'Ĝ'..='ģ' | 'Ǧ' | 'ǧ' => "g",
        'Ĥ'..='ħ' => "h",
        'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ'..='ı' | 'Ỉ'..='ị' => "i",
        'Ĵ' | 'ĵ' => "j",
        'Ķ'..='ĸ' => "k",
        'Ĺ'..='ł' => "l",
        'Ñ' | 'ñ' | 'Ń'..='ŋ' => "n",
        'Ò'..='Ö' | 'ò'..='ö' | 'Ø' | 'ø' | 'Ō'..='ő' | 'Ơ' | 'ơ' | 'Ọ'..='ợ' => "o",
        'Œ' | 'œ' => "oe",
        'Ŕ'..='ř' => "r",
        'Ś'..='š' | 'Ș' | 'ș' => "s",
        'ß' => "ss",
        'Ţ'..='ŧ' | 'Ț' | 'ț' => "t",
        'Ù'..='Ü' | 'ù'..='ü' | 'Ũ'..='ų' | 'Ư' | 'ư' | 'Ụ'..='ự' => "u",
        'Ŵ' | 'ŵ' => "w",
        'Ý' | 'ý' | 'ÿ' | 'Ŷ'..='Ÿ' | 'Ỳ'..='ỹ' => "y",
        'Ź'..='ž' => "z",
        'Þ' | 'þ' => "th",
        _ => {
            out.extend(c.to_lowercase());
            return;
        }
    };
    out.push_str(folded);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<String> {
        let p = pieces_of(text);
        (0..p.list.len()).map(|i| p.text(i, i + 1).to_owned()).collect()
    }

    #[test]
    fn names_are_cut_alike_whatever_their_marks() {
        assert_eq!(cut("Côte d'Ivoire"), ["cote", "d", "ivoire"]);
        assert_eq!(cut("U.S."), ["us"]);
        assert_eq!(cut("US"), ["us"]);
        assert_eq!(cut("Guinea-Bissau"), ["guinea", "bissau"]);
        assert_eq!(cut("United Nations Educational, Scientific"), ["united", "nations", "educational", ",", "scientific"]);
        assert_eq!(slug("Recep Tayyip Erdoğan"), "recep-tayyip-erdogan");
    }

    #[test]
    fn an_acronym_is_told_from_its_word() {
        let p = pieces_of("US");
        assert_eq!(p.exact(0, 1), "US");
        assert_ne!(pieces_of("us").exact(0, 1), p.exact(0, 1));
        assert!(!is_initials("Mr."));
        assert!(!is_initials("a"));
    }
}
