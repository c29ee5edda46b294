"""The teacher: the MiniLM encoder fine-tuned as a biaffine parser, tagger and name chunker, and its trees of unmarked text.

    teacher.py train TREEBANKS ENCODER OUT ...                     one member, by its --seed
    teacher.py mark TREEBANKS ENCODER OUT --members M... --text T  silver.conllu.gz and names.conllu.gz in the folder OUT

It is too slow to ship; the small model learns from what it says. Members vote: the mean of their probabilities gives heads and
relations with a sureness, and a name tag is told only where all agree.
"""
import argparse
import gzip
import math
import os
import random

import torch
from torch import nn
import torch.nn.functional as F

import data
import minilm
import train
from model import SharedDrop, arc_scores, name_loss, name_tags

ARC, LAB = 384, 192
WIDTH, HEADS = 384, 12


class Layer(nn.Module):
    def __init__(self, w, name, drop):
        super().__init__()
        self.drop = drop

        def linear(n):
            m = nn.Linear(*reversed(w[f"{name}.{n}.weight"].shape))
            m.weight.data, m.bias.data = w[f"{name}.{n}.weight"].float(), w[f"{name}.{n}.bias"].float()
            return m

        def norm(n):
            m = nn.LayerNorm(WIDTH, eps=1e-12)
            m.weight.data, m.bias.data = w[f"{name}.{n}.weight"].float(), w[f"{name}.{n}.bias"].float()
            return m

        self.qkv = nn.ModuleList(linear("attention.self." + n) for n in ("query", "key", "value"))
        self.out, self.up, self.down = linear("attention.output.dense"), linear("intermediate.dense"), linear("output.dense")
        self.norm1, self.norm2 = norm("attention.output.LayerNorm"), norm("output.LayerNorm")

    def forward(self, x, there):
        b, t, _ = x.shape
        q, k, v = (m(x).view(b, t, HEADS, -1).transpose(1, 2) for m in self.qkv)
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=there, dropout_p=self.drop if self.training else 0.0)
        x = self.norm1(x + F.dropout(self.out(a.transpose(1, 2).reshape(b, t, WIDTH)), self.drop, self.training))
        return self.norm2(x + F.dropout(self.down(F.gelu(self.up(x))), self.drop, self.training))


class Teacher(nn.Module):
    """Takes and gives what `model.Net` does; only the pieces of the features are used."""

    def __init__(self, weights, ids, labels, drop):
        """`ids`: the encoder's number of each row of the featurizer's vocabulary (row 0 is padding)."""
        super().__init__()
        self.register_buffer("ids", ids)
        e = weights["embeddings.word_embeddings.weight"].float()
        self.pieces = nn.Embedding.from_pretrained(e, freeze=False)
        at = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        self.at = nn.Parameter(at.float())
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.norm.weight.data, self.norm.bias.data = (weights[f"embeddings.LayerNorm.{n}"].float() for n in ("weight", "bias"))
        self.layers = nn.ModuleList(Layer(weights, f"encoder.layer.{i}", 0.1) for i in range(6))
        self.mix = nn.Parameter(torch.zeros(7))
        n = {k: len(v) for k, v in labels.items()}
        self.upos, self.xpos, self.ner = (nn.Linear(WIDTH, n[k]) for k in ("upos", "xpos", "ner"))
        self.ner_step = nn.Parameter(torch.zeros(n["ner"], n["ner"]))
        self.arc_d, self.arc_h = nn.Linear(WIDTH, ARC), nn.Linear(WIDTH, ARC)
        self.arc_w, self.arc_b = nn.Parameter(torch.eye(ARC) * 0.1), nn.Parameter(torch.zeros(ARC))
        self.lab_d, self.lab_h = nn.Linear(WIDTH, LAB), nn.Linear(WIDTH, LAB)
        self.root, self.lab_root = nn.Parameter(torch.randn(1, 1, ARC) * 0.1), nn.Parameter(torch.zeros(1, 1, LAB))
        self.lab_o = nn.Linear(2 * LAB, n["dep"])
        self.drop = SharedDrop(drop)

    def groups(self):
        """The encoder learns at a twentieth of the rate of what is new."""
        old = {p for m in (self.pieces, self.norm, self.layers) for p in m.parameters()} | {self.at}
        new = [p for p in self.parameters() if p not in old]
        return [{"params": [p for p in self.parameters() if p in old], "rate": 0.05}, {"params": new}]

    def encode(self, rows, mask):
        """Vectors of tokens `[B, T, WIDTH]`, the mean of their pieces'."""
        b, t, k = rows.shape
        full = rows > 0
        # a token without known pieces is one unknown piece
        none = (full.sum(-1) == 0) & mask
        ids = self.ids[rows]
        ids[..., 0] = torch.where(none, 100, ids[..., 0])
        full[..., 0] |= none
        flat, ids = full.reshape(b, -1), ids.reshape(b, -1)
        place = flat.cumsum(1) * flat  # 1-based, after [CLS]
        length = flat.sum(1) + 2
        n = min(int(length.max()), self.at.shape[0])
        place = torch.where(place < n - 1, place, 0) * flat
        seq = torch.zeros(b, n, dtype=torch.long, device=rows.device)
        seq.scatter_(1, place, ids * (place > 0))
        seq[:, 0] = 101
        seq.scatter_(1, (length - 1).clamp(max=n - 1).unsqueeze(1), 102)
        there = torch.arange(n, device=rows.device) < length.unsqueeze(1)
        x = F.dropout(self.norm(self.pieces(seq) + self.at[:n]), 0.1, self.training)
        share = torch.softmax(self.mix, 0)
        y = x * share[0]
        for i, layer in enumerate(self.layers):
            x = layer(x, there[:, None, None, :])
            y = y + x * share[i + 1]
        out = y.gather(1, place.unsqueeze(-1).expand(-1, -1, WIDTH)) * flat.unsqueeze(-1)
        return out.view(b, t, k, WIDTH).sum(2) / full.sum(-1, keepdim=True).clamp(min=1) * math.sqrt(2)

    def forward(self, pieces, words, affixes, rev, mask):
        with torch.autocast(pieces.device.type, torch.bfloat16, enabled=pieces.device.type == "cuda"):
            x = self.encode(pieces, mask)
        x = self.drop(x.float())
        return self.upos(x), self.xpos(x), self.ner(x), arc_scores(self, x, mask), x

    def name_loss(self, scores, tags, mask):
        return name_loss(self.ner_step, scores, tags, mask)

    def labels(self, x, heads):
        """Label scores of each token for the given head (0 is the root)."""
        d = self.lab_d(x)
        h = torch.cat([self.lab_root.expand(x.shape[0], -1, -1), self.lab_h(x)], 1)
        h = h.gather(1, heads.unsqueeze(-1).expand(-1, -1, LAB))
        return self.lab_o(self.drop(F.leaky_relu(torch.cat([d + h, d * h], -1), 0.125)))


