"""Trains the English syntax model. See README.md in this folder."""
import argparse
import copy
import json
import os
import random
import time

import torch
import torch.nn.functional as F

import data
import minilm
import names
from model import Net


def ner_tags(sent):
    """BIO tags of named persons, organisations and places from GUM's Entity=; None without it."""
    tags = ["O"] * len(sent)
    stack = []
    for i, t in enumerate(sent):
        ent = next((m[7:] for m in t[7].split("|") if m.startswith("Entity=")), "")
        j = 0
        while j < len(ent):
            if ent[j] == "(":
                k = j + 1
                while k < len(ent) and ent[k] not in "()":
                    k += 1
                stack.append((ent[j + 1 : k].split("-"), i))
                j = k
                if j < len(ent) and ent[j] == ")":
                    close(stack, len(stack) - 1, i, sent, tags)
                    j += 1
            else:
                k = j
                while k < len(ent) and ent[k] not in "()":
                    k += 1
                eid = ent[j:k]
                for s in range(len(stack) - 1, -1, -1):
                    if stack[s][0][0] == eid:
                        close(stack, s, i, sent, tags)
                        break
                j = k + 1
    return tags


NER = {"person": "PER", "organization": "ORG", "place": "LOC"}


def close(stack, at, end, sent, tags):
    parts, start = stack.pop(at)
    kind = NER.get(parts[1]) if len(parts) > 1 else None
    # a name: the span holds a proper noun and nothing that is not part of names
    while start <= end and sent[start][2] == "DET":
        start += 1
    if kind is None or start > end:
        return
    span = sent[start : end + 1]
    if not all(t[2] == "PROPN" or t[3] == "NNP" or t[2] in ("ADP", "DET", "PUNCT", "NUM", "CCONJ") for t in span):
        return
    if span[0][3][:3] != "NNP" or span[-1][3][:3] != "NNP" or any(t[3] in (",", "-LRB-", ":") for t in span):
        return
    for i in range(start, end + 1):
        tags[i] = ("B-" if i == start else "I-") + kind


class Batcher:
    def __init__(self, feats, labels):
        self.f, self.l = feats, labels

    def tensors(self, items):
        """items: list of (forms, sent, ner or None)."""
        b, t = len(items), max(len(i[0]) for i in items)
        P = torch.zeros(b, t, data.MAX_PIECES, dtype=torch.long)
        W = torch.zeros(b, t, dtype=torch.long)
        A = torch.zeros(b, t, data.AFFIXES, dtype=torch.long)
        mask = torch.zeros(b, t, dtype=torch.bool)
        rev = torch.arange(t).repeat(b, 1)
        Y = torch.full((5, b, t), -100, dtype=torch.long)
        for i, (forms, sent, ner) in enumerate(items):
            n = len(forms)
            pz, wz, az = [], [], []
            for f in forms:
                p, w, a = self.f.features(f)
                pz.append(p + [0] * (data.MAX_PIECES - len(p)))
                wz.append(w)
                az.append(a)
            P[i, :n] = torch.tensor(pz)
            W[i, :n] = torch.tensor(wz)
            A[i, :n] = torch.tensor(az)
            mask[i, :n] = True
            rev[i, :n] = torch.arange(n - 1, -1, -1)
            L = self.l
            Y[0, i, :n] = torch.tensor([L["upos"].get(x[2], -100) for x in sent])
            Y[1, i, :n] = torch.tensor([L["xpos"].get(x[3], -100) for x in sent])
            Y[2, i, :n] = torch.tensor([x[5] for x in sent])
            Y[3, i, :n] = torch.tensor([L["dep"].get(x[6], -100) for x in sent])
            if ner is not None:
                Y[4, i, :n] = torch.tensor([names.ANY if x == names.ANY else L["ner"][x] for x in ner])
        return P, W, A, rev, mask, Y


def batches(items, tokens, rng):
    order = sorted(range(len(items)), key=lambda i: (len(items[i][0]), rng.random()))
    out, cur, width = [], [], 0
    for i in order:
        width = max(width, len(items[i][0]))
        if cur and width * (len(cur) + 1) > tokens:
            out.append(cur)
            cur, width = [], len(items[i][0])
        cur.append(items[i])
    if cur:
        out.append(cur)
    rng.shuffle(out)
    return out


