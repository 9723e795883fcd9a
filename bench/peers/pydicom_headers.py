#!/usr/bin/python3
"""Peer for `bench dicom`: how many headers a second pydicom reads from memory, all elements visited."""
import io
import json
import sys
import time

import pydicom


def visit(dataset):
    count = 0
    for element in dataset:
        count += 1
        if element.VR == "SQ":
            count += sum(visit(item) for item in element.value)
    return count


files = [open(path, "rb").read() for path in sys.argv[2:]]
rounds = int(sys.argv[1])
start = time.perf_counter()
elements = sum(visit(pydicom.dcmread(io.BytesIO(data), force=True)) for _ in range(rounds) for data in files)
seconds = time.perf_counter() - start
print(json.dumps({"peer": f"pydicom {pydicom.__version__}", "files_per_second": rounds * len(files) / seconds, "elements": elements}))
