#!/usr/bin/python3
"""Writes tests/TorchSharp.Tests/Fixtures/pytorch-modules.json: layers, functions, optimisers and schedulers as PyTorch itself computes them.

Run with the system's Python: /usr/bin/python3 bench/peers/torch_fixtures_modules.py
A case holds how its inputs are made, its results, and the gradients of inputs and parameters. Parameters and buffers are waves too,
numbered in the order of their names. The table on the other side is tests/TorchSharp.Tests/ModuleCases.cs.
"""
import json
import math
import pathlib
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def wave(shape, phase):
    return torch.tensor([math.sin(0.7 * i + phase) for i in range(math.prod(shape))]).reshape(shape)


def w(*shape, scale=1.0, shift=0.0, grad=True):
    """An input: a wave, whose phase is given by its place among the inputs."""
    return {"shape": list(shape), "scale": scale, "shift": shift, "grad": grad}


def longs(*values, shape=None):
    return {"shape": list(shape or [len(values)]), "longs": list(values)}


def bools(*values, shape):
    return {"shape": list(shape), "bools": [bool(v) for v in values]}


def numbers(*values, shape=None):
    return {"shape": list(shape or [len(values)]), "doubles": list(values)}


def tensor_of(spec, place):
    if "longs" in spec:
        return torch.tensor(spec["longs"], dtype=torch.int64).reshape(spec["shape"])
    if "bools" in spec:
        return torch.tensor(spec["bools"]).reshape(spec["shape"])
    if "doubles" in spec:
        return torch.tensor(spec["doubles"]).reshape(spec["shape"])
    return (wave(spec["shape"], 0.3 * (place + 1)) * spec["scale"] + spec["shift"]).requires_grad_(spec["grad"])


def stored(tensor):
    return {"shape": list(tensor.shape), "values": [float(f"{v:.10g}") for v in tensor.detach().to(torch.float64).flatten().tolist()]}


def flat(result):
    if isinstance(result, torch.Tensor):
        return [result]
    return [t for part in result if part is not None for t in flat(part)]


cases = {}


def fill(module):
    with torch.no_grad():
        for i, (name, p) in enumerate(sorted(module.named_parameters())):
            p.copy_(wave(p.shape, 0.5 * (i + 1)) * 0.6)
        for i, (name, b) in enumerate(sorted(module.named_buffers())):
            if b.is_floating_point():
                b.copy_(wave(b.shape, 0.4 * (i + 1)) * 0.5 + (1.5 if "var" in name else 0))


def case(name, module, *inputs, call=None, train=True):
    """A module, or a function where nothing is learnt."""
    assert name not in cases, name
    if isinstance(module, nn.Module):
        if not isinstance(module, nn.modules.loss._Loss):  # its buffers are weights that the case gives
            fill(module)
        module.train(train)
    tensors = [tensor_of(spec, i) for i, spec in enumerate(inputs)]
    torch.manual_seed(5)
    results = flat((call or (lambda m, *x: m(*x)))(module, *tensors))
    differentiable = [(i, r) for i, r in enumerate(results) if r.requires_grad]
    if differentiable:
        sum((r * wave(r.shape, 2.0 + i)).sum() for i, r in differentiable).backward()
    entry = {"train": train, "inputs": list(inputs), "results": [stored(r) for r in results]}
    entry["gradients"] = [stored(t.grad if t.grad is not None else torch.zeros_like(t)) if t.requires_grad else None for t in tensors]
    if isinstance(module, nn.Module):
        entry["parameters"] = {n: stored(p.grad if p.grad is not None else torch.zeros_like(p)) for n, p in sorted(module.named_parameters())}
        entry["buffers"] = {n: stored(b) for n, b in sorted(module.named_buffers())} if train and not isinstance(module, nn.modules.loss._Loss) else {}
    cases[name] = entry


