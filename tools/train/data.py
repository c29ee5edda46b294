"""Treebank reading and token features shared by training and export.

Everything the Rust side must reproduce (form normalisation, word pieces,
hashed features) is in this file and nowhere else.
"""
import gzip
import random
import unicodedata

WORD_TABLE = 1 << 15  # rows of the hashed whole-form table
AFFIX_TABLE = 1 << 13  # rows of the hashed affix and shape table
MAX_PIECES = 6
AFFIXES = 7  # ids per token in the affix table

QUOTES = {
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "`": "'", "\u00b4": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
    "``": '"', "''": '"', "\u2013": "-", "\u2014": "--", "\u2026": "...", "\u2212": "-",
}


def read_conllu(path):
    """Sentences as lists of (form, lemma, upos, xpos, feats, head, deprel, misc)."""
    op = gzip.open if path.endswith(".gz") else open
    sents, cur = [], []
    with op(path, "rt", encoding="utf-8") as f:
        for line in f:
            line = line.rstrip("\n")
            if not line:
                if cur:
                    sents.append(cur)
                cur = []
            elif line[0] != "#":
                c = line.split("\t")
                if c[0].isdigit():
                    cur.append((c[1], c[2], c[3], c[4], c[5], int(c[6]), c[7], c[9]))
    if cur:
        sents.append(cur)
    return sents


def normalise(form):
    """Plain quotation marks and dashes, so that typography does not matter."""
    if form in QUOTES:
        return QUOTES[form]
    return "".join(QUOTES.get(c, c) if len(QUOTES.get(c, c)) == 1 else c for c in form)


def fnv(kind, text):
    h = 0x811C9DC5
    for b in bytes([kind]) + text.encode("utf-8"):
        h = ((h ^ b) * 0x01000193) & 0xFFFFFFFF
    # final mix: the low bits of FNV-1a alone are weak for short keys
    h ^= h >> 15
    h = (h * 0x2C1B3C6D) & 0xFFFFFFFF
    h ^= h >> 12
    return h


def shape(form):
    out = []
    for c in form:
        if c.isupper():
            k = "X"
        elif c.isalpha():
            k = "x"
        elif c.isnumeric():
            k = "d"
        else:
            k = c
        if len(out) >= 2 and out[-1] == k and out[-2] == k:
            continue
        out.append(k)
        if len(out) == 10:
            break
    return "".join(out)


def fold(form):
    """Lower case without combining accents, as the uncased vocabulary has it."""
    low = form.lower()
    return "".join(c for c in unicodedata.normalize("NFD", low) if unicodedata.category(c) != "Mn")


class Featurizer:
    def __init__(self, vocab):
        """`vocab`: word piece -> row (1-based; 0 is padding)."""
        self.vocab = vocab
        self.cache = {}

    def pieces(self, folded):
        """Greedy longest match; punctuation stands alone; unknown parts are skipped."""
        words, cur = [], ""
        for c in folded:
            if c.isalnum():
                cur += c
            else:
                if cur:
                    words.append(cur)
                words.append(c)
                cur = ""
        if cur:
            words.append(cur)
        ids = []
        for w in words:
            pos = 0
            while pos < len(w) and len(ids) < MAX_PIECES:
                end = min(len(w), pos + 18)
                while end > pos:
                    key = w[pos:end] if pos == 0 else "##" + w[pos:end]
                    if key in self.vocab:
                        ids.append(self.vocab[key])
                        break
                    end -= 1
                pos = end if end > pos else pos + 1
        return ids

    def features(self, form):
        """(pieces, word id, affix ids) of one token form."""
        hit = self.cache.get(form)
        if hit is not None:
            return hit
        n = normalise(form)
        f = fold(n)
        low = n.lower()
        a = [
            fnv(1, low[-1:]), fnv(2, low[-2:]), fnv(3, low[-3:]), fnv(4, low[-4:]),
            fnv(5, low[:2]), fnv(6, low[:3]), fnv(7, shape(n)),
        ]
        res = (self.pieces(f), fnv(0, n) % WORD_TABLE, [x % AFFIX_TABLE for x in a])
        self.cache[form] = res
        return res


def augment(sent, rng):
    """A sentence as a headline, in other typography or without its full stop."""
    r = rng.random()
    forms = [t[0] for t in sent]
    keep = len(sent)
    if r < 0.03:
        forms = [f.upper() for f in forms]
    elif r < 0.06:
        forms = [f[:1].upper() + f[1:] if t[2] not in ("ADP", "DET", "CCONJ", "PART") else f for f, t in zip(forms, sent)]
    elif r < 0.075:
        forms = [f.lower() for f in forms]
    elif r < 0.11 and len(sent) > 3 and sent[-1][2] == "PUNCT" and sent[-1][6] == "punct":
        if not any(t[5] == len(sent) for t in sent):
            keep -= 1
    return forms[:keep], sent[:keep]
