"""Names for the chunker beyond those GUM marks: our own lists of actors, and what they say of EWT's proper nouns.

GUM alone names some thousands of persons, organisations and places. Two things are made of the lists under
`data/actors`: names that stand in for those of GUM in training, so that the chunker learns contexts and shapes rather
than the names themselves; and tags for EWT, where a known name has its kind, other words are in no name, and other
proper nouns are left open.
"""
import glob
import re

import data

PROPER = ("NNP", "NNPS")
WORD = re.compile(r"[A-Z]\.(?:[A-Z]\.)*|\w+|[^\w\s]")
ANY = -1  # a tag the treebank does not tell


def rows(path):
    for line in open(path, encoding="utf-8"):
        if line.strip() and line[0] != "#":
            yield line.rstrip("\n").split("\t")


def spelled(cells):
    """The names of a line: `=X` and `~X` lose their marks, short forms (`*`, `-X`) are left out."""
    for cell in cells:
        for n in cell.split(";"):
            n = n.lstrip("=~")
            if n and n[0] not in "*-":
                yield n


def known(actors):
    """Tokens of each name -> PER, ORG or LOC; of two kinds the first read wins."""
    out = {}

    def add(names, kind):
        for n in names:
            tokens = tuple(WORD.findall(n))
            if tokens and tokens[0][:1].isupper() and len(tokens) <= 8:
                out.setdefault(tokens, kind)

    for c in rows(f"{actors}/countries.tsv"):
        add(spelled([*c[1:3], *c[5:6]]), "LOC")
    for c in rows(f"{actors}/regions.tsv"):
        add(spelled(c[1:2]), "LOC")
    for c in rows(f"{actors}/igos.tsv"):
        add(spelled(c[1:3]), "ORG")
    for path in sorted(glob.glob(f"{actors}/orgs/*.tsv")):
        for c in rows(path):
            add(spelled(c[0:2]), "ORG")
    for path in sorted(glob.glob(f"{actors}/persons/*.tsv")):
        for c in rows(path):
            add(spelled(c[0:2]), "PER")
    return out


def silver(sent, names):
    """Tags of a sentence without marked entities: known names, O off proper nouns, otherwise open."""
    tags = [ANY if t[3] in PROPER or t[2] == "PROPN" else "O" for t in sent]
    forms = [t[0] for t in sent]
    i = 0
    while i < len(sent):
        n = next((n for n in range(min(8, len(sent) - i), 0, -1) if tuple(forms[i : i + n]) in names), 0)
        # part of a longer name says nothing of that name
        alone = n and (i == 0 or tags[i - 1] == "O") and (i + n == len(sent) or sent[i + n][3] not in PROPER)
        if alone and sent[i][3] in PROPER and sent[i + n - 1][3] in PROPER:
            kind = names[tuple(forms[i : i + n])]
            tags[i : i + n] = ["B-" + kind] + ["I-" + kind] * (n - 1)
            i += n
        else:
            # a word between the proper nouns of one run ("Bank of America") may be part of the name
            if tags[i] == "O" and 0 < i < len(sent) - 1 and sent[i][2] in ("ADP", "DET", "CCONJ", "PUNCT", "NUM") and sent[i - 1][3] in PROPER and sent[i + 1][3] in PROPER:
                tags[i] = ANY
            i += 1
    return tags


def spans(tags):
    out = []
    for i, t in enumerate(tags):
        if t != ANY and t[0] == "B":
            out.append([i, i + 1, t[2:]])
        elif t != ANY and t[0] == "I" and out and out[-1][1] == i:
            out[-1][1] = i + 1
    return out


class Pool:
    """Names by kind and length, to put in the place of others."""

    def __init__(self, tagged, names):
        self.by = {}
        for sent, tags in tagged:
            for a, b, k in spans(tags):
                self.by.setdefault((k, b - a), []).append([t[0] for t in sent[a:b]])
        for tokens, k in names.items():
            self.by.setdefault((k, len(tokens)), []).append(list(tokens))
        # organisations go by their initials, which no list of names can hold in full
        first = lambda tokens: "".join(t[0] for t in tokens if t[0].isupper())
        made = {first(tokens) for tokens, k in names.items() if k == "ORG"}
        self.initials = sorted(m for m in made if 2 < len(m) < 7)

    def swap(self, forms, tags, rng):
        forms = list(forms)
        for a, b, k in spans(tags):
            r = rng.random()
            if k == "ORG" and b - a == 1 and r < 0.25:
                forms[a] = rng.choice(self.initials)
            elif r < 0.45 and (k, b - a) in self.by:
                forms[a:b] = rng.choice(self.by[(k, b - a)])
        return forms