# Convolutions and other linear maps
case("Conv1d", nn.Conv1d(2, 3, 3, 2, 1), w(2, 2, 7))
case("Conv1d.same", nn.Conv1d(2, 2, 4, padding="same", dilation=2, bias=False), w(1, 2, 8))
case("Conv1d.circular", nn.Conv1d(2, 4, 3, padding=1, padding_mode="circular", groups=2), w(1, 2, 6))
case("Conv2d", nn.Conv2d(2, 3, 3, 2, 1), w(1, 2, 5, 4))
case("Conv2d.reflect", nn.Conv2d(2, 2, (3, 2), (1, 2), (1, 1), padding_mode="reflect"), w(1, 2, 4, 5))
case("Conv2d.same", nn.Conv2d(1, 2, (2, 3), padding="same"), w(1, 1, 4, 4))
case("Conv2d.replicate", nn.Conv2d(2, 2, 3, 1, 2, 2, 2, padding_mode="replicate"), w(2, 4, 4))
case("Conv3d", nn.Conv3d(1, 2, 2, 2, 1), w(1, 1, 3, 4, 3))
case("Conv3d.same", nn.Conv3d(1, 1, (2, 1, 3), padding="same"), w(1, 1, 2, 3, 3))
case("Conv3d.pairs", nn.Conv3d(2, 2, (2, 1, 2), (1, 2, 1), (0, 1, 1), groups=2), w(1, 2, 2, 3, 2))
case("ConvTranspose1d", nn.ConvTranspose1d(2, 3, 3, 2, 1, 1), w(1, 2, 4))
case("ConvTranspose1d.output_size", nn.ConvTranspose1d(2, 2, 3, 3, 1), w(1, 2, 3), call=lambda m, x: m(x, output_size=[8]))
case("ConvTranspose2d", nn.ConvTranspose2d(2, 3, 3, 2, 1, 1), w(1, 2, 3, 4))
case("ConvTranspose2d.pairs", nn.ConvTranspose2d(2, 2, (3, 2), (1, 2), (1, 0), dilation=(2, 1), groups=2), w(1, 2, 4, 3))
case("ConvTranspose2d.output_size", nn.ConvTranspose2d(1, 2, 3, 2, 1), w(1, 1, 3, 3), call=lambda m, x: m(x, output_size=[6, 5]))
case("ConvTranspose3d", nn.ConvTranspose3d(1, 2, 2, 2, 0, 1), w(1, 1, 2, 2, 1))
case("ConvTranspose3d.pairs", nn.ConvTranspose3d(2, 1, (2, 1, 2), (1, 2, 1)), w(1, 2, 2, 2, 2))
case("Linear", nn.Linear(4, 3), w(2, 3, 4))
case("Bilinear", nn.Bilinear(3, 4, 2), w(3, 3), w(3, 4))
case("Embedding", nn.Embedding(5, 3), longs(0, 4, 1, 1, 4, 2, shape=[2, 3]))
case("Embedding.padding", nn.Embedding(5, 3, padding_idx=1, scale_grad_by_freq=True), longs(0, 4, 1, 1, 4, 2, shape=[2, 3]))
case("Embedding.max_norm", nn.Embedding(4, 3, max_norm=0.7), longs(0, 3))
case("Embedding_from_pretrained", nn.Embedding.from_pretrained(wave([4, 3], 0.0)), longs(3, 0, 0))
case("EmbeddingBag", nn.EmbeddingBag(5, 3), longs(0, 4, 1, 1, 4, 2, shape=[2, 3]))
case("EmbeddingBag.sum", nn.EmbeddingBag(5, 3, mode="sum"), longs(0, 4, 1, 1, 4, 2), longs(0, 2, 2), w(6), call=lambda m, x, o, p: m(x, o, per_sample_weights=p))
case("EmbeddingBag.max", nn.EmbeddingBag(5, 3, mode="max", padding_idx=1), longs(0, 4, 1, 3, 4, 2), longs(0, 4))
case("EmbeddingBag_from_pretrained", nn.EmbeddingBag.from_pretrained(wave([4, 3], 0.0), mode="sum"), longs(3, 0, 1, 2), longs(0, 2))
case("Identity", nn.Identity(), w(2, 3))
case("Flatten", nn.Flatten(), w(2, 3, 2))
case("Unflatten", nn.Unflatten(1, (2, 3)), w(2, 6))
case("PixelShuffle", nn.PixelShuffle(2), w(1, 4, 2, 2))
case("PixelUnshuffle", nn.PixelUnshuffle(2), w(1, 1, 4, 2))
case("ChannelShuffle", None, w(1, 4, 2, 1), call=lambda m, x: x.reshape(1, 2, 2, 2, 1).transpose(1, 2).reshape(1, 4, 2, 1))
case("Unfold", nn.Unfold((2, 3), (1, 1), (1, 0), (2, 1)), w(1, 2, 3, 4))
case("Unfold.square", nn.Unfold(2, padding=1, stride=2), w(1, 1, 3, 3))
case("Fold", nn.Fold((3, 4), (2, 3), 1, (1, 0), (2, 1)), w(1, 6, 4))
case("Fold.square", nn.Fold(4, 2, stride=2), w(1, 4, 4))

# Normalisation
for d, shape in (("1", (3, 2, 4)), ("2", (3, 2, 2, 3)), ("3", (2, 2, 2, 1, 3))):
    case(f"BatchNorm{d}d", getattr(nn, f"BatchNorm{d}d")(2), w(*shape))
    case(f"BatchNorm{d}d.eval", getattr(nn, f"BatchNorm{d}d")(2), w(*shape), train=False)
    case(f"InstanceNorm{d}d", getattr(nn, f"InstanceNorm{d}d")(2, affine=True), w(*shape))
    case(f"InstanceNorm{d}d.tracked", getattr(nn, f"InstanceNorm{d}d")(2, track_running_stats=True), w(*shape), train=False)
case("BatchNorm1d.flat", nn.BatchNorm1d(3), w(4, 3))
case("InstanceNorm2d.unbatched", nn.InstanceNorm2d(2), w(2, 3, 3))
case("GroupNorm", nn.GroupNorm(2, 4), w(2, 4, 3))
case("LayerNorm", nn.LayerNorm([2, 3]), w(2, 2, 3))
case("LayerNorm.one", nn.LayerNorm(3), w(4, 3))
case("LocalResponseNorm", nn.LocalResponseNorm(2, alpha=0.3), w(1, 4, 2, 3))
case("LocalResponseNorm.line", nn.LocalResponseNorm(3, alpha=0.3, k=0.5), w(2, 4, 3))

