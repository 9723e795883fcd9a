#!/usr/bin/python3
"""Writes tests/MedGan.Models.Tests/Fixtures/super-resolution-networks.json: what PyTorch computes with the networks of super-resolution, written again from their papers.

Run with the system's Python: /usr/bin/python3 bench/peers/torch_fixtures_super_resolution.py [squeezenet.safetensors]
Weights and inputs are not stored: wave(shape, phase) makes the same numbers on both sides.
"""
import json
import math
import pathlib
import struct
import sys

import torch
from torch import nn
from torch.nn import functional as F


def wave(*shape, phase=0.0):
    n = math.prod(shape)
    return torch.tensor([math.sin(0.7 * i + phase) for i in range(n)], dtype=torch.float64).reshape(shape)


def fill(network):
    """Every weight a tenth of a wave whose phase is its place among the names in order; PReLU's and normalisation's weights around 1/2."""
    with torch.no_grad():
        for phase, (name, weight) in enumerate(sorted(network.named_parameters())):
            weight.copy_(wave(*weight.shape, phase=phase) * 0.1 + (0.5 if name.endswith(("act.weight", "activation.weight")) or "norm" in name else 0))
    return network.double()


def rearranged(x, r, s):
    if r == s:
        return F.pixel_shuffle(x, r)
    n, c, h, w = x.shape  # rows only
    result = torch.zeros(n, c // r, h * r, w, dtype=x.dtype)
    for i in range(r):
        result[:, :, i::r] = x[:, i::r]
    return result


class Up(nn.Module):
    def __init__(self, inputs, outputs, r, s, activation):
        super().__init__()
        self.r, self.s = r, s
        self.conv = nn.Conv2d(inputs, outputs * r * s, 3, padding=1)
        self.activation = activation

    def forward(self, x):
        return self.activation(rearranged(self.conv(x), self.r, self.s))


def named(**layers):
    result = nn.Sequential()
    for name, layer in layers.items():
        result.add_module(name, layer)
    return result


class SrBlock(nn.Module):
    def __init__(self, w, norm):
        super().__init__()
        layers = {"conv1": nn.Conv2d(w, w, 3, padding=1)}
        if norm:
            layers["norm1"] = nn.BatchNorm2d(w)
        layers.update(act=nn.PReLU(), conv2=nn.Conv2d(w, w, 3, padding=1))
        if norm:
            layers["norm2"] = nn.BatchNorm2d(w)
        self.layers = named(**layers)

    def forward(self, x):
        return x + self.layers(x)


class SrResNet(nn.Module):
    def __init__(self, steps, w, blocks, channels, tail, norm):
        super().__init__()
        self.head = named(conv=nn.Conv2d(channels, w, 9, padding=4), act=nn.PReLU())
        body = {f"block{i}": SrBlock(w, norm) for i in range(blocks)}
        body["conv"] = nn.Conv2d(w, w, 3, padding=1)
        if norm:
            body["norm"] = nn.BatchNorm2d(w)
        self.body = named(**body)
        self.up = named(**{f"step{i}": Up(w if i == 0 else tail, tail, r, s, nn.PReLU()) for i, (r, s) in enumerate(steps)})
        self.last = nn.Conv2d(tail, 1, 9, padding=4)

    def forward(self, x):
        first = self.head(x + 1)
        return self.last(self.up(first + self.body(first)))


class Dense(nn.Module):
    def __init__(self, w, g):
        super().__init__()
        for i in range(5):
            self.add_module(f"conv{i + 1}", nn.Conv2d(w + i * g, g if i < 4 else w, 3, padding=1))

    def forward(self, x):
        maps = [x]
        for i in range(1, 5):
            maps.append(F.leaky_relu(getattr(self, f"conv{i}")(torch.cat(maps, 1)), 0.2))
        return x + 0.2 * self.conv5(torch.cat(maps, 1))


class InResidual(nn.Module):
    def __init__(self, w, g):
        super().__init__()
        self.layers = named(dense1=Dense(w, g), dense2=Dense(w, g), dense3=Dense(w, g))

    def forward(self, x):
        return x + 0.2 * self.layers(x)


class Rrdb(nn.Module):
    def __init__(self, steps, w, blocks, channels, tail, g):
        super().__init__()
        self.first = nn.Conv2d(channels, w, 3, padding=1)
        self.body = named(**{f"block{i}": InResidual(w, g) for i in range(blocks)}, conv=nn.Conv2d(w, w, 3, padding=1))
        self.up = named(**{f"step{i}": Up(w if i == 0 else tail, tail, r, s, nn.LeakyReLU(0.2)) for i, (r, s) in enumerate(steps)})
        self.high = named(conv=nn.Conv2d(tail, tail, 3, padding=1), act=nn.LeakyReLU(0.2))
        self.last = nn.Conv2d(tail, 1, 3, padding=1)

    def forward(self, x):
        maps = self.first(x + 1)
        return self.last(self.high(self.up(maps + self.body(maps))))


class Judge(nn.Module):
    def __init__(self, w, patch):
        super().__init__()
        layers, channels = {}, 1
        for i, (outputs, stride) in enumerate([(w, 1), (w, 2), (2 * w, 1), (2 * w, 2), (4 * w, 1), (4 * w, 2), (8 * w, 1), (8 * w, 2)]):
            layers[f"conv{i + 1}"] = nn.Conv2d(channels, outputs, 3, stride=stride, padding=1)
            if i > 0:
                layers[f"norm{i + 1}"] = nn.BatchNorm2d(outputs)
            layers[f"act{i + 1}"] = nn.LeakyReLU(0.2)
            channels = outputs
        layers.update(flat=nn.Flatten(), dense1=nn.Linear(channels * (patch // 16) ** 2, 16 * w), act9=nn.LeakyReLU(0.2), dense2=nn.Linear(16 * w, 1))
        self.layers = named(**layers)

    def forward(self, x):
        return self.layers(x)


def squeezenet(path):
    data = pathlib.Path(path).read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    weights = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            weights[name] = torch.frombuffer(bytearray(data[8 + length + begin:8 + length + end]), dtype=torch.float32).reshape(entry["shape"]).double()

    def conv(x, name, **how):
        return F.relu(F.conv2d(x, weights[name + ".weight"], weights[name + ".bias"], **how))

    grey = (wave(1, 1, 48, 40) + 1) * 127.5
    x = conv(torch.cat([grey - 104, grey - 117, grey - 123], 1), "conv1", stride=2)
    maps = [x]
    x = F.max_pool2d(x, 3, 2, ceil_mode=True)
    for i in range(2, 9):
        s = conv(x, f"fire{i}.squeeze1x1")
        x = torch.cat([conv(s, f"fire{i}.expand1x1"), conv(s, f"fire{i}.expand3x3", padding=1)], 1)
        if i in (2, 4, 8):
            maps.append(x)
        if i == 4:
            x = F.max_pool2d(x, 3, 2, ceil_mode=True)
    return [{"shape": list(m.shape), "mean": m.mean().item(), "deviation": m.std(unbiased=False).item(), "last": m[0, -1, -1, -1].item()} for m in maps]


def values(tensor):
    return {"shape": list(tensor.shape), "values": [float(f"{v:.9g}") for v in tensor.detach().flatten().tolist()]}


four, three_rows, two = [(2, 2), (2, 2)], [(3, 1)], [(2, 2)]
cases = {
    "srresnet_x4": values(fill(SrResNet(four, 8, 2, 1, 4, False))(wave(1, 1, 5, 6))),
    "srresnet_rows_x3": values(fill(SrResNet(three_rows, 8, 1, 3, 8, False))(wave(1, 3, 4, 7))),
    "srresnet_x2_norm": values(fill(SrResNet(two, 8, 1, 1, 4, True))(wave(2, 1, 4, 4))),
    "rrdb_x4": values(fill(Rrdb(four, 8, 1, 1, 4, 4))(wave(1, 1, 5, 6))),
    "discriminator": values(fill(Judge(4, 32))(wave(3, 1, 32, 32))),
}
result = {"torch": torch.__version__, "cases": cases}
if len(sys.argv) > 1:
    result["squeezenet"] = squeezenet(sys.argv[1])
target = pathlib.Path(__file__).parents[2] / "tests/MedGan.Models.Tests/Fixtures/super-resolution-networks.json"
target.write_text(json.dumps(result) + "\n")
