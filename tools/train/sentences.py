"""Trains the model of sentence ends and writes its weights. See README.md in this folder.

The features of a gap between tokens come from the program itself (`examples/sentence_features.rs`); here each gets a
weight by logistic regression on the paragraphs of the treebanks, rebuilt as running text as `eval syntax` does.
"""
import argparse
import collections
import gzip
import subprocess

import torch

UNIT = 20  # whole numbers of weight to one of log-odds


def paragraphs(path):
    """(text, byte offsets of sentence ends) of each paragraph."""
    out, text, ends = [], bytearray(), []

    def close():
        if text:
            out.append((text.decode(), ends[:]))
        text.clear()
        ends.clear()

    with gzip.open(path, "rt", encoding="utf-8") as f:
        skip, end = 0, None
        for line in f:
            line = line.rstrip("\n")
            if line.startswith(("# newpar", "# newdoc")):
                close()
            elif not line:
                if end is not None:
                    ends.append(end)
                skip, end = 0, None
            elif line[0] != "#":
                c = line.split("\t")
                first, _, last = c[0].partition("-")
                if not first.isdigit() or not last and int(first) <= skip:
                    continue
                skip = int(last or 0) or skip
                text += c[1].encode()
                end = len(text)
                if "SpaceAfter=No" not in c[9].split("|"):
                    text += b" "
    close()
    return out


def gaps(program, paras):
    """Of each gap that could end a sentence: features, and whether one ends there."""
    fed = "".join(t.replace("\n", " ") + "\n" for t, _ in paras)
    got = subprocess.run([program], input=fed, capture_output=True, text=True, check=True).stdout
    for (_, ends), lines in zip(paras, split_blocks(got), strict=True):
        ends = set(ends)
        for line in lines:
            at, *features = line.split("\t")
            yield features, int(at) in ends


def split_blocks(text):
    """The lines of each paragraph; an empty line ends one."""
    block = []
    for line in text.split("\n")[:-1]:
        if line:
            block.append(line)
        else:
            yield block
            block = []


def tensors(data, index):
    """Flat feature numbers, where each gap's begin, and its truth."""
    ids, starts, truth = [], [], []
    for features, y in data:
        starts.append(len(ids))
        ids += [index[f] for f in features if f in index]
        truth.append(float(y))
    return torch.tensor(ids), torch.tensor(starts), torch.tensor(truth)


def f1(net, data, shift):
    ids, starts, truth = data
    hit = net(ids, starts).squeeze(1) > shift
    tp = (hit & (truth > 0)).sum().item()
    return 2 * tp / max(1, hit.sum().item() + truth.sum().item())


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("treebanks")
    ap.add_argument("program", help="the built example sentence_features")
    ap.add_argument("out")
    ap.add_argument("--least", type=int, default=3, help="gaps a feature is seen at, to count")
    ap.add_argument("--decay", type=float, default=2e-5)
    ap.add_argument("--epochs", type=int, default=12)
    ap.add_argument("--shift", type=float, default=0.0, help="log-odds from which a sentence ends")
    a = ap.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(1)
    read = lambda name: list(gaps(a.program, paragraphs(f"{a.treebanks}/en_{name}.conllu.gz")))
    train = read("ewt-train") + read("gum_ccby-train")
    seen = collections.Counter(f for features, _ in train for f in features)
    index = {f: i for i, f in enumerate(sorted(f for f, n in seen.items() if n >= a.least))}
    ids, starts, truth = tensors(train, index)
    devs = {n: tensors(read(n), index) for n in ("ewt-dev", "gum_ccby-dev")}
    print(len(truth), "gaps,", int(truth.sum()), "ends,", len(index), "features", flush=True)
    net = torch.nn.EmbeddingBag(len(index), 1, mode="sum")
    torch.nn.init.zeros_(net.weight)
    ends = torch.cat([starts[1:], torch.tensor([len(ids)])])
    opt = torch.optim.Adam(net.parameters(), lr=0.02)
    batch = 2048
    for epoch in range(a.epochs):
        for g in opt.param_groups:
            g["lr"] = 0.02 * (1 - epoch / a.epochs)
        order = torch.randperm(len(truth))
        for k in range(0, len(order), batch):
            rows = order[k : k + batch].tolist()
            parts = [ids[starts[r] : ends[r]] for r in rows]
            begin = torch.tensor([0] + [len(p) for p in parts[:-1]]).cumsum(0)
            z = net(torch.cat(parts), begin).squeeze(1)
            loss = torch.nn.functional.binary_cross_entropy_with_logits(z, truth[rows])
            loss = loss + a.decay * net.weight.abs().sum()
            opt.zero_grad()
            loss.backward()
            opt.step()
        with torch.no_grad():
            said = {n: [round(f1(net, d, s), 4) for s in (-0.5, 0, 0.5, 1)] for n, d in devs.items()}
        print(f"epoch {epoch + 1} loss {loss.item():.4f} {said}", flush=True)
    w = net.weight.detach().squeeze(1)
    whole = (w * UNIT).round().int().tolist()
    # every gap has exactly one feature of each sort: the threshold goes to that of the space before it
    shift = round(a.shift * UNIT)
    lines = [f"{f}\t{whole[i] - (shift if f[0] == 'b' else 0)}\n" for f, i in sorted(index.items()) if whole[i] or f[0] == "b"]
    open(a.out, "w", encoding="utf-8").writelines(lines)
    print(len(lines), "weights", flush=True)


if __name__ == "__main__":
    main()