# Activations
x = w(3, 4, scale=1.7)
for name, module in {
    "ReLU": nn.ReLU(), "ReLU6": nn.ReLU6(), "LeakyReLU": nn.LeakyReLU(0.2), "PReLU": nn.PReLU(4), "PReLU.one": nn.PReLU(), "RReLU": nn.RReLU(), "ELU": nn.ELU(0.7),
    "CELU": nn.CELU(0.7), "SELU": nn.SELU(), "GELU": nn.GELU(), "SiLU": nn.SiLU(), "Mish": nn.Mish(), "Sigmoid": nn.Sigmoid(), "LogSigmoid": nn.LogSigmoid(), "Tanh": nn.Tanh(),
    "Tanhshrink": nn.Tanhshrink(), "Hardtanh": nn.Hardtanh(-0.5, 0.8), "Hardshrink": nn.Hardshrink(0.4), "Softshrink": nn.Softshrink(0.4), "Softplus": nn.Softplus(2, 1.5),
    "Softsign": nn.Softsign(), "Softmax": nn.Softmax(1), "LogSoftmax": nn.LogSoftmax(0), "Softmin": nn.Softmin(1), "GLU": nn.GLU(), "Threshold": nn.Threshold(0.1, -2),
}.items():
    case(name, module, x)
case("RReLU.eval", nn.RReLU(), x, train=False)
case("Hardswish", nn.Hardswish(), w(3, 4, scale=4.0))
case("Hardsigmoid", nn.Hardsigmoid(), w(3, 4, scale=4.0))
case("Softmax2d", nn.Softmax2d(), w(1, 3, 2, 2))

# Pooling
case("AvgPool1d", nn.AvgPool1d(3, 2, 1), w(1, 2, 7))
case("AvgPool2d", nn.AvgPool2d(3, 2, 1), w(1, 1, 5, 5))
case("AvgPool2d.pairs", nn.AvgPool2d((2, 3), (1, 2), (1, 1), ceil_mode=True, count_include_pad=False), w(1, 1, 4, 4))
case("AvgPool2d.divisor", nn.AvgPool2d((2, 2), divisor_override=3), w(1, 1, 4, 4))
case("AvgPool3d", nn.AvgPool3d(2, 1), w(1, 1, 3, 2, 3))
case("AvgPool3d.pairs", nn.AvgPool3d((1, 2, 2), (1, 1, 2), (0, 1, 0)), w(1, 1, 2, 2, 4))
case("AdaptiveAvgPool1d", nn.AdaptiveAvgPool1d(3), w(1, 2, 5))
case("AdaptiveAvgPool2d", nn.AdaptiveAvgPool2d((3, 2)), w(1, 1, 5, 4))
case("AdaptiveAvgPool3d", nn.AdaptiveAvgPool3d((1, 2, 3)), w(1, 1, 2, 3, 5))
case("MaxPool1d", nn.MaxPool1d(3, 2, 1), w(1, 2, 7))
case("MaxPool1d.indices", nn.MaxPool1d(2, return_indices=True), w(1, 2, 6))
case("MaxPool2d", nn.MaxPool2d(3, 2, 1), w(1, 1, 5, 5))
case("MaxPool2d.pairs", nn.MaxPool2d((2, 3), (2, 1), (1, 1), (1, 2), ceil_mode=True), w(1, 1, 5, 6))
case("MaxPool2d.indices", nn.MaxPool2d(2, return_indices=True), w(1, 1, 4, 4))
case("MaxPool3d", nn.MaxPool3d(2, 1), w(1, 1, 3, 2, 3))
case("MaxPool3d.pairs", nn.MaxPool3d((1, 2, 2), return_indices=True), w(1, 1, 2, 2, 4))
case("AdaptiveMaxPool1d", nn.AdaptiveMaxPool1d(3, True), w(1, 2, 5))
case("AdaptiveMaxPool2d", nn.AdaptiveMaxPool2d((3, 2), True), w(1, 1, 5, 4))
case("AdaptiveMaxPool3d", nn.AdaptiveMaxPool3d((1, 2, 3), True), w(1, 1, 2, 3, 5))
case("LPPool1d", nn.LPPool1d(2, 3, 2), w(1, 2, 7, scale=0.4, shift=1.0))
case("LPPool2d", nn.LPPool2d(3, 2), w(1, 1, 4, 4, scale=0.4, shift=1.0))
case("LPPool2d.pairs", nn.LPPool2d(2, (2, 1), (1, 2)), w(1, 1, 3, 4, scale=0.4, shift=1.0))
case("FractionalMaxPool2d", nn.FractionalMaxPool2d(2, output_size=3), w(1, 2, 6, 6))
case("FractionalMaxPool2d.ratio", nn.FractionalMaxPool2d((2, 3), output_ratio=(0.5, 0.6), return_indices=True), w(1, 1, 6, 6))
case("FractionalMaxPool3d", nn.FractionalMaxPool3d(2, output_size=2, return_indices=True), w(1, 1, 4, 4, 4))
case("MaxUnpool1d", nn.MaxUnpool1d(2), w(1, 2, 2), longs(1, 2, 0, 3, shape=[1, 2, 2]))
case("MaxUnpool2d", nn.MaxUnpool2d(2), w(1, 1, 2, 2), longs(0, 3, 9, 14, shape=[1, 1, 2, 2]))
case("MaxUnpool2d.output_size", nn.MaxUnpool2d((2, 2), (2, 2), (0, 0)), w(1, 1, 2, 2), longs(0, 3, 9, 14, shape=[1, 1, 2, 2]), call=lambda m, x, i: m(x, i, output_size=[1, 1, 5, 5]))
case("MaxUnpool3d", nn.MaxUnpool3d((1, 2, 2)), w(1, 1, 1, 1, 2), longs(1, 6, shape=[1, 1, 1, 1, 2]))

