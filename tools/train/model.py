"""The network: shared BiLSTM encoder, tag heads, biaffine arcs, pairwise labels."""
import torch
from torch import nn
import torch.nn.functional as F

import data

PIECE, WORD = 128, 64
ARC, LAB = 128, 128


def possible(arcs, mask):
    """Arc scores `[B, T, 1 + T]` without heads that are padding or the token itself."""
    heads = F.pad(mask, (1, 0), value=True)
    t = arcs.shape[1]
    itself = torch.eye(t, t + 1, dtype=torch.bool, device=arcs.device).roll(1, 1)
    return arcs.masked_fill(~heads.unsqueeze(1) | itself.unsqueeze(0), -1e4)


def name_loss(step, scores, tags, mask):
    """Mean negative log-likelihood a token of the tag sequences `tags` allows (a CRF; tags below 0 are open); `step` [from, to]."""
    b, t, n = scores.shape
    open_ = (tags < 0).unsqueeze(-1)
    held = scores.masked_fill(~(open_ | F.one_hot(tags.clamp(min=0), n).bool()), -1e4)
    # all sequences and the allowed ones, side by side
    z, m = torch.cat([scores, held]), torch.cat([mask, mask])
    a = z[:, 0]
    for k in range(1, t):
        a = torch.where(m[:, k : k + 1], torch.logsumexp(a.unsqueeze(2) + step, 1) + z[:, k], a)
    total = torch.logsumexp(a, -1)
    return (total[:b] - total[b:]).sum() / mask.sum()


def arc_scores(net, x, mask):
    """Biaffine scores `[B, T, 1 + T]` of the head of each token, the root first; `net` holds the weights."""
    d = net.drop(F.leaky_relu(net.arc_d(x), 0.125))
    h = net.drop(F.leaky_relu(net.arc_h(x), 0.125))
    h = torch.cat([net.root.expand(h.shape[0], -1, -1), h], 1)
    return possible((d @ net.arc_w) @ h.transpose(1, 2) + (h @ net.arc_b).unsqueeze(1), mask)


@torch.no_grad()
def name_tags(step, scores, mask, begin, follow):
    """The best tag sequences `[B, T]` for `scores` `[B, T, tags]`; what lies outside `mask` repeats the last tag."""
    best, back = scores[:, 0] + begin, []
    stay = torch.arange(scores.shape[2], device=scores.device)
    for k in range(1, scores.shape[1]):
        live = mask[:, k : k + 1]
        top, at = (best.unsqueeze(2) + step + follow).max(1)
        best = torch.where(live, top + scores[:, k], best)
        back.append(torch.where(live, at, stay))
    tags = [best.argmax(1)]
    for at in reversed(back):
        tags.append(at.gather(1, tags[-1].unsqueeze(1)).squeeze(1))
    return torch.stack(tags[::-1], 1)


class SharedDrop(nn.Module):
    """Dropout with one mask for all positions of a sentence."""

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        m = x.new_empty(x.shape[0], 1, x.shape[2]).bernoulli_(1 - self.p) / (1 - self.p)
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
            keep = lambda out: torch.rand(b, t, 1, device=words.device) > out
            p, w, a = p * keep(0.08), w * keep(0.3), a * keep(0.08)
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
        return up, xp, ne, arc_scores(self, x, mask), x

    def name_loss(self, scores, tags, mask):
        return name_loss(self.ner_step, scores, tags, mask)

    def labels(self, x, heads):
        """Label scores of each token for the given head (0 is the root)."""
        d = self.lab_d(x)
        h = torch.cat([self.lab_root.expand(x.shape[0], -1, -1), self.lab_h(x)], 1)
        h = h.gather(1, heads.unsqueeze(-1).expand(-1, -1, LAB))
        return self.lab_o(self.drop(F.leaky_relu(d + h, 0.125)))
