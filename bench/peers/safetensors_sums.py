#!/usr/bin/python3
"""Reads safetensors files by the format's description alone, with numpy: {file: {name: [type, shape, sum of the values]}} as JSON.

safetensors_sums.py FILE...
"""
import json
import sys

import numpy as np

TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "<i1", "U8": "<u1", "BOOL": "?"}


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8:8 + length])
    values = memoryview(data)[8 + length:]
    sums = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        assert (8 + length + begin) % np.dtype(TYPES[entry["dtype"]]).itemsize == 0, f"{name} is not aligned"
        array = np.frombuffer(values[begin:end], TYPES[entry["dtype"]]).reshape(entry["shape"])
        if entry["dtype"] == "BF16":
            array = (array.astype(np.uint32) << 16).view(np.float32)
        sums[name] = [entry["dtype"], entry["shape"], float(array.sum(dtype=np.float64))]
    return sums


if __name__ == "__main__":
    print(json.dumps({path: read(path) for path in sys.argv[1:]}))
