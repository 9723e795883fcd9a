#!/usr/bin/python3
"""Metrics of two sets of features by SciPy and scikit-learn, as one line of JSON.

No argument: of two formula sets, for tests/MedGan.Models.Tests/Fixtures/feature-distances.json. N M D K: of N, then M vectors of D values on standard input, float32.
"""
import json
import sys

import numpy as np
import scipy.linalg
import sklearn
from scipy.spatial.distance import cdist, pdist
from scipy.stats import entropy
from sklearn.metrics.pairwise import polynomial_kernel
from sklearn.neighbors import NearestNeighbors

n, m, d, k = map(int, sys.argv[1:5]) if sys.argv[1:] else (40, 30, 8, 5)
wave = lambda rows, phase, scale: np.float32([[scale * np.sin(0.7 * i * i + 1.3 * c * i + phase) + 0.1 * c for c in range(d)] for i in range(rows)])
values = np.frombuffer(sys.stdin.buffer.read(), "<f4").reshape(n + m, d) if sys.argv[1:] else np.concatenate([wave(n, 0, 1), wave(m, 2, 0.8)])
x, y = values[:n].astype(float), values[n:].astype(float)

sx, sy = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
frechet = ((x.mean(0) - y.mean(0)) ** 2).sum() + np.trace(sx + sy - 2 * scipy.linalg.sqrtm(sx @ sy).real)
kxx, kyy, kxy = (polynomial_kernel(a, b, degree=3, gamma=1 / d, coef0=1) for a, b in ((x, x), (y, y), (x, y)))
kid = (kxx.sum() - np.trace(kxx)) / (n * (n - 1)) + (kyy.sum() - np.trace(kyy)) / (m * (m - 1)) - 2 * kxy.mean()
energy = 2 * cdist(x, y).mean() - pdist(x).mean() - pdist(y).mean()
rx, ry = (NearestNeighbors(n_neighbors=k).fit(a).kneighbors()[0][:, -1] for a in (x, y))
inside_x, inside_y = cdist(x, y) <= rx[:, None], cdist(x, y) <= ry
p = np.exp(x) / np.exp(x).sum(1, keepdims=True)
print(json.dumps({"sklearn": sklearn.__version__, "scipy": scipy.__version__, "frechet": frechet, "kid": kid, "energy": energy,
                  "precision": inside_x.any(0).mean(), "recall": inside_y.any(1).mean(), "density": inside_x.sum(0).mean() / k, "coverage": inside_x.any(1).mean(),
                  "inceptionScore": np.exp(entropy(p, p.mean(0, keepdims=True), axis=1).mean())}))
