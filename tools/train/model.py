"""The network: shared BiLSTM encoder, tag heads, biaffine arcs, pairwise labels."""
import torch
from torch import nn
import torch.nn.functional as F

import data

PIECE, WORD = 128, 64
ARC, LAB = 128, 128


class SharedDrop(nn.Module):
    """Dropout with one mask for all positions of a sentence."""

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        m = torch.empty(x.shape[0], 1, x.shape[2]).bernoulli_(1 - self.p) / (1 - self.p)
        return x * m


class BiLstm(nn.Module):
    def __init__(self, n_in, h):
        super().__init__()
        self.f = nn.LSTM(n_in, h, batch_first=True)
        self.b = nn.LSTM(n_in, h, batch_first=True)

    def forward(self, x, rev):
        """`rev` [B,T]: index that reverses each row inside its own length."""
        a, _ = self.f(x)
        r = rev.unsqueeze(-1)
        b, _ = self.b(x.gather(1, r.expand(-1, -1, x.shape[2])))
        return torch.cat([a, b.gather(1, r.expand(-1, -1, b.shape[2]))], -1)


class Net(nn.Module):
    def __init__(self, frozen, n_upos, n_xpos, n_dep, n_ner, hidden=128, layers=2, drop=0.33):
        super().__init__()
        self.register_buffer("frozen", frozen)
        self.proj = nn.Linear(frozen.shape[1], PIECE, bias=False)
        self.word = nn.Embedding(data.WORD_TABLE, WORD, sparse=False)
        self.affix = nn.Embedding(data.AFFIX_TABLE, WORD)
        nn.init.normal_(self.word.weight, std=0.1)
        nn.init.normal_(self.affix.weight, std=0.1)
        dims = [PIECE + WORD] + [2 * hidden] * layers
        self.rnn = nn.ModuleList(BiLstm(dims[i], hidden) for i in range(layers))
        e = 2 * hidden
        self.upos = nn.Linear(e, n_upos)
        self.xpos = nn.Linear(e, n_xpos)
        self.ner = nn.Linear(e, n_ner)
        self.ner_step = nn.Parameter(torch.zeros(n_ner, n_ner))  # [from, to]
        self.arc_d = nn.Linear(e, ARC)
        self.arc_h = nn.Linear(e, ARC)
        self.arc_w = nn.Parameter(torch.eye(ARC) * 0.1)
        self.arc_b = nn.Parameter(torch.zeros(ARC))
        self.root = nn.Parameter(torch.randn(1, 1, ARC) * 0.1)
        self.lab_d = nn.Linear(e, LAB)
        self.lab_h = nn.Linear(e, LAB)
        self.lab_root = nn.Parameter(torch.zeros(1, 1, LAB))
        self.lab_o = nn.Linear(LAB, n_dep)
        self.drop = SharedDrop(drop)
        self.drop_in = SharedDrop(0.25)
        for k, l in enumerate(self.rnn):
            for n, p in l.named_parameters():
                if "weight_hh" in n:
                    nn.init.orthogonal_(p)
                elif "bias" in n:
                    p.data.zero_()
                    q = p.shape[0] // 4
                    if "bias_ih" in n:
                        p.data[q : 2 * q] = 1.0
                if k > 1 and "weight" in n:
                    # a layer that adds begins by adding nothing
                    q = p.shape[0] // 4
                    p.data[2 * q : 3 * q] = 0.0

    def embed(self, pieces, words, affixes):
        n = (pieces > 0).sum(-1, keepdim=True).clamp(min=1).sqrt()
        table = self.frozen[pieces]
        p = self.proj(table.sum(-2) / n)
        w, a = self.word(words), self.affix(affixes).sum(-2)
        if self.training:
            b, t = words.shape
            p = p * (torch.rand(b, t, 1) > 0.08)
            w = w * (torch.rand(b, t, 1) > 0.3)
            a = a * (torch.rand(b, t, 1) > 0.08)
        return torch.cat([p, w + a], -1)

    def encode(self, pieces, words, affixes, rev):
        x = self.drop_in(self.embed(pieces, words, affixes))
        outs = []
        for k, l in enumerate(self.rnn):
            y = self.drop(l(x, rev))
            # from the third layer on a layer adds to what is there
            x = x + y if k > 1 else y
            outs.append(x)
        return outs

    def forward(self, pieces, words, affixes, rev, mask):
        outs = self.encode(pieces, words, affixes, rev)
        x, low = outs[-1], outs[-1]
        up, xp, ne = self.upos(low), self.xpos(low), self.ner(low)
        d = self.drop(F.leaky_relu(self.arc_d(x), 0.125))
        h = self.drop(F.leaky_relu(self.arc_h(x), 0.125))
        h = torch.cat([self.root.expand(h.shape[0], -1, -1), h], 1)
        s = (d @ self.arc_w) @ h.transpose(1, 2) + (h @ self.arc_b).unsqueeze(1)
        hm = torch.cat([torch.ones(mask.shape[0], 1, dtype=torch.bool), mask], 1)
        s = s.masked_fill(~hm.unsqueeze(1), -1e4)
        t = s.shape[1]
        eye = torch.eye(t, t + 1, dtype=torch.bool).roll(1, 1)
        s = s.masked_fill(eye.unsqueeze(0), -1e4)
        return up, xp, ne, s, x

    def name_loss(self, scores, tags, mask):
        """Mean negative log-likelihood a token of the tag sequences `tags` allows (a CRF; tags below 0 are open)."""
        n = scores.shape[-1]
        open_ = (tags < 0).unsqueeze(-1)
        allowed = open_ | F.one_hot(tags.clamp(min=0), n).bool()
        held = scores.masked_fill(~allowed, -1e4)

        def total(z):
            a = z[:, 0]
            for t in range(1, z.shape[1]):
                step = torch.logsumexp(a.unsqueeze(2) + self.ner_step, 1) + z[:, t]
                a = torch.where(mask[:, t : t + 1], step, a)
            return torch.logsumexp(a, -1)

        return (total(scores) - total(held)).sum() / mask.sum()

    @torch.no_grad()
    def name_tags(self, scores, may_begin, may_follow):
        """The best tag sequence of one sentence `[T, tags]`."""
        best, back = scores[0] + may_begin, []
        for row in scores[1:]:
            s = best.unsqueeze(1) + self.ner_step + may_follow
            best, at = s.max(0)
            best = best + row
            back.append(at)
        tags = [int(best.argmax())]
        for at in reversed(back):
            tags.append(int(at[tags[-1]]))
        return tags[::-1]

    def labels(self, x, heads):
        """Label scores of each token for the given head (0 is the root)."""
        d = self.lab_d(x)
        h = torch.cat([self.lab_root.expand(x.shape[0], -1, -1), self.lab_h(x)], 1)
        h = h.gather(1, heads.unsqueeze(-1).expand(-1, -1, LAB))
        return self.lab_o(self.drop(F.leaky_relu(d + h, 0.125)))
