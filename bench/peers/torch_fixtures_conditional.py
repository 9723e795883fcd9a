#!/usr/bin/python3
"""Writes tests/MedGan.Models.Tests/Fixtures/conditional-layers.json: what PyTorch computes for the layers of MedGan's class-conditional networks,
each written here from its paper in another way than in MedGan (per-image weights and grouped convolutions, filters instead of matrices).

Run with the system's Python: /usr/bin/python3 bench/peers/torch_fixtures_conditional.py
Inputs and weights are not stored: wave(shape, phase) makes the same numbers on both sides; the weights of a layer, sorted by name, have the phases 1, 2, ...
"""
import json
import math
import pathlib

import torch
import torch.nn.functional as F


def wave(*shape, phase=0.0):
    n = math.prod(shape)
    return torch.tensor([math.sin(0.7 * i + phase) for i in range(n)], dtype=torch.float64).reshape(shape)


def weights(shapes):
    made = {name: wave(*shape, phase=1 + i).requires_grad_() for i, (name, shape) in enumerate(sorted(shapes.items()))}
    return made, (lambda name: made[name])


def values(tensor):
    return {"shape": list(tensor.shape), "values": tensor.detach().flatten().tolist()}


def case(function, inputs, shapes):
    made, of = weights(shapes)
    inputs = [x.requires_grad_() for x in inputs]
    result = function(of, *inputs)
    result.square().sum().backward()
    out = {"result": values(result)}
    out.update({f"input{i}_grad": values(x.grad) for i, x in enumerate(inputs)})
    out.update({f"{name}_grad": values(w.grad) for name, w in made.items()})
    return out


def filtered(x, up):
    """Zero insertion or decimation with the filter 1 3 3 1, edges replicated: channels one by one."""
    k = torch.tensor([1.0, 3, 3, 1], dtype=torch.float64) / 8
    k = torch.outer(k, k)[None, None]
    n, c, h, w = x.shape
    x = x.reshape(n * c, 1, h, w)
    if up:
        x = F.pad(x, (1, 1, 1, 1), mode="replicate")
        x = F.conv_transpose2d(x, 4 * k, stride=2, padding=3)
    else:
        x = F.conv2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), k, stride=2)
    return x.reshape(n, c, *x.shape[2:])


