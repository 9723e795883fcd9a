#!/usr/bin/python3
"""Writes tests/MedGan.Models.Tests/Fixtures/spectral-norm.json: what torch.nn.utils.spectral_norm computes, for MedGan's to be held against.

Run with the system's Python: /usr/bin/python3 bench/peers/torch_fixtures_spectral.py
Inputs are not stored: wave(shape, phase) makes the same numbers on both sides.
"""
import json
import math
import pathlib

import torch
from torch import nn


def wave(*shape, phase=0.0):
    n = math.prod(shape)
    return torch.tensor([math.sin(0.7 * i + phase) for i in range(n)], dtype=torch.float64).reshape(shape)


def values(tensor):
    return {"shape": list(tensor.shape), "values": tensor.detach().flatten().tolist()}


def case(layer, inputs, iterations=1):
    """Two steps in training mode, with the gradients of the sum of squares of the first's result, then one in evaluation mode."""
    layer = layer.double()
    with torch.no_grad():
        layer.weight.copy_(wave(*layer.weight.shape, phase=1))
        if getattr(layer, "bias", None) is not None:
            layer.bias.copy_(wave(*layer.bias.shape, phase=2))
    layer = nn.utils.spectral_norm(layer, n_power_iterations=iterations)
    for buffer, phase in ((layer.weight_u, 3), (layer.weight_v, 4)):
        buffer.copy_(nn.functional.normalize(wave(*buffer.shape, phase=phase), dim=0))
    if inputs.is_floating_point():
        inputs.requires_grad_()
    first = layer(inputs)
    first.square().sum().backward()
    result = {"first": values(first), "weight_grad": values(layer.weight_orig.grad), "u": values(layer.weight_u), "v": values(layer.weight_v)}
    if inputs.is_floating_point():
        result["input_grad"] = values(inputs.grad)
    if getattr(layer, "bias", None) is not None:
        result["bias_grad"] = values(layer.bias.grad)
    result["second"] = values(layer(inputs))
    layer.eval()
    result["eval"] = values(layer(inputs))
    return result


cases = {
    "conv2d": case(nn.Conv2d(3, 4, 3, stride=2, padding=1), wave(2, 3, 6, 6)),
    "conv2d_groups": case(nn.Conv2d(4, 6, 3, groups=2, dilation=2, bias=False), wave(1, 4, 6, 6)),
    "conv2d_same": case(nn.Conv2d(3, 4, 3, padding="same"), wave(1, 3, 5, 5)),
    "conv_transpose2d": case(nn.ConvTranspose2d(3, 4, 3, stride=2, padding=1, output_padding=1), wave(2, 3, 5, 5)),
    "linear": case(nn.Linear(7, 5), wave(3, 7)),
    "linear_3_iterations": case(nn.Linear(7, 5), wave(3, 7), iterations=3),
    "embedding": case(nn.Embedding(6, 4), torch.tensor([[0, 5, 2], [2, 2, 1]])),
}
target = pathlib.Path(__file__).parents[2] / "tests/MedGan.Models.Tests/Fixtures/spectral-norm.json"
target.parent.mkdir(exist_ok=True)
target.write_text(json.dumps({"torch": torch.__version__, "cases": cases}) + "\n")
