"""Prints the values that pydicom reads from every file of a folder, as one JSON object: {file: {path: [values]}}."""
import json
import os
import sys
import warnings

import pydicom

warnings.simplefilter("ignore")
pydicom.config.replace_un_with_known_vr = False
TEXT = {"AE", "AS", "CS", "DA", "DT", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR", "UT"}
NUMBERS = {"FD", "FL", "SL", "SS", "SV", "UL", "US", "UV", "DS", "IS"}


def values(element):
    value = element.value
    if value is None or value == "":
        return []
    many = list(value) if element.VM > 1 else [value]
    if element.VR in TEXT:
        return [str(v).strip(" \0") for v in many]
    return [None if v == "" else float(v) for v in many]


def walk(dataset, prefix, found):
    for element in dataset:
        path = f"{prefix}{element.tag.group:04X}{element.tag.elem:04X}"
        if element.VR == "SQ":
            for index, item in enumerate(element.value):
                walk(item, f"{path}[{index}].", found)
        elif element.VR in TEXT or element.VR in NUMBERS:
            found[path] = values(element)
        elif isinstance(element.value, bytes) and element.tag != 0x7FE00010:
            found[path] = [len(element.value)]


result = {}
for name in sys.stdin.read().split("\n"):
    try:
        found = {}
        walk(pydicom.dcmread(name), "", found)
        result[name] = found
    except Exception as error:  # what pydicom cannot read is not compared
        print(os.path.basename(name), type(error).__name__, error, file=sys.stderr)
print(json.dumps(result))