# Padding and resizing
case("ReflectionPad1d", nn.ReflectionPad1d((2, 1)), w(1, 2, 4))
case("ReflectionPad2d", nn.ReflectionPad2d((1, 2, 0, 1)), w(1, 1, 3, 4))
case("ReflectionPad3d", nn.ReflectionPad3d((1, 0, 1, 1, 0, 1)), w(1, 1, 2, 3, 2))
case("ReplicationPad1d", nn.ReplicationPad1d(2), w(1, 2, 3))
case("ReplicationPad2d", nn.ReplicationPad2d((1, 2, 0, 1)), w(1, 1, 3, 2))
case("ReplicationPad3d", nn.ReplicationPad3d(1), w(1, 1, 2, 1, 2))
case("ConstantPad1d", nn.ConstantPad1d((1, 2), 0.7), w(1, 2, 3))
case("ConstantPad2d", nn.ConstantPad2d((1, 2, 0, -1), 0.7), w(1, 1, 3, 2))
case("ConstantPad3d", nn.ConstantPad3d((1, 0, 0, 1, 1, 0), 0.7), w(1, 1, 2, 1, 2))
case("ZeroPad2d", nn.ZeroPad2d((1, 2, 0, 1)), w(1, 1, 2, 2))
case("Upsample", nn.Upsample(scale_factor=2), w(1, 1, 2, 3))
case("Upsample.bilinear", nn.Upsample((3, 5), mode="bilinear"), w(1, 1, 2, 3))
case("Upsample.linear", nn.Upsample(scale_factor=1.5, mode="linear", align_corners=True), w(1, 2, 4))
case("Upsample.trilinear", nn.Upsample((2, 3, 3), mode="trilinear"), w(1, 1, 2, 2, 2))
case("Upsample.bicubic", nn.Upsample((5, 3), mode="bicubic", align_corners=True), w(1, 1, 4, 4))

# Dropout: the same seed draws the same elements
for name, shape in (("Dropout", (3, 4)), ("Dropout1d", (2, 3, 2)), ("Dropout2d", (2, 3, 2, 2)), ("Dropout3d", (2, 2, 1, 2, 2)), ("AlphaDropout", (3, 4)), ("FeatureAlphaDropout", (2, 3, 2))):
    case(name, getattr(nn, name)(0.4), w(*shape))
    case(f"{name}.eval", getattr(nn, name)(0.4), w(*shape), train=False)

# Losses and distances
a, b = w(3, 4), w(3, 4)
signs = numbers(*[1 if i % 3 else -1 for i in range(12)], shape=[3, 4])
ones = numbers(1, -1, 1)
probabilities, log_probabilities = w(3, 4, scale=0.4, shift=0.5), w(3, 4, shift=-1.2)
for reduction in ("mean", "sum", "none"):
    case(f"MSELoss.{reduction}", nn.MSELoss(reduction=reduction), a, b)
