"""Treebank reading and token features shared by training and export.

Everything the Rust side must reproduce (form normalisation, word pieces,
hashed features) is in this file and nowhere else.
"""
import gzip
import random
import unicodedata

WORD_TABLE = 1 << 14  # rows of the hashed whole-form table
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


def misc(token, key, other=None):
    return next((m[len(key) + 1 :] for m in token[7].split("|") if m.startswith(key + "=")), other)


def told_names(sent):
    """Name tags that `teacher.py` wrote; -1 where its members differ."""
    return [-1 if n == "?" else n for n in (misc(t, "Name", "?") for t in sent)]


def told_sure(sent):
    """How sure the teacher is of each token's arc and relation, 0 to 1."""
    return [float(misc(t, "Sure", 1)) for t in sent]


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


WIRE = {
    "million": ["mln", "mn"], "billion": ["bln", "bn"], "percent": ["pct"], "dollars": ["dlrs"], "dollar": ["dlr"], "cents": ["cts"],
    "department": ["dept"], "government": ["govt"],
}
BE = ("is", "are", "was", "were", "be", "been", "being")


def without(sent, drop):
    """The sentence without the tokens at indices `drop` (all leaves), heads renumbered."""
    new = {0: 0}
    for i in range(len(sent)):
        if i not in drop:
            new[i + 1] = len(new)
    return [(*t[:5], new[t[5]], *t[6:]) for i, t in enumerate(sent) if i not in drop]


def augment(sent, ner, rng):
    """(forms, sentence, name tags): now and then as a headline, in other typography, in wire spelling or without its full stop."""
    r = rng.random()
    has_child = {t[5] for t in sent}
    leaf = lambda i: i + 1 not in has_child
    drop = set()
    if r < 0.07 and len(sent) > 4:
        # headlines leave out articles, often the auxiliary of a passive, and the full stop
        be = rng.random() < 0.5
        for i, t in enumerate(sent):
            low = t[0].lower()
            if leaf(i) and (t[6] == "det" and low in ("a", "an", "the") or be and t[6] in ("aux:pass", "cop") and low in BE):
                drop.add(i)
    if (r < 0.07 or r > 0.96) and len(sent) > 3 and sent[-1][6] == "punct" and leaf(len(sent) - 1):
        drop.add(len(sent) - 1)
    if drop and len(drop) < len(sent):
        if ner is not None:
            ner = [n for i, n in enumerate(ner) if i not in drop]
        sent = without(sent, drop)
    forms = [t[0] for t in sent]
    if r < 0.02 or 0.07 <= r < 0.085:
        forms = [f.upper() for f in forms]
    elif r < 0.05 or 0.085 <= r < 0.1:
        forms = [f[:1].upper() + f[1:] if t[2] not in ("ADP", "DET", "CCONJ", "PART") or i == 0 else f for i, (f, t) in enumerate(zip(forms, sent))]
    elif 0.1 <= r < 0.115:
        forms = [f.lower() for f in forms]
    if rng.random() < 0.3:
        forms = [rng.choice(WIRE[f]) if f in WIRE else f for f in forms]
    return forms, sent, ner