# what decides roles counts more than where a comma hangs
WEIGHT = {"punct": 0.6, "obj": 1.25, "obl": 1.25, "nmod": 1.25, "conj": 1.25, "appos": 1.5}

# names have a treebank of a third of the words, and few of those are names
NAMES = 2.0


def weights(dep):
    """Weight of an arc by the number of its relation, `dep` being the relations' numbers."""
    return torch.tensor([WEIGHT.get(r.split(":")[0], 1.0) for r, _ in sorted(dep.items(), key=lambda kv: kv[1])])


def losses(net, batch, weight):
    """The summed loss of a batch; `weight` as `weights` gives it."""
    P, W, A, rev, mask, Y = batch
    up, xp, ne, s, x = net(P, W, A, rev, mask)
    ce = lambda z, y: F.cross_entropy(z.reshape(-1, z.shape[-1]), y.reshape(-1), ignore_index=-100)
    lab = net.labels(x, Y[2].clamp(min=0))
    loss = 0.4 * ce(up, Y[0]) + 0.6 * ce(xp, Y[1])
    loss = loss + F.cross_entropy(lab.reshape(-1, lab.shape[-1]), Y[3].reshape(-1), weight=weight, ignore_index=-100)
    each = F.cross_entropy(s.reshape(-1, s.shape[-1]), Y[2].reshape(-1), ignore_index=-100, reduction="none")
    w = weight[Y[3].clamp(min=0)].reshape(-1) * mask.reshape(-1)
    loss = loss + (each * w).sum() / w.sum()
    # rows that say nothing of names are left out
    told = (Y[4] >= 0).any(1)
    if told.any():
        loss = loss + NAMES * net.name_loss(ne[told], Y[4][told], mask[told])
    return loss