case("MSELoss", nn.MSELoss(), a, b)
case("L1Loss", nn.L1Loss(), a, b)
case("SmoothL1Loss", nn.SmoothL1Loss(beta=0.5), a, b)
case("HuberLoss", nn.HuberLoss(delta=0.4), a, b)
case("BCELoss", nn.BCELoss(torch.tensor([0.5, 1, 2, 1.5])), probabilities, w(3, 4, scale=0.5, shift=0.5, grad=False))
case("BCEWithLogitsLoss", nn.BCEWithLogitsLoss(pos_weight=torch.tensor([0.5, 1, 2, 1.5])), a, w(3, 4, scale=0.5, shift=0.5, grad=False))
case("CrossEntropyLoss", nn.CrossEntropyLoss(torch.tensor([0.5, 1, 2, 1.5]), ignore_index=2), a, longs(1, 2, 0))
case("NLLLoss", nn.NLLLoss(torch.tensor([0.5, 1, 2, 1.5])), log_probabilities, longs(1, 3, 0))
case("KLDivLoss", nn.KLDivLoss(log_target=True), log_probabilities, w(3, 4, shift=-1.1))
case("PoissonNLLLoss", nn.PoissonNLLLoss(full=True), a, numbers(*[float(i % 4) for i in range(12)], shape=[3, 4]))
case("GaussianNLLLoss", nn.GaussianNLLLoss(full=True), a, b, w(3, 4, scale=0.4, shift=0.9))
case("GaussianNLLLoss.floor", nn.GaussianNLLLoss(), a, b, numbers(1e-9, 0.5, 2.0, shape=[3, 1]), call=lambda m, x, y, v: F.gaussian_nll_loss(x, y, v, eps=torch.tensor(1e-8, dtype=torch.float32).item()))
case("SoftMarginLoss", nn.SoftMarginLoss(), a, signs)
case("HingeEmbeddingLoss", nn.HingeEmbeddingLoss(0.6), a, signs)
case("MarginRankingLoss", nn.MarginRankingLoss(0.3), w(3), w(3), ones)
case("CosineEmbeddingLoss", nn.CosineEmbeddingLoss(0.1), a, b, ones)
case("MultiMarginLoss", nn.MultiMarginLoss(2, 0.9, torch.tensor([0.5, 1, 2, 1.5])), a, longs(1, 3, 0))
case("MultiLabelMarginLoss", nn.MultiLabelMarginLoss(), a, longs(1, 3, -1, 0, 0, -1, 1, 1, 2, 1, 0, -1, shape=[3, 4]))
case("MultiLabelSoftMarginLoss", nn.MultiLabelSoftMarginLoss(torch.tensor([0.5, 1, 2, 1.5])), a, w(3, 4, scale=0.5, shift=0.5, grad=False))
case("TripletMarginLoss", nn.TripletMarginLoss(1.5, swap=True), a, b, w(3, 4))
case("TripletMarginWithDistanceLoss", nn.TripletMarginWithDistanceLoss(margin=1.5, swap=True), a, b, w(3, 4))
case("TripletMarginWithDistanceLoss.own", nn.TripletMarginWithDistanceLoss(distance_function=lambda x, y: (x - y).abs().sum(1), margin=0.2), a, b, w(3, 4))
case("CTCLoss", nn.CTCLoss(), w(5, 2, 4), longs(1, 2, 3, 1, 1, 2, shape=[2, 3]), longs(5, 4), longs(3, 2), call=lambda m, x, *r: m(x.log_softmax(2), *r))
case("CosineSimilarity", nn.CosineSimilarity(), a, b)
case("PairwiseDistance", nn.PairwiseDistance(3, keepdim=True), a, b)

# Recurrent networks
sequence = w(4, 2, 3)
case("RNN", nn.RNN(3, 2, 2), sequence)
case("RNN.relu", nn.RNN(3, 2, nonlinearity="relu", bias=False, batch_first=True), w(2, 4, 3), w(1, 2, 2))
case("GRU", nn.GRU(3, 2, bidirectional=True), sequence, w(2, 2, 2))
case("LSTM", nn.LSTM(3, 2, 2), sequence)
case("LSTM.state", nn.LSTM(3, 2, bidirectional=True, batch_first=True), w(2, 4, 3), w(2, 2, 2), w(2, 2, 2), call=lambda m, x, h, c: m(x, (h, c)))
case("RNNCell", nn.RNNCell(3, 2), w(2, 3), w(2, 2))
case("RNNCell.relu", nn.RNNCell(3, 2, nonlinearity="relu"), w(2, 3))
case("GRUCell", nn.GRUCell(3, 2), w(2, 3), w(2, 2))
case("LSTMCell", nn.LSTMCell(3, 2), w(2, 3), w(2, 2), w(2, 2), call=lambda m, x, h, c: m(x, (h, c)))
case("LSTMCell.start", nn.LSTMCell(3, 2), w(2, 3))


def packed(m, x, lengths):
    output, state = m(nn.utils.rnn.pack_padded_sequence(x, lengths, enforce_sorted=False))
    padded, found = nn.utils.rnn.pad_packed_sequence(output, padding_value=-3, total_length=5)
    return padded, found, state


case("GRU.packed", nn.GRU(3, 2), sequence, longs(2, 4), call=packed)
case("LSTM.packed", nn.LSTM(3, 2), sequence, longs(2, 4), call=packed)
case("RNN.packed", nn.RNN(3, 2), sequence, longs(4, 3), call=packed)

# Attention
case("MultiheadAttention", nn.MultiheadAttention(4, 2), w(3, 2, 4), w(5, 2, 4), w(5, 2, 4))
case("MultiheadAttention.masked", nn.MultiheadAttention(4, 2, add_bias_kv=True, add_zero_attn=True, kdim=3, vdim=2), w(3, 2, 4), w(4, 2, 3), w(4, 2, 2),
     bools(0, 0, 0, 1, 0, 1, 0, 0, shape=[2, 4]), bools(0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, shape=[3, 4]), call=lambda m, q, k, v, p, a: m(q, k, v, key_padding_mask=p, attn_mask=a))
