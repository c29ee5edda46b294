"""Writes a trained checkpoint as the weights file that the Rust side reads.

Matrices become 8-bit with one scale a row; tables likewise. Rows of hashed
tables that no training form ever touched are zero, as under dropout.
"""
import argparse
import struct
import unicodedata

import numpy as np
import torch

import data
import lemmas


def quant(m):
    """Rows of int8 and a scale each, so that row = int8 * scale."""
    m = m.detach().float().numpy()
    s = np.abs(m).max(1) / 127.0
    s[s == 0] = 1e-8
    return np.clip(np.rint(m / s[:, None]), -127, 127).astype(np.int8), s.astype(np.float32)


class Writer:
    def __init__(self):
        self.out = bytearray(b"CHSYN001")

    def put(self, name, kind, dims, payload):
        self.out += bytes([len(name)]) + name.encode() + bytes([kind, len(dims)])
        for d in dims:
            self.out += struct.pack("<I", d)
        self.out += payload

    def bytes(self, name, a):
        self.put(name, 0, a.shape, a.tobytes())

    def floats(self, name, a):
        a = np.asarray(a, dtype="<f4").reshape(-1)
        self.put(name, 1, a.shape, a.tobytes())

    def lines(self, name, items):
        b = "\n".join(items).encode()
        self.put(name, 2, [len(b)], b)

    def matrix(self, name, m):
        q, s = quant(m)
        self.bytes(name, q)
        self.floats(name + ".scale", s)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("checkpoint")
    ap.add_argument("treebanks")
    ap.add_argument("out")
    ap.add_argument("--vectors", required=True)
    a = ap.parse_args()
    ck = torch.load(a.checkpoint)
    st, labels, vocab = ck["state"], ck["labels"], ck["vocab"]
    frozen = torch.load(a.vectors)[1]
    w = Writer()

    by = lambda d: [k for k, _ in sorted(d.items(), key=lambda kv: kv[1])]
    for k in ("upos", "xpos", "dep", "ner"):
        w.lines(k, by(labels[k]))
    w.lines("pieces", by(vocab))
    folds = []
    for c in list(range(0xC0, 0x250)) + list(range(0x370, 0x530)) + list(range(0x1E00, 0x2000)):
        ch = chr(c)
        if ch != ch.lower():
            continue
        f = data.fold(ch)
        if len(f) == 1 and f != ch:
            folds.append(ch + f)
    w.lines("folds", folds)

    # how large activations get on the training forms decides the input's integer unit
    feats = data.Featurizer(vocab)
    sents = [s for n in ("ewt-train", "gum_ccby-train") for s in data.read_conllu(f"{a.treebanks}/en_{n}.conllu.gz")]
    forms = {t[0] for s in sents for t in s}
    rules = lemmas.learn(sents)
    print(len(rules), "lemma rules")
    w.lines("lemmas", rules)
    used_w, used_a = set(), set()
    for f in forms:
        _, wid, aff = feats.features(f)
        used_w.add(wid)
        used_a.update(aff)
    word, affix = st["word.weight"].clone(), st["affix.weight"].clone()
    for m, used in ((word, used_w), (affix, used_a)):
        keep = torch.zeros(len(m), 1)
        keep[sorted(used)] = 1
        m *= keep
    piece = (frozen @ st["proj.weight"].T)[1:]
    w.matrix("piece", piece)
    w.matrix("word", word)
    w.matrix("affix", affix)
    top = 0.0
    for f in sorted(forms):
        p, wid, aff = feats.features(f)
        v = piece[[i - 1 for i in p]].sum(0) / max(1, len(p)) ** 0.5
        top = max(top, float(v.abs().max()), float((word[wid] + affix[aff].sum(0)).abs().max()))
    unit_in = float(2 ** int(np.floor(np.log2(32767 / (top * 1.2)))))
    print("largest input", top, "unit", unit_in)
    w.floats("unit_in", [unit_in])

    layer = 0
    while f"rnn.{layer}.f.weight_ih_l0" in st:
        for d in "fb":
            g = lambda n: st[f"rnn.{layer}.{d}.{n}_l0"]
            w.matrix(f"rnn.{layer}.{d}.in", g("weight_ih"))
            w.matrix(f"rnn.{layer}.{d}.rec", g("weight_hh"))
            # torch orders gates i f g o, as the kernel does
            w.floats(f"rnn.{layer}.{d}.bias", g("bias_ih") + g("bias_hh"))
        layer += 1
    names = ["upos", "xpos", "ner", "arc_d", "arc_h", "lab_d", "lab_h"]
    w.matrix("out", torch.cat([st[n + ".weight"] for n in names]))
    w.floats("out.bias", torch.cat([st[n + ".bias"] for n in names]))
    w.floats("ner_step", st["ner_step"].reshape(-1))
    w.matrix("arc_w", st["arc_w"].T)
    w.floats("arc_b", st["arc_b"])
    w.floats("root", st["root"].reshape(-1))
    w.floats("lab_root", st["lab_root"].reshape(-1))
    w.matrix("lab_o", st["lab_o.weight"])
    w.floats("lab_o.bias", st["lab_o.bias"])

    # forms with their ids: the Rust features must agree
    sample = sorted(forms)[:: max(1, len(forms) // 300)] + ["U.S.-led", "Erdoğan", "naïve", "don’t", "‘", "“", "--", "…", "São", "ÉCOLE"]
    rows = []
    for f in sample:
        p, wid, aff = feats.features(f)
        rows.append(f + "\t" + " ".join(str(i - 1) for i in p) + "\t" + str(wid) + "\t" + " ".join(map(str, aff)))
    w.lines("check", rows)
    open(a.out, "wb").write(bytes(w.out))
    print(len(w.out), "bytes")


if __name__ == "__main__":
    main()
