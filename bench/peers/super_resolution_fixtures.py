#!/usr/bin/python3
"""Writes tests/MedGan.Models.Tests/Fixtures/super-resolution.json: what NumPy's FFT, SciPy and Pillow make of waves, for MedGan's degradation and upsampling to be held against.

Run with the system's Python: /usr/bin/python3 bench/peers/super_resolution_fixtures.py
Inputs are not stored: wave(h, w, phase) makes the same numbers on both sides.
"""
import json
import pathlib

import numpy as np
import PIL
import scipy
from PIL import Image
from scipy import ndimage


def wave(height, width, phase=0.0):
    i = np.arange(height * width, dtype=np.float64)
    return (np.sin(0.7 * i + phase) + 0.5 * np.cos(0.11 * i)).reshape(height, width)


def values(array):
    return {"shape": list(array.shape), "values": [float(f"{v:.9g}") for v in np.asarray(array, np.float64).ravel()]}


def taper(window, share):
    if window == "hann":
        return 0.5 + 0.5 * np.cos(np.pi * share)
    if window == "tukey":
        return np.where(share > 0.5, 0.5 + 0.5 * np.cos(2 * np.pi * (share - 0.5)), 1.0)
    return np.ones_like(share)


def truncated(image, factor, window, axes):
    """FFT, crop to the middle of k-space, taper, shift to the centres of the new pixels, inverse FFT, real part."""
    for axis in axes:
        n = image.shape[axis]
        m = n // factor
        spectrum = np.fft.fftshift(np.fft.fft(image, axis=axis), axes=axis)
        kept = np.take(spectrum, range(n // 2 - m // 2, n // 2 - m // 2 + m), axis=axis)
        k = np.arange(-(m // 2), m - m // 2)
        weights = taper(window, 2 * np.abs(k) / m) * np.exp(2j * np.pi * k * (factor - 1) / 2 / n)
        shape = [1, 1]
        shape[axis] = m
        image = np.real(np.fft.ifft(np.fft.ifftshift(kept * weights.reshape(shape), axes=axis), axis=axis)) / factor
    return image


def bicubic(image, rows, columns):
    """Pillow's, of the image with its edges held, so that Pillow's own rule for edges does not matter."""
    margin = 4
    padded = np.pad(image, margin, mode="edge").astype(np.float32)
    large = Image.fromarray(padded, mode="F").resize((padded.shape[1] * columns, padded.shape[0] * rows), Image.BICUBIC)
    return np.asarray(large, np.float64)[margin * rows:-margin * rows, margin * columns:-margin * columns]


def blurred(image, factor, fwhm):
    """A Gaussian averaged over pixels (16 samples), then the mean over squares."""
    reach = int(np.ceil(2.5 * fwhm + 1))
    offsets = np.arange(-reach, reach + 1)
    fine = (np.arange(16) + 0.5) / 16 - 0.5
    kernel = np.exp(-4 * np.log(2) * (offsets[:, None] + fine) ** 2 / fwhm ** 2).mean(1)
    kernel /= kernel.sum()
    for axis in (0, 1):
        image = ndimage.correlate1d(image, kernel, axis=axis, mode="nearest")
    h, w = image.shape
    return image.reshape(h // factor, factor, w // factor, factor).mean((1, 3))


cases = {}
for height, width, factor in ((16, 24, 2), (18, 12, 3), (24, 16, 4), (20, 12, 4)):
    for window in ("none", "tukey", "hann"):
        cases[f"kspace_{height}x{width}_{factor}_{window}"] = values(truncated(wave(height, width), factor, window, (0, 1)))
    cases[f"blur_{height}x{width}_{factor}"] = values(blurred(wave(height, width), factor, 1.7))
for rows, columns in ((2, 2), (3, 3), (4, 4), (2, 1), (3, 1), (4, 1)):
    cases[f"bicubic_5x7_{rows}x{columns}"] = values(bicubic(wave(5, 7, 0.3), rows, columns))
target = pathlib.Path(__file__).parents[2] / "tests/MedGan.Models.Tests/Fixtures/super-resolution.json"
target.write_text(json.dumps({"numpy": np.__version__, "scipy": scipy.__version__, "pillow": PIL.__version__, "cases": cases}) + "\n")