case("MultiheadAttention.added", nn.MultiheadAttention(4, 2, bias=False), w(3, 2, 4), w(3, 2, 4), w(3, 2, 4), w(3, 3), call=lambda m, q, k, v, a: m(q, k, v, attn_mask=a, need_weights=False))
case("TransformerEncoderLayer", nn.TransformerEncoderLayer(4, 2, 6, 0.0, "gelu"), w(3, 2, 4), bools(0, 1, 1, 0, 0, 1, 0, 0, 0, shape=[3, 3]), bools(0, 0, 0, 0, 0, 1, shape=[2, 3]))
case("TransformerDecoderLayer", nn.TransformerDecoderLayer(4, 2, 6, 0.0), w(3, 2, 4), w(2, 2, 4), bools(0, 1, 1, 0, 0, 1, 0, 0, 0, shape=[3, 3]))
case("TransformerEncoder", nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 6, 0.0), 2), w(3, 2, 4))
case("TransformerDecoder", nn.TransformerDecoder(nn.TransformerDecoderLayer(4, 2, 6, 0.0), 2), w(3, 1, 4), w(2, 1, 4))
case("Transformer", nn.Transformer(4, 2, 1, 1, 6, 0.0), w(3, 1, 4), w(2, 1, 4))

# Functions that no layer calls
case("F.affine_grid", F.affine_grid, w(1, 2, 3), call=lambda f, t: f(t, [1, 1, 2, 3], align_corners=True))
case("F.grid_sample", F.grid_sample, w(1, 2, 4, 4), w(1, 2, 3, 2, scale=0.6), call=lambda f, x, g: f(x, g, align_corners=False))
case("F.grid_sample.border", F.grid_sample, w(1, 1, 4, 4), w(1, 2, 3, 2, scale=1.3), call=lambda f, x, g: f(x, g, padding_mode="border", align_corners=True))
case("F.grid_sample.nearest", F.grid_sample, w(1, 1, 4, 4), w(1, 2, 3, 2, scale=0.8, grad=False), call=lambda f, x, g: f(x, g, "nearest", "reflection", False))
case("F.grid_sample.volume", F.grid_sample, w(1, 1, 2, 3, 3), w(1, 1, 2, 2, 3, scale=0.7), call=lambda f, x, g: f(x, g, align_corners=False))
case("F.interpolate", F.interpolate, w(1, 1, 4, 4), call=lambda f, x: f(x, (2, 3), mode="area"))
case("F.interpolate.exact", F.interpolate, w(1, 1, 4, 4), call=lambda f, x: f(x, (3, 5), mode="nearest-exact"))
case("F.interpolate.antialias", F.interpolate, w(1, 1, 5, 5), call=lambda f, x: f(x, (3, 2), mode="bilinear", align_corners=False, antialias=True))
case("F.normalize", F.normalize, w(3, 4), call=lambda f, x: f(x, 3.0, 0))
case("F.one_hot", F.one_hot, longs(2, 0, 1), call=lambda f, x: f(x, 4))
case("F.scaled_dot_product_attention", None, w(2, 3, 4), w(2, 5, 4), w(2, 5, 2), w(3, 5), call=lambda f, q, k, v, m: (q @ k.transpose(-2, -1) / 2 + m).softmax(-1) @ v)
case("F.conv1d_padding", F.conv1d, w(1, 2, 5), w(2, 2, 3), call=lambda f, x, k: f(x, k, padding="same"))
case("F.conv2d_padding", F.conv2d, w(1, 1, 4, 4), w(2, 1, 2, 3), call=lambda f, x, k: f(x, k, padding="valid"))
case("F.conv3d_padding", F.conv3d, w(1, 1, 2, 3, 2), w(1, 1, 2, 1, 2), call=lambda f, x, k: f(x, k, padding="same"))
case("F.pad", F.pad, w(1, 2, 4), call=lambda f, x: f(x, (1, 2), mode="circular"))


case("F.rrelu", F.rrelu, x)
case("F.upsample", F.interpolate, w(1, 1, 2, 3), call=lambda f, x: f(x, scale_factor=2, mode="bilinear", align_corners=True))
case("F.upsample_nearest", F.interpolate, w(1, 1, 2, 3), call=lambda f, x: f(x, (3, 4)))
case("F.upsample_bilinear", F.interpolate, w(1, 1, 2, 3), call=lambda f, x: f(x, (3, 4), mode="bilinear", align_corners=False))
case("F.upsample_nearest1d", F.interpolate, w(1, 2, 3), call=lambda f, x: f(x, 5))
case("F.upsample_nearest2d", F.interpolate, w(1, 1, 2, 3), call=lambda f, x: f(x, scale_factor=(2, 1)))
case("F.upsample_nearest3d", F.interpolate, w(1, 1, 2, 1, 2), call=lambda f, x: f(x, (3, 2, 2)))


