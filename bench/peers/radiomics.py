#!/usr/bin/python3
"""Radiomic features by scikit-image and SciPy, as one line of JSON.

No argument: of a formula image, for tests/MedGan.Models.Tests/Fixtures/radiomics.json. HEIGHT WIDTH: of one on standard input, float32 in [-1, 1].
"""
import json
import sys

import numpy as np
import skimage
from scipy import ndimage, stats
from skimage import feature, filters, measure

h, w = map(int, sys.argv[1:3]) if sys.argv[1:] else (70, 90)
j, i = np.mgrid[:h, :w].astype(float)
x = np.frombuffer(sys.stdin.buffer.read(), "<f4").reshape(h, w) if sys.argv[1:] else np.float32(np.exp(-((i - 50) / 20) ** 2 - ((j - 30) / 12) ** 2 + 0.3 * np.sin(0.9 * i + 0.4 * j * j)) - 0.6)
mask = np.hypot(j - h / 2, i - w / 2) < 0.45 * min(h, w)


def features(m):
    v = np.clip((x.astype(float) + 1) / 2, 0, 1)
    inside = v[m]
    counts, _ = np.histogram(inside, 256, (0, 1))
    filled = np.flatnonzero(counts)
    threshold = (filters.threshold_otsu(hist=(counts[filled[0]:filled[-1] + 1], np.arange(filled[0], filled[-1] + 1))) + 1) / 256
    bright = (v > threshold) & m
    region, size = measure.regionprops(bright.astype(int))[0], np.sqrt(h * w)
    levels = np.where(m, np.minimum((v * 16).astype(int), 15), 16).astype(np.uint8)
    g = feature.graycomatrix(levels, [1], [0, np.pi / 4, np.pi / 2, 3 * np.pi / 4], 17, symmetric=True)[:16, :16].sum(3, keepdims=True)
    texture = [float(feature.graycoprops(g, name)[0, 0]) for name in ("contrast", "dissimilarity", "homogeneity", "energy", "correlation")]
    return [inside.mean(), inside.std(), stats.skew(inside), stats.kurtosis(inside), *np.percentile(inside, [10, 90]), stats.entropy(np.histogram(inside, 32, (0, 1))[0], base=2),
            region.area / (h * w), region.centroid[0] / h, region.centroid[1] / w, region.major_axis_length / size, region.minor_axis_length / size,
            1 - ndimage.binary_erosion(bright).sum() / bright.sum(), *texture, stats.entropy(g.ravel(), base=2)]


print(json.dumps({"skimage": skimage.__version__, "masked": features(mask), "whole": features(mask | True)}))
