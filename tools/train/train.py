"""Trains the English syntax model. See README.md in this folder."""
import argparse
import os
import random
import time

import torch
import torch.nn.functional as F

import data
import minilm
import names
from model import Net, name_tags


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
    """Tensors of sentences. Features of a form are made once and kept on the device, a row a form."""

    def __init__(self, feats, labels, device="cpu"):
        self.feats, self.labels, self.device = feats, labels, device
        self.rows, self.fresh = {}, []
        self.table = torch.zeros(1, data.MAX_PIECES + 1 + data.AFFIXES, dtype=torch.long, device=device)

    def row(self, form):
        if form not in self.rows:
            p, w, a = self.feats.features(form)
            self.fresh.append(p + [0] * (data.MAX_PIECES - len(p)) + [w] + a)
            self.rows[form] = len(self.rows) + 1
        return self.rows[form]

    def tensors(self, items):
        """items: list of (forms, sentence, name tags or None, sureness of each token or None)."""
        b, t = len(items), max(len(i[0]) for i in items)
        rows = torch.zeros(b, t, dtype=torch.long)
        Y = torch.full((5, b, t), -100, dtype=torch.long)
        sure = torch.zeros(b, t)
        rev = torch.arange(t).repeat(b, 1)
        L = self.labels
        for i, (forms, sent, ner, known) in enumerate(items):
            n = len(forms)
            rows[i, :n] = torch.tensor([self.row(f) for f in forms])
            rev[i, :n] = torch.arange(n - 1, -1, -1)
            sure[i, :n] = torch.tensor(known) if known else 1.0
            said = [[L["upos"].get(x[2], -100), L["xpos"].get(x[3], -100), x[5], L["dep"].get(x[6], -100)] for x in sent]
            Y[:4, i, :n] = torch.tensor(said).T
            if ner is not None:
                Y[4, i, :n] = torch.tensor([names.ANY if x == names.ANY else L["ner"][x] for x in ner])
        if self.fresh:
            self.table = torch.cat([self.table, torch.tensor(self.fresh, device=self.device)])
            self.fresh = []
        rows, rev, Y, sure = (x.to(self.device) for x in (rows, rev, Y, sure))
        f = self.table[rows]
        k = data.MAX_PIECES
        return f[..., :k], f[..., k], f[..., k + 1 :], rev, rows > 0, Y, sure


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
    P, W, A, rev, mask, Y, sure = batch
    up, xp, ne, s, x = net(P, W, A, rev, mask)
    lab = net.labels(x, Y[2].clamp(min=0))

    def mean(z, y, w):
        each = F.cross_entropy(z.reshape(-1, z.shape[-1]), y.reshape(-1), ignore_index=-100, reduction="none")
        w = (w * (y >= 0)).reshape(-1)
        return (each * w).sum() / w.sum()

    by_relation = sure * weight[Y[3].clamp(min=0)]
    loss = 0.4 * mean(up, Y[0], sure) + 0.6 * mean(xp, Y[1], sure) + mean(lab, Y[3], by_relation) + mean(s, Y[2], by_relation)
    # rows that say nothing of names are left out
    told = (Y[4] >= 0).any(1)
    if told.any():
        loss = loss + NAMES * net.name_loss(ne[told], Y[4][told], mask[told])
    return loss


def name_rules(ner, device="cpu"):
    """What a sequence of tags may begin with, and what may follow what, as added scores."""
    tag = {v: k for k, v in ner.items()}
    n = range(len(tag))
    begin = torch.tensor([-1e4 if tag[i][0] == "I" else 0.0 for i in n], device=device)
    follow = torch.tensor([[0.0 if tag[j][0] != "I" or tag[i][1:] == tag[j][1:] else -1e4 for j in n] for i in n], device=device)
    return begin, follow