def nadam(params, grads, means, squares, products, steps, *, beta1, beta2, lr, weight_decay, momentum_decay, eps):
    """The documented algorithm. Version 1.13 multiplies the product of momenta by one factor too many; later ones do not."""
    for p, g, mean, square, product, step in zip(params, grads, means, squares, products, steps):
        step += 1
        t = step.item()
        g = g.add(p, alpha=weight_decay)
        mu, following = (beta1 * (1 - 0.5 * 0.96 ** (s * momentum_decay)) for s in (t, t + 1))
        product *= mu
        mean.lerp_(g, 1 - beta1)
        square.mul_(beta2).addcmul_(g, g, value=1 - beta2)
        root = square.div(1 - beta2 ** t).sqrt().add_(eps)
        p.addcdiv_(g, root, value=-lr * (1 - mu) / (1 - product.item()))
        p.addcdiv_(mean, root, value=-lr * following / (1 - product.item() * following))


sys.modules[torch.optim.NAdam.__module__]._single_tensor_nadam = nadam

# Optimisers: eight steps of a small problem in two groups with different rates
optimisers = {}
for name, of in {
    "SGD": lambda g: torch.optim.SGD(g, 0.1, momentum=0.8, dampening=0.1, weight_decay=0.02),
    "Adam": lambda g: torch.optim.Adam(g, 0.1, (0.8, 0.95), weight_decay=0.02),
    "AdamW": lambda g: torch.optim.AdamW(g, 0.1, weight_decay=0.05, amsgrad=True),
    "RMSProp": lambda g: torch.optim.RMSprop(g, 0.05, alpha=0.9, weight_decay=0.02),
    "RMSProp.centered": lambda g: torch.optim.RMSprop(g, 0.05, momentum=0.7, centered=True),
    "Adagrad": lambda g: torch.optim.Adagrad(g, 0.2, lr_decay=0.1, weight_decay=0.02, initial_accumulator_value=0.3),
    "Adadelta": lambda g: torch.optim.Adadelta(g, 0.9, rho=0.8, weight_decay=0.02),
    "Adamax": lambda g: torch.optim.Adamax(g, 0.1, (0.8, 0.95), weight_decay=0.02),
    "NAdam": lambda g: torch.optim.NAdam(g, 0.1, (0.8, 0.95), weight_decay=0.02),
    "RAdam": lambda g: torch.optim.RAdam(g, 0.1, (0.8, 0.95), weight_decay=0.02),
    "ASGD": lambda g: torch.optim.ASGD(g, 0.1, lambd=0.01, t0=3, weight_decay=0.02),
    "Rprop": lambda g: torch.optim.Rprop(g, 0.1, (0.4, 1.3)),
}.items():
    p, q = wave([2, 3], 0.3).requires_grad_(), wave([4], 0.6).requires_grad_()
    optimiser = of([{"params": [p]}, {"params": [q], "lr": 0.03}])
    path = []
    for step in range(8):
        optimiser.zero_grad()
        ((p * wave([2, 3], step)).square().sum() + (q * wave([4], 1.0 + step)).square().sum() * 2 + p.sum() * q.sum()).backward()
        optimiser.step()
        path += p.flatten().tolist() + q.tolist()
    optimisers[name] = stored(torch.tensor(path))

p = wave([2, 3], 0.3).requires_grad_()
optimiser = torch.optim.LBFGS([p], 0.3, max_iter=5, history_size=3)
path = []


def closure():
    optimiser.zero_grad()
    loss = (p - wave([2, 3], 1.0)).pow(4).sum() + p.square().sum() * 0.3 + p[0, 0] * p[1, 2]
    loss.backward()
    return loss


for step in range(4):
    path += [optimiser.step(closure).item()] + p.flatten().tolist()
optimisers["LBFGS"] = stored(torch.tensor(path))

