#!/usr/bin/python3
"""Paired translation of the peer, and its scores for anybody's translations.

    translation_quality.py train PEER.py OUT.npz ROOT --source CT --target MRI --validate P... --minutes M --threads N
        trains the peer (a plain PyTorch pix2pix script) and keeps what it makes of the held-back patients
    translation_quality.py score ROOT --source CT --target MRI --validate P... [--bone LEVEL] NAME=FOLDER|FILE.npz ...
        scores translations (a folder of pictures named as the targets, or what train kept) and the two trivial answers:
        MAE in grey levels inside the head, SSIM (7-wide uniform window, sample covariance), both on 0-255, as the peer scores
        itself; Dice of what is brighter than LEVEL; correlation of gradient magnitudes of source and translation

Needs python3-torch (train), python3-numpy, python3-scipy, python3-pil, python3-skimage. Prints one JSON object.
"""
import argparse
import importlib.util
import json
import os
import sys

import numpy as np
from PIL import Image

SIZE = 128


def grey(path):
    """A picture as 0..255 at SIZE, in single precision; of 16 bits too."""
    image = Image.open(path)
    if image.mode.startswith("I"):
        image = Image.fromarray(np.asarray(image, np.float32) / 257)
    else:
        image = image.convert("L")
    return np.asarray(image if image.size == (SIZE, SIZE) else image.resize((SIZE, SIZE), Image.BILINEAR), np.float32)


def train(o):
    spec = importlib.util.spec_from_file_location("peer", o.peer)
    peer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(peer)
    kept, ssim = {}, peer.ssim

    def keeping(made, truth):  # the peer scores its own translation last
        kept.update(made=made.numpy(), truth=truth.numpy())
        return ssim(made, truth)

    peer.ssim = keeping
    sys.argv = [o.peer, o.root, "--source", o.source, "--target", o.target, "--validate", *o.validate, "--minutes", str(o.minutes), "--threads", str(o.threads), "--size", str(SIZE), "--json"]
    peer.main()
    np.savez(o.out, made=(kept["made"][:, 0] + 1) * 127.5, truth=(kept["truth"][:, 0] + 1) * 127.5)


def score(o):
    from scipy.ndimage import sobel
    from skimage.metrics import structural_similarity

    names = sorted(os.listdir(os.path.join(o.root, o.source)))
    held = [n for n in names if n.startswith(tuple(o.validate))]
    read = lambda modality, files: np.stack([grey(os.path.join(o.root, modality, n)) for n in files])
    (X, Y), (x, y) = ([read(m, part) for m in (o.source, o.target)] for part in ([n for n in names if n not in held], held))
    head = (np.maximum(x, y) / 127.5 - 1) > -0.95
    edges = lambda image: np.hypot(sobel(image, 0), sobel(image, 1))

    def scores(made):
        row = {
            "mae": float(np.abs(made - y)[head].mean()),
            "ssim": float(np.mean([structural_similarity(a, b, data_range=255, win_size=7, full=True)[1][3:-3, 3:-3].mean() for a, b in zip(made, y)])),
            "edges": float(np.mean([np.corrcoef(edges(a)[h], edges(b)[h])[0, 1] for a, b, h in zip(made, x, head)])),
        }
        if o.bone is not None:
            row["bone"] = float(2 * ((made > o.bone) & (y > o.bone)).sum() / ((made > o.bone).sum() + (y > o.bone).sum()))
        return row

    quantiles = np.linspace(0, 1, 256)
    rows = {
        "mean training image": scores(np.broadcast_to(Y.mean(0), y.shape)),
        "histogram matched": scores(np.interp(x, np.quantile(X, quantiles), np.quantile(Y, quantiles)).astype(np.float32)),
    }
    for name, where in (a.split("=", 1) for a in o.made):
        if where.endswith(".npz"):
            kept = np.load(where)
            assert np.abs(kept["truth"] - y).max() < 0.01, "the peer was trained on other images, or in another order"
            rows[name] = scores(kept["made"])
        else:
            rows[name] = scores(np.stack([grey(os.path.join(where, n)) for n in held]))
    rows["the target itself"] = {"edges": scores(y)["edges"]}
    print(json.dumps(rows))


def main():
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = cli.add_subparsers(required=True)
    teach = verbs.add_parser("train")
    teach.add_argument("peer"), teach.add_argument("out"), teach.set_defaults(run=train)
    judge = verbs.add_parser("score")
    judge.set_defaults(run=score)
    for verb in (teach, judge):
        verb.add_argument("root")
        verb.add_argument("--source", default="CT"), verb.add_argument("--target", default="MRI")
        verb.add_argument("--validate", nargs="+", required=True)
    teach.add_argument("--minutes", type=float, default=10), teach.add_argument("--threads", type=int, default=1)
    judge.add_argument("--bone", type=float), judge.add_argument("--made", nargs="+", default=[])
    o = cli.parse_args()
    o.run(o)


if __name__ == "__main__":
    main()
