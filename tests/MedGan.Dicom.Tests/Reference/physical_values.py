"""Values of a DICOM series at points of the patient, by pydicom and numpy alone.

Standard input: {"folder": path, "points": [[x, y, z], ...]} in mm. Standard output: a JSON list of rescaled values
(null beyond the slices). A point is taken straight along the normal to the slices below and above it, interpolated
bilinearly in each at the place that slice's own Image Position gives, and linearly between the two.
"""
import glob
import json
import os
import sys

import numpy as np
import pydicom

job = json.load(sys.stdin)
files = [pydicom.dcmread(f) for f in glob.glob(os.path.join(job["folder"], "*"))]
row, column = np.array(files[0].ImageOrientationPatient[:3], float), np.array(files[0].ImageOrientationPatient[3:], float)
normal = np.cross(row, column)
files.sort(key=lambda f: normal @ np.array(f.ImagePositionPatient, float))
origins = np.array([f.ImagePositionPatient for f in files], float)
heights = origins @ normal
dy, dx = (float(s) for s in files[0].PixelSpacing)
pixels = [f.pixel_array * float(f.get("RescaleSlope", 1)) + float(f.get("RescaleIntercept", 0)) for f in files]
padded = [f.pixel_array == f.PixelPaddingValue if "PixelPaddingValue" in f else np.zeros(f.pixel_array.shape, bool) for f in files]
for p, m in zip(pixels, padded):
    p[m] = -1000


def in_slice(k, point):
    u, v = (point - origins[k]) @ row / dx, (point - origins[k]) @ column / dy
    x, y = int(np.floor(u)), int(np.floor(v))
    if x < 0 or y < 0 or x + 1 >= pixels[k].shape[1] or y + 1 >= pixels[k].shape[0]:
        return None
    a, b = u - x, v - y
    p = pixels[k]
    return (p[y, x] * (1 - a) + p[y, x + 1] * a) * (1 - b) + (p[y + 1, x] * (1 - a) + p[y + 1, x + 1] * a) * b


answer = []
for point in np.array(job["points"], float):
    h = point @ normal
    k = int(np.clip(np.searchsorted(heights, h, side="right") - 1, 0, len(files) - 2))
    part = (h - heights[k]) / (heights[k + 1] - heights[k])
    low, high = in_slice(k, point), in_slice(k + 1, point)
    answer.append(None if low is None or high is None else low + (high - low) * part)
json.dump(answer, sys.stdout)