# Schedulers: rates (and momenta) of two groups, read before each of twelve steps
lr = torch.optim.lr_scheduler
schedulers = {}
for name, of in {
    "StepLR": lambda o: lr.StepLR(o, 3, 0.5), "MultiStepLR": lambda o: lr.MultiStepLR(o, [2, 5, 5, 9], 0.5), "ExponentialLR": lambda o: lr.ExponentialLR(o, 0.9),
    "LambdaLR": lambda o: lr.LambdaLR(o, lambda e: 1 - e / 20), "MultiplicativeLR": lambda o: lr.MultiplicativeLR(o, lambda e: 0.9 + 0.01 * e),
    "CosineAnnealingLR": lambda o: lr.CosineAnnealingLR(o, 10, 0.01), "LinearLR": lambda o: lr.LinearLR(o, 0.25, 1, 4), "ConstantLR": lambda o: lr.ConstantLR(o, 0.25, 4),
    "PolynomialLR": lambda o: lr.PolynomialLR(o, 8, 1.5),
    "CyclicLR": lambda o: lr.CyclicLR(o, 0.01, 0.2, 3, 4), "CyclicLR.triangular2": lambda o: lr.CyclicLR(o, [0.01, 0.02], [0.2, 0.1], 2, 2, "triangular2", cycle_momentum=False),
    "CyclicLR.exp_range": lambda o: lr.CyclicLR(o, 0.01, 0.2, 2, 3, "exp_range", 0.9),
    "OneCycleLR": lambda o: lr.OneCycleLR(o, 0.4, 12), "OneCycleLR.three_phase": lambda o: lr.OneCycleLR(o, [0.4, 0.2], epochs=4, steps_per_epoch=3, three_phase=True, anneal_strategy="linear"),
    "SequentialLR": lambda o: lr.SequentialLR(o, [lr.ConstantLR(o, 0.1, 2), lr.ExponentialLR(o, 0.9), lr.StepLR(o, 2, 0.5)], [3, 7]),
    "ChainedLR": lambda o: lr.ChainedScheduler([lr.ConstantLR(o, 0.1, 3), lr.ExponentialLR(o, 0.9)]),
    "ReduceLROnPlateau": lambda o: lr.ReduceLROnPlateau(o, factor=0.5, patience=1, cooldown=1, min_lr=[0.02, 0.03]),
    "ReduceLROnPlateau.max": lambda o: lr.ReduceLROnPlateau(o, "max", 0.3, 2, threshold=0.05, threshold_mode="abs"),
}.items():
    p, q = wave([1], 0.0).requires_grad_(), wave([1], 0.0).requires_grad_()
    optimiser = torch.optim.SGD([{"params": [p]}, {"params": [q], "lr": 0.04}], 0.1, momentum=0.9)
    scheduler = of(optimiser)
    read = []
    for step in range(12):
        for group in optimiser.param_groups:
            read += [group["lr"], group["momentum"]]
        optimiser.step()
        scheduler.step(*([math.cos(step)] if isinstance(scheduler, lr.ReduceLROnPlateau) else []))
    schedulers[name] = stored(torch.tensor(read))

# Starting values: the same seed draws the same
inits = {}
for name, of in {
    "RNN": lambda: nn.RNN(3, 2, 2), "GRUCell": lambda: nn.GRUCell(3, 2), "Bilinear": lambda: nn.Bilinear(3, 4, 2), "ConvTranspose3d": lambda: nn.ConvTranspose3d(2, 3, 2),
    "Embedding": lambda: nn.Embedding(4, 3), "MultiheadAttention": lambda: nn.MultiheadAttention(4, 2, add_bias_kv=True), "TransformerEncoderLayer": lambda: nn.TransformerEncoderLayer(4, 2, 6),
}.items():
    torch.manual_seed(9)
    inits[name] = {n: stored(p) for n, p in sorted(of().named_parameters())}
for name, of in {
    "dirac_": lambda t: nn.init.dirac_(t), "orthogonal_": lambda t: nn.init.orthogonal_(t, 1.5), "xavier_uniform_": lambda t: nn.init.xavier_uniform_(t, 2.0), "kaiming_normal_": lambda t: nn.init.kaiming_normal_(t, 0.2, "fan_out"),
    "sparse_": lambda t: nn.init.sparse_(t.view(6, 4), 0.3), "eye_": lambda t: nn.init.eye_(t.view(4, 6)), "trunc_normal_": lambda t: nn.init.trunc_normal_(t, 0.5, 0.3, 0.0, 0.9),
}.items():
    torch.manual_seed(9)
    inits[name] = {"t": stored(of(torch.empty(4, 2, 3)))}

# TorchScript: two modules as files, and what they answer
from typing import List, Tuple  # noqa: E402


class One(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(3, 2)
        self.drop = nn.Dropout(0.5)
        self.register_buffer("scale", torch.tensor([1.5, -0.5]))

    def forward(self, x):
        return self.drop(self.inner(x)) * self.scale

    @torch.jit.export
    def pair(self, x) -> Tuple[torch.Tensor, torch.Tensor]:
        return x + 1, x * 2

    @torch.jit.export
    def several(self, x: List[torch.Tensor]) -> List[torch.Tensor]:
        return [t * 3 for t in x]

    @torch.jit.export
    def mixed(self, x, k: int, f: float, s: str, b: bool, sizes: List[int], both: Tuple[int, torch.Tensor]) -> Tuple[torch.Tensor, int, float, str, bool]:
        return x * k + both[1], k + both[0] + sizes[1], f * 2, s + "!", not b


class Three(nn.Module):
    def forward(self, x, y, z):
        return x * y + z, x - z


folder = pathlib.Path(__file__).parents[2] / "tests/TorchSharp.Tests/Fixtures"
one = One()
fill(one)
torch.jit.script(one).save(str(folder / "script-one.pt"))
torch.jit.script(Three()).save(str(folder / "script-three.pt"))
script = {"forward": stored(one.eval()(wave([4, 3], 0.3)))}

target = pathlib.Path(__file__).parents[2] / "tests/TorchSharp.Tests/Fixtures/pytorch-modules.json"
document = {"torch": torch.__version__, "cases": cases, "optimisers": optimisers, "schedulers": schedulers, "inits": inits, "script": script}
target.write_text(json.dumps(document, separators=(",", ":")).replace('},"', '},\n"') + "\n")
print(f"{len(cases)} cases, {len(optimisers)} optimisers and {len(schedulers)} schedulers of torch {torch.__version__} in {target}")
