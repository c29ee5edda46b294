"""Lemma rules learned from the treebanks: endings per tag, and the words they get wrong."""
from collections import Counter, defaultdict

MAX_ENDING = 5


def edit(form, lemma):
    k = 0
    while k < min(len(form), len(lemma)) and form[k] == lemma[k]:
        k += 1
    return (len(form) - k, lemma[k:])


def apply(form, e):
    return form[: len(form) - e[0]] + e[1]


def learn(sents):
    """Lines `KEY<tab>STRIP<tab>ADD`; keys `TAG:ending` or `TAG=form`."""
    votes = defaultdict(Counter)
    for s in sents:
        for t in s:
            form, lemma = t[0].lower().replace("’", "'").replace("‘", "'"), t[1].lower().replace("’", "'")
            if lemma != "_" and t[3] not in ("GW", "_"):
                votes[(t[3], form)][lemma] += 1
    words = {k: min(c, key=lambda x: (-c[x], x)) for k, c in votes.items()}
    by_end = defaultdict(Counter)
    for (tag, form), lemma in words.items():
        e = edit(form, lemma)
        for n in range(0, min(MAX_ENDING, len(form)) + 1):
            by_end[(tag, form[len(form) - n :])][e] += 1
    rules = {}
    for n in range(MAX_ENDING + 1):
        for (tag, end), c in sorted(by_end.items()):
            if len(end) != n:
                continue
            best = min(c, key=lambda e: (-c[e], e))
            up = next((rules[(tag, end[i:])] for i in range(1, n + 1) if (tag, end[i:]) in rules), None)
            # an ending must be seen in several words, or it is only a list of words
            if best != up and (n == 0 or c[best] >= 3 and c[best] > 0.6 * sum(c.values())):
                rules[(tag, end)] = best
    out = [f"{t}:{e}\t{r[0]}\t{r[1]}" for (t, e), r in sorted(rules.items())]
    for (tag, form), lemma in sorted(words.items()):
        r = next(rules[(tag, form[i:])] for i in range(max(0, len(form) - MAX_ENDING), len(form) + 1) if (tag, form[i:]) in rules)
        if apply(form, r) != lemma or r[0] >= len(form) and lemma != form:
            e = edit(form, lemma)
            out.append(f"{tag}={form}\t{e[0]}\t{e[1]}")
    return out
