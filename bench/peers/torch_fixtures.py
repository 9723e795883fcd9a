#!/usr/bin/python3
"""Writes tests/TorchSharp.Tests/Fixtures/pytorch.json: what PyTorch itself computes, for the stand-in to be held against.

Run with the system's Python: /usr/bin/python3 bench/peers/torch_fixtures.py
Inputs are not stored: wave(shape, phase) makes the same numbers on both sides.
"""
import json
import math
import pathlib

import torch
import torch.nn.functional as F


def wave(*shape, phase=0.0):
    n = math.prod(shape)
    return torch.tensor([math.sin(0.7 * i + phase) for i in range(n)], dtype=torch.float64).reshape(shape)


cases = {}


def record(name, tensor):
    cases[name] = {"shape": list(tensor.shape), "values": tensor.detach().to(torch.float64).flatten().tolist()}


def with_gradients(name, function, *inputs):
    """The result, and the gradient of its sum of squares for each input."""
    leaves = [i.clone().requires_grad_() for i in inputs]
    result = function(*leaves)
    result.square().sum().backward()
    record(name, result)
    for k, leaf in enumerate(leaves):
        record(f"{name}.grad{k}", leaf.grad)


image = wave(1, 3, 6, 6)
with_gradients("conv2d", lambda x, w, b: F.conv2d(x, w, b, stride=2, padding=1), image, wave(4, 3, 3, 3, phase=1), wave(4, phase=2))
with_gradients("conv2d_groups", lambda x, w: F.conv2d(x, w, groups=3, dilation=2), image, wave(6, 1, 3, 3, phase=1))
with_gradients("conv_transpose2d", lambda x, w, b: F.conv_transpose2d(x, w, b, stride=2, padding=1, output_padding=1), image, wave(3, 4, 3, 3, phase=1), wave(4, phase=2))
with_gradients("conv_transpose2d_groups", lambda x, w: F.conv_transpose2d(x, w, stride=2, groups=3, dilation=2), image, wave(3, 2, 3, 3, phase=1))
with_gradients("instance_norm", lambda x, w, b: F.instance_norm(x, weight=w, bias=b), image, wave(3, phase=1), wave(3, phase=2))
with_gradients("group_norm", lambda x, w, b: F.group_norm(x, 3, w, b), image, wave(3, phase=1), wave(3, phase=2))
with_gradients("layer_norm", lambda x, w, b: F.layer_norm(x, [6], w, b), image, wave(6, phase=1), wave(6, phase=2))
with_gradients("batch_norm", lambda x, w, b: F.batch_norm(x, None, None, w, b, True), image, wave(3, phase=1), wave(3, phase=2))
with_gradients("pad_reflect", lambda x: F.pad(x, (2, 1, 0, 3), "reflect"), image)
with_gradients("pad_replicate", lambda x: F.pad(x, (2, 1, 0, 3), "replicate"), image)
with_gradients("pad_constant", lambda x: F.pad(x, (2, 1, 0, 3), "constant", 0.5), image)
with_gradients("bilinear", lambda x: F.interpolate(x, size=(9, 4), mode="bilinear", align_corners=False), image)
with_gradients("bilinear_corners", lambda x: F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True), image)
with_gradients("bicubic", lambda x: F.interpolate(x, size=(9, 4), mode="bicubic", align_corners=False), image)
with_gradients("nearest", lambda x: F.interpolate(x, scale_factor=2), image)
with_gradients("area", lambda x: F.interpolate(x, size=(3, 3), mode="area"), image)
with_gradients("affine_sample", lambda x, t: F.grid_sample(x, F.affine_grid(t, [1, 3, 5, 5], align_corners=False), padding_mode="reflection", align_corners=False), image, wave(1, 2, 3, phase=3))
with_gradients("avg_pool2d", lambda x: F.avg_pool2d(x, 3, 2, 1), image)
with_gradients("max_pool2d", lambda x: F.max_pool2d(x, 2), image)
with_gradients("adaptive_avg_pool2d", lambda x: F.adaptive_avg_pool2d(x, 4), image)
with_gradients("leaky_relu", lambda x: F.leaky_relu(x, 0.2), image)
with_gradients("silu", F.silu, image)
with_gradients("gelu", F.gelu, image)
with_gradients("softplus", F.softplus, image)
with_gradients("normalize", lambda x: F.normalize(x, dim=1), image)
with_gradients("linear", lambda x, w, b: F.linear(x, w, b), wave(4, 5), wave(3, 5, phase=1), wave(3, phase=2))
with_gradients("mse_loss", lambda x, y: F.mse_loss(x, y), wave(4, 5), wave(4, 5, phase=1))
with_gradients("l1_loss", lambda x, y: F.l1_loss(x, y, reduction="sum"), wave(4, 5), wave(4, 5, phase=1))
with_gradients("cross_entropy", lambda x: F.cross_entropy(x, torch.tensor([0, 3, 4, 1]), label_smoothing=0.1), wave(4, 5))
with_gradients("bce_logits", lambda x: F.binary_cross_entropy_with_logits(x, (wave(4, 5, phase=1) > 0).double()), wave(4, 5))
with_gradients("eigh", lambda x: torch.linalg.eigh(x @ x.T + torch.eye(4))[0], wave(4, 5))
with_gradients("spectrum", lambda x: torch.fft.rfft2(x).abs(), wave(4, 6))
with_gradients("cdist", lambda x, y: torch.cdist(x, y), wave(4, 5), wave(3, 5, phase=1))
record("quantile", torch.quantile(wave(4, 5), torch.tensor([0.1, 0.5, 0.9], dtype=torch.float64), dim=1))
record("std", wave(4, 5).std(1))
record("topk", wave(4, 5).topk(2, 1)[0])
record("rot90", torch.rot90(wave(2, 3), 1, [0, 1]))

