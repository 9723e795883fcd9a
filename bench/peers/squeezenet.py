#!/usr/bin/python3
"""SqueezeNet 1.0's features by PyTorch's own functions: WEIGHTS.safetensors -> tests/MedGan.Models.Tests/Fixtures/squeezenet.json on standard output.

Two formula images in [-1, 1], one of the network's size, one of another; every 16th of the 512 features of each.
"""
import json
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F

data = open(sys.argv[1], "rb").read()
start = 8 + struct.unpack("<Q", data[:8])[0]
header = json.loads(data[8:start])
w = {k: torch.from_numpy(np.frombuffer(data[start + v["data_offsets"][0]:start + v["data_offsets"][1]], "<f4").copy().reshape(v["shape"])) for k, v in header.items() if k != "__metadata__"}
conv = lambda x, name, **options: F.relu(F.conv2d(x, w[name + ".weight"], w[name + ".bias"], **options))


def features(h, width):
    j, i = np.mgrid[:h, :width].astype(float)
    x = torch.from_numpy(np.float32(np.sin(0.05 * i + 0.03 * j) * np.cos(0.002 * i * j)))[None, None]
    x = F.interpolate(x, size=(227, 227), mode="bilinear", align_corners=False, antialias=True) if (h, width) != (227, 227) else x
    x = (x.expand(1, 3, 227, 227) + 1) * 127.5 - torch.tensor([104.0, 117.0, 123.0]).reshape(1, 3, 1, 1)
    x = F.max_pool2d(conv(x, "conv1", stride=2), 3, 2, ceil_mode=True)
    for k in range(2, 10):
        s = conv(x, f"fire{k}.squeeze1x1")
        x = torch.cat([conv(s, f"fire{k}.expand1x1"), conv(s, f"fire{k}.expand3x3", padding=1)], 1)
        x = F.max_pool2d(x, 3, 2, ceil_mode=True) if k in (4, 8) else x
    return x.mean((2, 3))[0, ::16].tolist()


print(json.dumps({"torch": torch.__version__, "227x227": features(227, 227), "150x301": features(150, 301)}))
