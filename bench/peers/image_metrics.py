#!/usr/bin/python3
"""Paired image metrics by scikit-image and NumPy, as one line of JSON.

No argument: of two formula images, for tests/MedGan.Models.Tests/Fixtures/image-metrics.json. HEIGHT WIDTH RANGE BONE: of two images on standard input, float32.
"""
import json
import sys

import numpy as np
import skimage
from skimage import filters, metrics

h, w, data_range, bone = (int(sys.argv[1]), int(sys.argv[2]), *map(float, sys.argv[3:5])) if sys.argv[1:] else (117, 131, 4095.0, 200.0)
j, i = np.mgrid[:h, :w].astype(float)
formula = [700 * np.sin(0.09 * i) * np.cos(0.07 * j) + 3 * j, 650 * np.sin(0.09 * i + 0.2) * np.cos(0.07 * j) + 40 * np.sin(1.3 * i + 0.9 * j)]
x, y = np.frombuffer(sys.stdin.buffer.read(), "<f4").reshape(2, h, w).astype(float) if sys.argv[1:] else np.float32(formula).astype(float)
mask = np.hypot(j - h / 2, i - w / 2) < 0.45 * min(h, w)


def scales(x, y, m, weights=(0.0448, 0.2856, 0.3001, 0.2363, 0.1333)):
    """The contrast and structure part is SSIM of equal means: taken from scikit-image's SSIM by dividing its luminance part out."""
    product, weights = 1.0, [v for k, v in enumerate(weights) if min(x.shape) >> k >= 7]
    for k, weight in enumerate(weights):
        full = metrics.structural_similarity(x, y, win_size=7, data_range=data_range, full=True)[1]
        mx, my = (np.lib.stride_tricks.sliding_window_view(np.pad(a, 3), (7, 7)).mean((2, 3)) for a in (x, y))
        c1 = (0.01 * data_range) ** 2
        part = full if k == len(weights) - 1 else full / ((2 * mx * my + c1) / (mx**2 + my**2 + c1))
        product *= max(0, part[3:-3, 3:-3][m[3:-3, 3:-3]].mean()) ** (weight / sum(weights))
        x, y, m = (f(a[:a.shape[0] // 2 * 2, :a.shape[1] // 2 * 2].reshape(a.shape[0] // 2, 2, a.shape[1] // 2, 2), (1, 3)) for f, a in ((np.mean, x), (np.mean, y), (np.all, m)))
    return product


def measure(m):
    gx, gy = (filters.sobel(a) / np.sqrt(2) for a in (x, y))  # its kernels are twice as large, its magnitude a root mean square
    bands = {"air": y < -200, "soft tissue": (y >= -200) & (y < 200), "bone": y >= 200}
    a, b = (x > bone) & m, (y > bone) & m
    return {"mae": np.abs(x - y)[m].mean(), **{k: np.abs(x - y)[m & v].mean() if (m & v).any() else None for k, v in bands.items()},
            "psnr": metrics.peak_signal_noise_ratio(y[m], x[m], data_range=data_range),
            "ssim": metrics.structural_similarity(x, y, win_size=7, data_range=data_range, full=True)[1][3:-3, 3:-3][m[3:-3, 3:-3]].mean(), "msSsim": scales(x, y, m),
            "gradientMae": np.abs(gx - gy)[m].mean(), "edgeCorrelation": np.corrcoef(gx[m], gy[m])[0, 1], "dice": 2 * (a & b).sum() / (a.sum() + b.sum())}


print(json.dumps({"skimage": skimage.__version__, "masked": measure(mask), "whole": measure(mask | True)}))