# Random numbers: the same seed gives the same numbers as in Python.
torch.manual_seed(42)
record("rand", torch.rand(5))
record("randn", torch.randn(20))
record("randperm", torch.randperm(9))
record("randint", torch.randint(0, 100, (7,)))
record("conv_init", torch.nn.Conv2d(3, 4, 3).weight)
record("linear_init", torch.nn.Linear(5, 4).bias)

# Ten Adam steps of a small network, in double precision.
torch.manual_seed(7)
net = torch.nn.Sequential(
    torch.nn.ReflectionPad2d(1), torch.nn.Conv2d(1, 4, 3), torch.nn.InstanceNorm2d(4), torch.nn.ReLU(True),
    torch.nn.ConvTranspose2d(4, 2, 3, 2, 1, 1), torch.nn.LeakyReLU(0.2), torch.nn.Conv2d(2, 1, 1), torch.nn.Tanh()).double()
optimiser = torch.optim.Adam(net.parameters(), 0.01, (0.5, 0.999))
losses = []
for step in range(10):
    optimiser.zero_grad()
    loss = F.mse_loss(net(wave(2, 1, 5, 5, phase=step)), wave(2, 1, 10, 10, phase=0.5))
    loss.backward()
    optimiser.step()
    losses.append(loss.item())
cases["adam_losses"] = {"shape": [10], "values": losses}

for name, optimiser_of in {
    "adamw": lambda p: torch.optim.AdamW([p], 0.1, weight_decay=0.05),
    "adam_decay": lambda p: torch.optim.Adam([p], 0.1, weight_decay=0.05),
    "amsgrad": lambda p: torch.optim.Adam([p], 0.1, amsgrad=True),
    "sgd": lambda p: torch.optim.SGD([p], 0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
}.items():
    p = wave(6).requires_grad_()
    o = optimiser_of(p)
    for step in range(5):
        o.zero_grad()
        (p * wave(6, phase=step)).square().sum().backward()
        o.step()
    record(name, p)

for name, scheduler_of in {
    "step_lr": lambda o: torch.optim.lr_scheduler.StepLR(o, 3, 0.5),
    "lambda_lr": lambda o: torch.optim.lr_scheduler.LambdaLR(o, lambda e: 1 - e / 20),
    "cosine_lr": lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 10),
    "linear_lr": lambda o: torch.optim.lr_scheduler.LinearLR(o, 0.25, 1, 4),
    "exponential_lr": lambda o: torch.optim.lr_scheduler.ExponentialLR(o, 0.9),
}.items():
    p = wave(1).requires_grad_()
    o = torch.optim.SGD([p], 0.1)
    s = scheduler_of(o)
    rates = []
    for _ in range(8):
        rates.append(o.param_groups[0]["lr"])
        o.step()
        s.step()
    cases[name] = {"shape": [8], "values": rates}

target = pathlib.Path(__file__).parents[2] / "tests/TorchSharp.Tests/Fixtures/pytorch.json"
target.parent.mkdir(parents=True, exist_ok=True)
for case in cases.values():
    case["values"] = [float(f"{v:.11g}") for v in case["values"]]
target.write_text(json.dumps({"torch": torch.__version__, "cases": cases}, separators=(",", ":")).replace('},"', '},\n"') + "\n")
print(f"{len(cases)} cases of torch {torch.__version__} in {target}")