@torch.no_grad()
def evaluate(net, batcher, items, labels):
    net.eval()
    dep_main = {v: k.split(":")[0] for k, v in labels["dep"].items()}
    n = c_up = c_xp = c_ua = c_la = 0
    tag = {v: k for k, v in labels["ner"].items()}
    inside = torch.tensor([tag[i][0] == "I" for i in range(len(tag))])
    follow = torch.tensor([[tag[j][0] != "I" or tag[i][1:] == tag[j][1:] for j in range(len(tag))] for i in range(len(tag))])
    begin, follow = torch.where(inside, -1e4, 0.0), torch.where(follow, 0.0, -1e4)
    hits = given = wanted = 0
    for b in batches(items, 3000, random.Random(0)):
        T = batcher.tensors(b)
        up, xp, ne, s, x = net(*T[:5])
        heads = s.argmax(-1)
        lab = net.labels(x, heads).argmax(-1)
        m = T[4]
        Y = T[5]
        n += int(m.sum())
        c_up += int(((up.argmax(-1) == Y[0]) & m).sum())
        c_xp += int(((xp.argmax(-1) == Y[1]) & m).sum())
        hit = (heads == Y[2]) & m
        c_ua += int(hit.sum())
        for i, j in hit.nonzero().tolist():
            g = b[i][1][j][6].split(":")[0]
            c_la += g == dep_main[int(lab[i, j])]
        for i, (forms, _, ner) in enumerate(b):
            if ner is not None:
                got = names.spans([tag[k] for k in net.name_tags(ne[i, : len(forms)], begin, follow)])
                want = names.spans(ner)
                hits += sum(x in want for x in got)
                given += len(got)
                wanted += len(want)
    net.train()
    out = [round(100 * c / n, 2) for c in (c_up, c_xp, c_ua, c_la)]
    return out + [round(200 * hits / (given + wanted), 2)] if wanted else out


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("treebanks")
    ap.add_argument("encoder", help="folder with vocab.txt and model.safetensors of MiniLM-L6")
    ap.add_argument("out")
    ap.add_argument("--hidden", type=int, default=128)
    ap.add_argument("--layers", type=int, default=2)
    ap.add_argument("--epochs", type=int, default=20)
    ap.add_argument("--tokens", type=int, default=1500, help="padded tokens in a batch")
    ap.add_argument("--lr", type=float, default=3e-3)
    ap.add_argument("--drop", type=float, default=0.33)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--save-every", type=int, default=2)
    ap.add_argument("--vectors", default="", help="where the word-piece vectors are kept, once made")
    ap.add_argument("--actors", required=True, help="folder of our own lists of names, data/actors")
    ap.add_argument("--limit", type=int, default=0, help="sentences of each treebank, to try the chain; 0: all")
    ap.add_argument("--start", default="", help="a checkpoint to go on from; layers it lacks begin by adding nothing")
    a = ap.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(a.seed)
    rng = random.Random(a.seed)
    tb = lambda n: data.read_conllu(f"{a.treebanks}/en_{n}.conllu.gz")[: a.limit or None]
    known = names.known(a.actors)
    marked = [(s, ner_tags(s)) for s in tb("gum_ccby-train")]
    pool = names.Pool(marked, known)
    train = [(s, names.silver(s, known)) for s in tb("ewt-train")] + marked
    dev = {"ewt-dev": tb("ewt-dev"), "gum-dev": tb("gum_ccby-dev")}
    inv = lambda k: {v: i for i, v in enumerate(sorted({t[k] for s, _ in train for t in s}))}
    labels = {"upos": inv(2), "xpos": inv(3), "dep": inv(6)}
    labels["ner"] = {v: i for i, v in enumerate(["O"] + [p + k for k in ("PER", "ORG", "LOC") for p in ("B-", "I-")])}
    cache = a.vectors
    if cache and os.path.exists(cache):
        vocab, frozen = torch.load(cache)
    else:
        vocab, frozen = minilm.piece_vectors(a.encoder)
        if cache:
            torch.save((vocab, frozen), cache)
    weight = weights(labels["dep"])
    feats = data.Featurizer(vocab)
    batcher = Batcher(feats, labels)
    net = Net(frozen, *(len(labels[k]) for k in ("upos", "xpos", "dep", "ner")), hidden=a.hidden, layers=a.layers, drop=a.drop)
    if a.start:
        ck = torch.load(a.start)
        assert ck["labels"] == labels, "the checkpoint has other labels"
        net.load_state_dict({**net.state_dict(), **{k: v for k, v in ck["state"].items() if k != "frozen"}})
    print("vocab", len(vocab), "params", sum(p.numel() for p in net.parameters()), flush=True)
    opt = torch.optim.Adam(net.parameters(), lr=a.lr, betas=(0.9, 0.95), eps=1e-8)
    ema = {k: v.clone() for k, v in net.state_dict().items() if k != "frozen"}
    devs = {k: [([t[0] for t in s], s, ner_tags(s) if k == "gum-dev" else None) for s in v] for k, v in dev.items()}
    step, total, start = 0, None, time.time()
    for ep in range(a.epochs):
        items = []
        for s, ner in train:
            forms, kept, ner = data.augment(s, ner, rng)
            # names other than in capitals stand for others of their kind
            item = (pool.swap(forms, ner, rng) if forms == [t[0] for t in kept] else forms, kept, ner)
            if len(item[0]) <= 120:
                items.append(item)
        bs = batches(items, a.tokens, rng)
        total = total or len(bs) * a.epochs
        tot = 0.0
        net.train()
        for b in bs:
            frac = step / total
            lr = a.lr * min(1.0, (step + 1) / 200) * max(0.02, min(1.0, (1 - frac) / 0.75))
            for g in opt.param_groups:
                g["lr"] = lr
            loss = losses(net, batcher.tensors(b), weight)
            opt.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            opt.step()
            step += 1
            tot += loss.item()
            if step % 4:
                continue
            with torch.no_grad():
                d = min(0.992, (step + 4) / (step + 40))
                for k, v in net.state_dict().items():
                    if k != "frozen" and v.dtype.is_floating_point:
                        ema[k].lerp_(v, 1 - d)
        saved = {k: v.clone() for k, v in net.state_dict().items()}
        net.load_state_dict({**saved, **ema})
        scores = {k: evaluate(net, batcher, v, labels) for k, v in devs.items()}
        print(f"epoch {ep + 1} loss {tot / len(bs):.3f} {time.time() - start:.0f}s {scores}", flush=True)
        if (ep + 1) % a.save_every == 0 or ep + 1 == a.epochs:
            torch.save({"state": {k: v.clone() for k, v in net.state_dict().items()}, "labels": labels, "vocab": vocab, "args": vars(a)}, a.out + ".tmp")
            os.replace(a.out + ".tmp", a.out)
        net.load_state_dict(saved)


if __name__ == "__main__":
    main()