@torch.no_grad()
def evaluate(net, batcher, items, labels):
    net.eval()
    dep_main = {v: k.split(":")[0] for k, v in labels["dep"].items()}
    n = c_up = c_xp = c_ua = c_la = 0
    tag = {v: k for k, v in labels["ner"].items()}
    begin, follow = name_rules(labels["ner"], batcher.device)
    hits = given = wanted = 0
    for b in batches(items, 3000, random.Random(0)):
        T = batcher.tensors(b)
        up, xp, ne, s, x = net(*T[:5])
        heads = s.argmax(-1)
        lab = net.labels(x, heads).argmax(-1).cpu()
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
        if b[0][2] is None:
            continue
        for row, (forms, _, ner, _) in zip(name_tags(net.ner_step, ne, m, begin, follow).tolist(), b):
            if ner is not None:
                got = names.spans([tag[k] for k in row[: len(forms)]])
                want = names.spans(ner)
                hits += sum(x in want for x in got)
                given += len(got)
                wanted += len(want)
    net.train()
    out = [round(100 * c / n, 2) for c in (c_up, c_xp, c_ua, c_la)]
    return out + [round(200 * hits / (given + wanted), 2)] if wanted else out


def fit(net, batcher, examples, devs, a, rng, groups=None):
    """Trains for `a.epochs`, or as many as `a.minutes` holds. `examples(rng)` gives an epoch's items. The averaged weights are kept in `a.out`.

    `groups`: the optimiser's parameter groups, each with its own "rate" beside `a.lr`.
    """
    weight = weights(batcher.labels["dep"]).to(batcher.device)
    opt = torch.optim.Adam(groups or [{"params": list(net.parameters())}], lr=a.lr, betas=(0.9, 0.95), eps=1e-8)
    ema = {k: v.clone() for k, v in net.state_dict().items() if k != "frozen"}
    step, total, start = 0, None, time.time()
    ep = 0
    while ep < a.epochs:
        bs = batches(examples(rng), a.tokens, rng)
        total = total or len(bs) * a.epochs
        tot = torch.zeros((), device=batcher.device)
        net.train()
        for b in bs:
            frac = (time.time() - start) / (60 * a.minutes) if a.minutes else step / total
            for g in opt.param_groups:
                g["lr"] = a.lr * g.get("rate", 1.0) * min(1.0, (step + 1) / 200) * max(0.02, min(1.0, (1 - frac) / 0.75))
            loss = losses(net, batcher.tensors(b), weight)
            opt.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            opt.step()
            step += 1
            tot += loss.detach()
            if step % 4:
                continue
            with torch.no_grad():
                d = min(0.992, (step + 4) / (step + 40))
                for k, v in net.state_dict().items():
                    if k != "frozen" and v.dtype.is_floating_point:
                        ema[k].lerp_(v, 1 - d)
            if a.minutes and frac >= 1:
                break
        ep += 1
        last = ep == a.epochs or a.minutes and time.time() - start >= 60 * a.minutes
        if ep % a.save_every and not last:
            print(f"epoch {ep} loss {tot.item() / len(bs):.3f} {time.time() - start:.0f}s", flush=True)
            continue
        saved = {k: v.clone() for k, v in net.state_dict().items()}
        net.load_state_dict({**saved, **ema})
        scores = {k: evaluate(net, batcher, v, batcher.labels) for k, v in devs.items()}
        print(f"epoch {ep} step {step} loss {tot.item() / len(bs):.3f} {time.time() - start:.0f}s {scores}", flush=True)
        state = {k: v.half().cpu() if a.half and v.dtype.is_floating_point else v.clone().cpu() for k, v in net.state_dict().items() if k != "frozen"}
        torch.save({"state": state, "labels": batcher.labels, "vocab": batcher.feats.vocab, "args": vars(a)}, a.out + ".tmp")
        os.replace(a.out + ".tmp", a.out)
        net.load_state_dict(saved)
        if last:
            break


def options(ap):
    """Options that the small model and its teacher share."""
    ap.add_argument("treebanks")
    ap.add_argument("encoder", help="folder with vocab.txt and model.safetensors of MiniLM-L6")
    ap.add_argument("out")
    ap.add_argument("--drop", type=float, default=0.33)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--save-every", type=int, default=2)
    ap.add_argument("--vectors", default="", help="where the word-piece vectors are kept, once made")
    ap.add_argument("--actors", required=True, help="folder of our own lists of names, data/actors")
    ap.add_argument("--limit", type=int, default=0, help="sentences of each treebank, to try the chain; 0: all")
    ap.add_argument("--device", default="cpu")
    ap.add_argument("--minutes", type=float, default=0, help="train for this long in place of --epochs (not to be repeated to the bit)")
    ap.add_argument("--half", action="store_true", help="checkpoints in 16-bit floats")