def new(a, banks):
    """A teacher that has not learned, on the device."""
    w = minilm.load_safetensors(a.encoder + "/model.safetensors")
    whole = {p.rstrip("\n"): i for i, p in enumerate(open(a.encoder + "/vocab.txt", encoding="utf-8"))}
    ids = torch.zeros(len(banks.vocab) + 1, dtype=torch.long)
    for piece, row in banks.vocab.items():
        ids[row] = whole[piece]
    return Teacher(w, ids, banks.labels, a.drop).to(a.device)


@torch.no_grad()
def mark(a, banks):
    members = []
    for path in a.members:
        m = new(a, banks)
        m.load_state_dict(torch.load(path)["state"])
        members.append(m.eval())
    by = {k: [x for x, _ in sorted(v.items(), key=lambda kv: kv[1])] for k, v in banks.labels.items()}
    begin, follow = train.name_rules(banks.labels["ner"], a.device)
    os.makedirs(a.out, exist_ok=True)
    text = [s for s in data.read_conllu(a.text)[: a.limit or None] if 3 <= len(s) <= 80]
    for name, sents in (("names", banks.ewt), ("silver", text)):
        done = [None] * len(sents)
        items = [([t[0] for t in s], s, None, i) for i, s in enumerate(sents)]
        for b in train.batches(items, 12000, random.Random(0)):
            T = banks.batcher.tensors([(*i[:3], None) for i in b])
            outs = [m(*T[:5]) for m in members]
            mean = lambda k: torch.stack([torch.softmax(o[k].float(), -1) for o in outs]).mean(0)
            up, xp, arcs = mean(0).argmax(-1).tolist(), mean(1).argmax(-1).tolist(), mean(3)
            sure, heads = arcs.max(-1)
            labs = torch.stack([torch.softmax(m.labels(o[4], heads), -1) for m, o in zip(members, outs)]).mean(0)
            of_label, label = labs.max(-1)
            sure, heads, label = (sure * of_label).tolist(), heads.tolist(), label.tolist()
            tagged = [name_tags(m.ner_step, o[2].float(), T[4], begin, follow).tolist() for m, o in zip(members, outs)]
            for row, (forms, sent, _, i) in enumerate(b):
                tags = zip(*(rows[row] for rows in tagged))
                lines = []
                for j, (t, seen) in enumerate(zip(sent, tags)):
                    n = by["ner"][seen[0]] if len(set(seen)) == 1 else "?"
                    if name == "names":
                        c = [*t[:5], str(t[5]), t[6], "_", f"Name={n}"]
                    else:
                        c = [t[0], "_", by["upos"][up[row][j]], by["xpos"][xp[row][j]], "_", str(heads[row][j]), by["dep"][label[row][j]], "_"]
                        c.append(f"Name={n}|Sure={sure[row][j]:.2f}")
                    lines.append("\t".join([str(j + 1), *c]) + "\n")
                done[i] = "".join(lines) + "\n"
        with gzip.open(f"{a.out}/{name}.conllu.gz", "wt", encoding="utf-8") as f:
            f.writelines(done)
        print(name, len(sents), "sentences", flush=True)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("what", choices=["train", "mark"])
    train.options(ap)
    ap.add_argument("--epochs", type=int, default=12)
    ap.add_argument("--tokens", type=int, default=3000, help="padded tokens in a batch")
    ap.add_argument("--lr", type=float, default=2e-3)
    ap.add_argument("--members", nargs="*", default=[])
    ap.add_argument("--text", default="", help="CoNLL-U whose forms are marked")
    a = ap.parse_args()
    banks = train.Banks(a)
    if a.what == "mark":
        return mark(a, banks)
    net = new(a, banks)
    print("params", sum(p.numel() for p in net.parameters()), flush=True)
    examples = lambda rng: [i for i in (banks.item(s, n, None, rng) for s, n in banks.train) if len(i[0]) <= 100]
    train.fit(net, banks.batcher, examples, banks.devs, a, random.Random(a.seed), net.groups())


if __name__ == "__main__":
    main()