def modulated(demodulate):
    def run(p, x, w):
        n, i, h, wd = x.shape
        style = w @ p("style.weight").t() / math.sqrt(w.shape[1]) + p("style.bias")
        weight = p("weight") / math.sqrt(p("weight")[0].numel())
        each = weight[None] * style[:, None, :, None, None]  # [N,O,I,K,K]
        if demodulate:
            each = each / (each.square().sum([2, 3, 4], keepdim=True) + 1e-8).sqrt()
        o, k = weight.shape[0], weight.shape[2]
        y = F.conv2d(x.reshape(1, n * i, h, wd), each.reshape(n * o, i, k, k), padding=k // 2, groups=n)
        return y.reshape(n, o, h, wd)
    return run


def attention(p, x):
    n, c, h, w = x.shape
    q = torch.einsum("oi,nihw->nohw", p("query.weight")[:, :, 0, 0], x)
    k = F.max_pool2d(torch.einsum("oi,nihw->nohw", p("key.weight")[:, :, 0, 0], x), 2)
    v = F.max_pool2d(torch.einsum("oi,nihw->nohw", p("value.weight")[:, :, 0, 0], x), 2)
    a = torch.softmax(torch.einsum("nchw,ncyx->nhwyx", q, k).reshape(n, h, w, -1), -1)
    mixed = torch.einsum("nhwj,ncj->nchw", a, v.flatten(2))
    return p("gamma") * torch.einsum("oi,nihw->nohw", p("output.weight")[:, :, 0, 0], mixed) + x


def batch_norm(p, x, condition):
    y = (x - x.mean([0, 2, 3], keepdim=True)) / (x.var([0, 2, 3], unbiased=False, keepdim=True) + 1e-5).sqrt()
    gain, bias = 1 + condition @ p("gain.weight").t(), condition @ p("bias.weight").t()
    return y * gain[:, :, None, None] + bias[:, :, None, None]


def r3gan_block(p, x):
    groups = p("mix.weight").shape[0] // p("mix.weight").shape[1]
    y = F.leaky_relu(F.conv2d(x, p("expand.weight"), p("expand.bias")), 0.2)
    y = torch.cat([F.conv2d(part, w, padding=1) for part, w in zip(y.chunk(groups, 1), p("mix.weight").chunk(groups, 0))], 1)
    y = F.leaky_relu(y + p("mix.bias")[None, :, None, None], 0.2)
    return x + F.conv2d(y, p("reduce.weight"))


def mapping(p, z):
    """The class's vector has the same row for all; w from [z, class], each to a mean square of 1."""
    y = p("classes.weight")[1].expand(z.shape[0], -1)
    x = torch.cat([v / (v.square().mean(1, keepdim=True) + 1e-8).sqrt() for v in (z, y)], 1)
    for i in range(2):
        x = x @ (p(f"layers.{i}.weight") * 0.01 / math.sqrt(x.shape[1])).t() + 0.01 * p(f"layers.{i}.bias")
        x = F.leaky_relu(x, 0.2) * math.sqrt(2)
    return x


def projection(p, features):
    labels = torch.tensor([0, 2, 2])
    return features @ p("score.weight")[0] + p("score.bias") + torch.stack([p("classes.weight")[y] @ f for y, f in zip(labels, features)])


CASES = {
    "up": case(lambda p, x: filtered(x, True), [wave(2, 3, 4, 4)], {}),
    "down": case(lambda p, x: filtered(x, False), [wave(2, 3, 8, 8)], {}),
    "modulated": case(modulated(True), [wave(2, 3, 4, 4), wave(2, 5, phase=0.5)], {"weight": (4, 3, 3, 3), "style.weight": (3, 5), "style.bias": (3,)}),
    "modulated_to_image": case(modulated(False), [wave(2, 3, 4, 4), wave(2, 5, phase=0.5)], {"weight": (1, 3, 1, 1), "style.weight": (3, 5), "style.bias": (3,)}),
    "attention": case(attention, [wave(2, 8, 4, 4)], {"query.weight": (1, 8, 1, 1), "key.weight": (1, 8, 1, 1), "value.weight": (4, 8, 1, 1), "output.weight": (8, 4, 1, 1), "gamma": (1,)}),
    "batch_norm": case(batch_norm, [wave(3, 2, 4, 4), wave(3, 5, phase=0.5)], {"gain.weight": (2, 5), "bias.weight": (2, 5)}),
    "r3gan_block": case(r3gan_block, [wave(1, 16, 4, 4)], {"expand.weight": (32, 16, 1, 1), "expand.bias": (32,), "mix.weight": (32, 16, 3, 3), "mix.bias": (32,), "reduce.weight": (16, 32, 1, 1)}),
    "mapping": case(mapping, [wave(2, 4)], {"classes.weight": (3, 4), "layers.0.weight": (4, 8), "layers.0.bias": (4,), "layers.1.weight": (4, 4), "layers.1.bias": (4,)}),
    "projection": case(projection, [wave(3, 4)], {"score.weight": (1, 4), "score.bias": (1,), "classes.weight": (3, 4)}),
}

path = pathlib.Path(__file__).parents[2] / "tests/MedGan.Models.Tests/Fixtures/conditional-layers.json"
# long gradients by their first and last values
for found in CASES.values():
    for stored in found.values():
        stored["values"] = [float(f"{v:.12g}") for v in (stored["values"] if len(stored["values"]) <= 400 else stored["values"][:200] + stored["values"][-200:])]
path.write_text(json.dumps({"torch": torch.__version__, "cases": CASES}, indent=None, separators=(",", ":")) + "\n")
print(f"{len(CASES)} cases, {path.stat().st_size} bytes")