class Banks:
    """The treebanks as training needs them: with name tags, an order of labels, and features."""

    def __init__(self, a):
        torch.set_num_threads(1)
        torch.manual_seed(a.seed)
        tb = lambda n: data.read_conllu(f"{a.treebanks}/en_{n}.conllu.gz")[: a.limit or None]
        known = names.known(a.actors)
        marked = [(s, ner_tags(s)) for s in tb("gum_ccby-train")]
        self.pool = names.Pool(marked, known)
        self.ewt = tb("ewt-train")
        self.train = [(s, names.silver(s, known)) for s in self.ewt] + marked
        inv = lambda k: {v: i for i, v in enumerate(sorted({t[k] for s, _ in self.train for t in s}))}
        self.labels = {"upos": inv(2), "xpos": inv(3), "dep": inv(6)}
        self.labels["ner"] = {v: i for i, v in enumerate(["O"] + [p + k for k in ("PER", "ORG", "LOC") for p in ("B-", "I-")])}
        if a.vectors and os.path.exists(a.vectors):
            self.vocab, self.frozen = torch.load(a.vectors)
        else:
            self.vocab, self.frozen = minilm.piece_vectors(a.encoder)
            if a.vectors:
                torch.save((self.vocab, self.frozen), a.vectors)
        self.batcher = Batcher(data.Featurizer(self.vocab), self.labels, a.device)
        whole = lambda s, ner: ([t[0] for t in s], s, ner, None)
        self.devs = {"ewt-dev": [whole(s, None) for s in tb("ewt-dev")], "gum-dev": [whole(s, ner_tags(s)) for s in tb("gum_ccby-dev")]}

    def item(self, s, ner, sure, rng):
        """One sentence as training shows it: now and then changed, names swapped."""
        if sure:
            return [t[0] for t in s], s, ner, sure
        forms, kept, ner = data.augment(s, ner, rng)
        # names other than in capitals stand for others of their kind
        return self.pool.swap(forms, ner, rng) if forms == [t[0] for t in kept] else forms, kept, ner, None


def main():
    ap = argparse.ArgumentParser()
    options(ap)
    ap.add_argument("--hidden", type=int, default=128)
    ap.add_argument("--layers", type=int, default=2)
    ap.add_argument("--epochs", type=int, default=20)
    ap.add_argument("--tokens", type=int, default=1500, help="padded tokens in a batch")
    ap.add_argument("--lr", type=float, default=3e-3)
    ap.add_argument("--start", default="", help="a checkpoint to go on from; layers it lacks begin by adding nothing")
    ap.add_argument("--silver", default="", help="folder of teacher.py's trees of unmarked text (silver.conllu.gz) and names of EWT (names.conllu.gz)")
    ap.add_argument("--share", type=float, default=1.0, help="words of silver trees to one of the treebanks', in each epoch")
    a = ap.parse_args()
    rng = random.Random(a.seed)
    banks = Banks(a)
    silver = []
    if a.silver:
        told = data.read_conllu(f"{a.silver}/names.conllu.gz")[: a.limit or None]
        banks.train[: len(banks.ewt)] = [(s, data.told_names(t)) for s, t in zip(banks.ewt, told, strict=True)]
        silver = [(s, data.told_names(s), data.told_sure(s)) for s in data.read_conllu(f"{a.silver}/silver.conllu.gz")]
    net = Net(banks.frozen, *(len(banks.labels[k]) for k in ("upos", "xpos", "dep", "ner")), hidden=a.hidden, layers=a.layers, drop=a.drop)
    if a.start:
        ck = torch.load(a.start)
        assert ck["labels"] == banks.labels, "the checkpoint has other labels"
        net.load_state_dict({**net.state_dict(), **{k: v for k, v in ck["state"].items() if k != "frozen"}})
    net.to(a.device)
    print("vocab", len(banks.vocab), "params", sum(p.numel() for p in net.parameters()), "silver", len(silver), flush=True)
    words = sum(len(s) for s, _ in banks.train)

    def examples(rng):
        items = [banks.item(s, ner, None, rng) for s, ner in banks.train]
        left = a.share * words
        for s, ner, sure in rng.sample(silver, len(silver)):
            if left < 0:
                break
            items.append(banks.item(s, ner, sure, rng))
            left -= len(s)
        return [i for i in items if len(i[0]) <= 120]

    fit(net, banks.batcher, examples, banks.devs, a, rng)


if __name__ == "__main__":
    main()
