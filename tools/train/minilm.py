"""Word-piece vectors from the released MiniLM encoder (Apache-2.0)."""
import json
import math
import struct

import numpy as np
import torch


def load_safetensors(path):
    with open(path, "rb") as f:
        n = struct.unpack("<Q", f.read(8))[0]
        head = json.loads(f.read(n))
        blob = f.read()
    out = {}
    for k, v in head.items():
        if k == "__metadata__":
            continue
        dt = {"F32": np.float32, "I64": np.int64, "F16": np.float16}[v["dtype"]]
        a, b = v["data_offsets"]
        out[k] = torch.from_numpy(np.frombuffer(blob[a:b], dtype=dt).reshape(v["shape"]).copy())
    return out


def encode(w, ids, layers=6):
    """Hidden states after each layer for a batch of equal-length id rows."""
    ln = torch.nn.functional.layer_norm
    x = w["embeddings.word_embeddings.weight"][ids]
    x = x + w["embeddings.position_embeddings.weight"][: ids.shape[1]] + w["embeddings.token_type_embeddings.weight"][0]
    x = ln(x, (384,), w["embeddings.LayerNorm.weight"], w["embeddings.LayerNorm.bias"], 1e-12)
    out = [x]
    for i in range(layers):
        p = f"encoder.layer.{i}."
        lin = lambda n, y: y @ w[p + n + ".weight"].T + w[p + n + ".bias"]
        b, t, _ = x.shape
        sp = lambda y: y.view(b, t, 12, 32).transpose(1, 2)
        q, k, v = (sp(lin("attention.self." + n, x)) for n in ("query", "key", "value"))
        a = torch.softmax(q @ k.transpose(2, 3) / math.sqrt(32), -1) @ v
        a = a.transpose(1, 2).reshape(b, t, 384)
        x = ln(lin("attention.output.dense", a) + x, (384,), w[p + "attention.output.LayerNorm.weight"], w[p + "attention.output.LayerNorm.bias"], 1e-12)
        h = torch.nn.functional.gelu(lin("intermediate.dense", x))
        x = ln(lin("output.dense", h) + x, (384,), w[p + "output.LayerNorm.weight"], w[p + "output.LayerNorm.bias"], 1e-12)
        out.append(x)
    return out


def piece_vectors(folder):
    """(vocab: piece -> row from 1, frozen matrix [rows, 768] with row 0 zero).

    Each row joins the input embedding with the third hidden layer of the piece
    encoded alone: the first tells forms apart, the second carries what the
    encoder makes of the word.
    """
    pieces = [l.rstrip("\n") for l in open(folder + "/vocab.txt", encoding="utf-8")]
    w = load_safetensors(folder + "/model.safetensors")
    keep = []
    for i, p in enumerate(pieces):
        body = p[2:] if p.startswith("##") and len(p) > 2 else p
        if body.startswith("[") and len(body) > 1:
            continue
        if all(ord(c) < 0x250 or 0x2000 <= ord(c) < 0x2200 for c in body):
            keep.append(i)
    emb = w["embeddings.word_embeddings.weight"]
    hid = torch.zeros(len(keep), 384)
    with torch.no_grad():
        for s in range(0, len(keep), 512):
            ids = torch.tensor([[101, i, 102] for i in keep[s : s + 512]])
            hid[s : s + 512] = encode(w, ids, 3)[3][:, 1]
    a = emb[keep]
    a = (a - a.mean(0)) / a.std()
    h = (hid - hid.mean(0)) / hid.std()
    m = torch.cat([torch.zeros(1, 768), torch.cat([a, h], 1)])
    return {pieces[i]: k + 1 for k, i in enumerate(keep)}, m
