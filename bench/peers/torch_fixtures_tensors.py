#!/usr/bin/python3
"""Writes tests/TorchSharp.Tests/Fixtures/pytorch-tensors.json: every tensor operation and its gradients as PyTorch itself computes them.

Run with the system's Python: /usr/bin/python3 bench/peers/torch_fixtures_tensors.py
The names are those of tests/TorchSharp.Tests/TensorOperations*.cs: the method, and after a colon which form of it.
Inputs are not stored: wave(shape, phase, scale, shift) makes the same numbers on both sides.
"""
import json
import math
import pathlib

import torch
import torch.nn.functional as F


def wave(*shape, phase=0.3, scale=1.0, shift=0.0):
    n = math.prod(shape)
    return torch.tensor([shift + scale * math.sin(0.7 * i + phase) for i in range(n)], dtype=torch.float64).reshape(shape)


def w(*shape, phase=0.3, scale=1.0, shift=0.0):
    """An input: its recipe for the fixture, and its numbers."""
    return {"shape": shape, "phase": phase, "scale": scale, "shift": shift}, wave(*shape, phase=phase, scale=scale, shift=shift)


cases = {}


def numbers(tensor):
    tensor = torch.view_as_real(tensor.resolve_conj()) if tensor.is_complex() else tensor
    return {"shape": list(tensor.shape), "values": [float(f"{v:.11g}") for v in (tensor.detach().to(torch.float64) + 0).flatten().tolist()]}


def value(name, function, *inputs):
    """The result alone, of an operation that has no gradient."""
    torch.manual_seed(1)
    cases[name] = {"inputs": [recipe for recipe, _ in inputs], "result": numbers(function(*(tensor for _, tensor in inputs)))}


def op(name, function, *inputs):
    """The result, and for each input the gradient of the result's sum, weighted by wave(phase=2)."""
    torch.manual_seed(1)
    leaves = [tensor.clone().requires_grad_() for _, tensor in inputs]
    result = function(*leaves)
    real = torch.view_as_real(result.resolve_conj()) if result.is_complex() else result
    (real * wave(*real.shape, phase=2)).sum().backward()
    cases[name] = {"inputs": [recipe for recipe, _ in inputs], "result": numbers(result),
                   "gradients": [numbers(torch.zeros_like(leaf) if leaf.grad is None else leaf.grad) for leaf in leaves]}


def method(name):
    """The method of Tensor of this name, or the function."""
    if name == "log_sigmoid":
        return F.logsigmoid
    for place in torch.Tensor, F, torch:
        if hasattr(place, name):
            return getattr(place, name)


def both(*tensors):
    return torch.cat([t.flatten() if t.is_floating_point() else t.flatten().double() for t in tensors])


def pairs(x):
    return torch.view_as_complex(x.reshape(4, 3, 2))


def whole(x):
    return (x * 10).long()


def holes(x):
    return torch.where(x > 0.8, torch.full_like(x, math.nan), x)


# A wave's rows all come of two: the matrix has rank two, until its diagonal is raised.
def regular(x):
    return x + torch.eye(*x.shape, dtype=torch.float64) * torch.arange(1, x.shape[1] + 1)


def square(x):
    """Symmetric and positive definite."""
    return regular(x @ x.T)


# The signs of these vectors are free; their squares are not.
def eigh_parts(x):
    values, vectors = torch.linalg.eigh(x)
    return both(values, vectors.square())


def svd_parts(x):
    u, s, v = torch.linalg.svd(x, full_matrices=False)
    return both(u.square(), s, v.square())


# Functions of each element.
for name in "abs absolute asinh arcsinh atan arctan cos cosh deg2rad erf erfc exp exp2 expm1 neg negative positive rad2deg sigmoid sin sinc sinh square tan tanh i0".split():
    op(name, method(name), w(4, 6))
for name in "ceil floor trunc fix sgn sign frac angle nan_to_num resolve_neg resolve_conj conj conj_physical round".split():
    op(name, method(name), w(4, 6, scale=3))
for name in "acos asin atanh arccos arcsin arctanh erfinv".split():
    op(name, method(name), w(4, 6, scale=0.9))
for name in "acosh arccosh log log10 log1p log2 sqrt rsqrt reciprocal digamma lgamma".split():
    op(name, method(name), w(4, 6, shift=2.5))
for name in "relu relu6 silu gelu selu log_sigmoid celu".split():
    op(name, method(name), w(4, 6, scale=2))
for name in "hardsigmoid hardswish".split():
    op(name, method(name), w(4, 6, scale=4))
for name in "signbit isnan isinf isfinite isposinf isneginf isreal".split():
    value(name, method(name), w(4, 6))
op("round:decimals", lambda x: x.round(decimals=1), w(4, 6))
op("elu", lambda x: F.elu(x, 0.5), w(4, 6))
op("elu:scaled", lambda x: torch._C._nn.elu(x, 0.5, 2.0, 1.5), w(4, 6))
op("celu:alpha", lambda x: F.celu(x, 0.5), w(4, 6))
op("leaky_relu", lambda x: F.leaky_relu(x, 0.2), w(4, 6))
op("softplus", lambda x: F.softplus(x, 2, 1), w(4, 6))
op("hardtanh", lambda x: F.hardtanh(x, -0.5, 0.6), w(4, 6))
op("threshold", lambda x: F.threshold(x, 0.1, 3), w(4, 6))
op("rrelu", lambda x: F.rrelu(x, 0.1, 0.3), w(4, 6))
op("glu", lambda x: F.glu(x, 1), w(4, 6))
op("prelu", lambda x, y: F.prelu(x, y), w(4, 6), w(6, phase=1))
op("softmax", lambda x: x.softmax(1), w(4, 6))
op("log_softmax", lambda x: x.log_softmax(0), w(4, 6))
op("logit", lambda x: x.logit(), w(4, 6, scale=0.4, shift=0.5))
op("logit:eps", lambda x: x.logit(0.2), w(4, 6, scale=0.4, shift=0.5))
op("mvlgamma", lambda x: x.mvlgamma(2), w(4, 6, shift=2.5))
op("polygamma", lambda x: x.polygamma(1), w(4, 6, shift=2.5))
op("igamma", lambda x: torch.igamma(wave(4, 6, phase=2, shift=2.5), x), w(4, 6, shift=2.5))
op("igammac", lambda x: torch.igammac(wave(4, 6, phase=2, shift=2.5), x), w(4, 6, shift=2.5))
op("clamp", lambda x: x.clamp(-0.5, 0.6), w(4, 6))
op("clamp:tensor", lambda x, y: x.clamp(y, y + 0.5), w(4, 6), w(4, 6, phase=1))
op("clip", lambda x: x.clip(-0.5, 0.6), w(4, 6))
op("clamp_min", lambda x: x.clamp_min(-0.3), w(4, 6))
op("clamp_max", lambda x: x.clamp_max(0.3), w(4, 6))
op("frexp", lambda x: x.frexp()[0], w(4, 6))
value("frexp:exponent", lambda x: x.frexp()[1], w(4, 6))
op("ldexp", lambda x: x.ldexp(torch.tensor([1, 2, 3, 0, -1, 2])), w(4, 6))
op("real", lambda x: pairs(x).real, w(4, 6))
op("imag", lambda x: pairs(x).imag, w(4, 6))
op("angle:complex", lambda x: pairs(x).angle(), w(4, 6))
op("abs:complex", lambda x: pairs(x).abs(), w(4, 6))
op("conj:complex", lambda x: pairs(x).conj(), w(4, 6))
op("conj_physical:complex", lambda x: pairs(x).conj_physical(), w(4, 6))
op("view_as_complex", lambda x: torch.view_as_complex(x.reshape(4, 3, 2)), w(4, 6))
op("view_as_real", lambda x: torch.view_as_real(torch.complex(x, x * 2)), w(4, 6))
op("torch.complex", lambda x, y: torch.complex(x, y), w(4, 6), w(4, 6, phase=1))
op("torch.polar", lambda x, y: torch.polar(x, y), w(4, 6, shift=2.5), w(4, 6, phase=1))
# Arithmetic between tensors.
op("add", lambda x, y: x.add(y), w(4, 6), w(4, 6, phase=1))
op("add:alpha", lambda x, y: x.add(y, alpha=2), w(4, 6), w(4, 6, phase=1))
op("add:scalar", lambda x: x.add(2, alpha=3), w(4, 6))
op("add:broadcast", lambda x, y: x.add(y), w(4, 6), w(4, 1, phase=1))
op("sub", lambda x, y: x.sub(y), w(4, 6), w(4, 6, phase=1))
op("subtract", lambda x, y: x.subtract(y), w(4, 6), w(4, 6, phase=1))
op("mul", lambda x, y: x.mul(y), w(4, 6), w(4, 6, phase=1))
op("multiply", lambda x, y: x.multiply(y), w(4, 6), w(4, 6, phase=1))
op("div", lambda x, y: x.div(y), w(4, 6), w(4, 6, phase=1, shift=2.5))
op("div:floor", lambda x, y: x.div(y, rounding_mode="floor"), w(4, 6, scale=9), w(4, 6, phase=1, shift=2.5))
op("divide", lambda x, y: x.divide(y), w(4, 6), w(4, 6, phase=1, shift=2.5))
op("true_divide", lambda x, y: x.true_divide(y), w(4, 6), w(4, 6, phase=1, shift=2.5))
value("floor_divide", lambda x, y: x.floor_divide(y), w(4, 6, scale=9), w(4, 6, phase=1, shift=2.5))
op("fmod", lambda x, y: x.fmod(y), w(4, 6, scale=9), w(4, 6, phase=1, shift=2.5))
op("fmod:scalar", lambda x: x.fmod(2), w(4, 6, scale=9))
op("remainder", lambda x, y: x.remainder(y), w(4, 6, scale=9), w(4, 6, phase=1, shift=2.5))
op("remainder:scalar", lambda x: x.remainder(2), w(4, 6, scale=9))
op("pow", lambda x, y: x.pow(y), w(4, 6, phase=1, shift=2.5), w(4, 6, phase=1))
op("pow:scalar", lambda x: x.pow(3), w(4, 6))
op("float_power", lambda x, y: x.float_power(y), w(4, 6, phase=1, shift=2.5), w(4, 6, phase=1))
op("addcmul", lambda x, y, z: x.addcmul(y, z, value=0.5), w(4, 6), w(4, 6, phase=1), w(4, 6, phase=2))
op("addcdiv", lambda x, y, z: x.addcdiv(y, z, value=0.5), w(4, 6), w(4, 6, phase=1), w(4, 6, phase=1, shift=2.5))
op("lerp", lambda x, y, z: x.lerp(y, z), w(4, 6), w(4, 6, phase=1), w(4, 6, phase=2))
op("atan2", lambda x, y: x.atan2(y), w(4, 6), w(4, 6, phase=1, shift=2.5))
op("arctan2", lambda x, y: x.arctan2(y), w(4, 6), w(4, 6, phase=1, shift=2.5))
op("arctan:two", lambda x, y: x.arctan2(y), w(4, 6), w(4, 6, phase=1, shift=2.5))
op("hypot", lambda x, y: x.hypot(y), w(4, 6), w(4, 6, phase=1))
op("copysign", lambda x, y: x.copysign(y), w(4, 6), w(4, 6, phase=1))
op("logaddexp", lambda x, y: x.logaddexp(y), w(4, 6), w(4, 6, phase=1))
op("logaddexp2", lambda x, y: x.logaddexp2(y), w(4, 6), w(4, 6, phase=1))
op("maximum", lambda x, y: x.maximum(y), w(4, 6), w(4, 6, phase=1))
op("minimum", lambda x, y: x.minimum(y), w(4, 6), w(4, 6, phase=1))
op("fmax", lambda x, y: x.fmax(y), w(4, 6), w(4, 6, phase=1))
op("fmin", lambda x, y: x.fmin(y), w(4, 6), w(4, 6, phase=1))
op("max:other", lambda x, y: x.max(y), w(4, 6), w(4, 6, phase=1))
op("min:other", lambda x, y: x.min(y), w(4, 6), w(4, 6, phase=1))
op("xlogy", lambda x, y: x.xlogy(y), w(4, 6), w(4, 6, phase=1, shift=2.5))
op("xlogy:scalar", lambda x: torch.xlogy(x, 2.5), w(4, 6))
op("dist", lambda x, y: x.dist(y, 3), w(4, 6), w(4, 6, phase=1))
value("nextafter", lambda x, y: x.nextafter(y), w(4, 6), w(4, 6, phase=1))
value("heaviside", lambda x, y: x.heaviside(y), w(4, 6, phase=0), w(4, 6, phase=1))
# Whole numbers.
value("bitwise_and", lambda x, y: whole(x).bitwise_and(whole(y)), w(4, 6), w(4, 6, phase=1))
value("bitwise_or", lambda x, y: whole(x).bitwise_or(whole(y)), w(4, 6), w(4, 6, phase=1))
value("bitwise_xor", lambda x, y: whole(x).bitwise_xor(whole(y)), w(4, 6), w(4, 6, phase=1))
value("bitwise_not", lambda x: whole(x).bitwise_not(), w(4, 6))
value("bitwise_left_shift", lambda x, y: whole(x).bitwise_left_shift(whole(y).abs() % 5), w(4, 6), w(4, 6, phase=1))
value("bitwise_right_shift", lambda x, y: whole(x).bitwise_right_shift(whole(y).abs() % 5), w(4, 6), w(4, 6, phase=1))
value("gcd", lambda x, y: whole(x).gcd(whole(y)), w(4, 6), w(4, 6, phase=1))
value("lcm", lambda x, y: whole(x).lcm(whole(y)), w(4, 6), w(4, 6, phase=1))
value("floor_divide:whole", lambda x: whole(x).floor_divide(3), w(4, 6))
# Comparison and logic.
value("eq", lambda x, y: whole(x).eq(whole(y)), w(4, 6), w(4, 6, phase=1))
value("ne", lambda x, y: whole(x).ne(whole(y)), w(4, 6), w(4, 6, phase=1))
for name in "lt le gt ge less less_equal greater greater_equal not_equal isclose".split():
    value(name, method(name), w(4, 6), w(4, 6, phase=1))
value("equal", lambda x, y: x.eq(y), w(4, 6), w(4, 6))
for name in "logical_and logical_or logical_xor".split():
    value(name, method(name), w(4, 6, phase=0), w(4, 6, phase=1))
value("logical_not", lambda x: x.logical_not(), w(4, 6, phase=0))
value("isin", lambda x: torch.isin(whole(x), torch.tensor([2, 4, 5])), w(4, 6))
op("where", lambda x, y: torch.where(x > 0, x, y), w(4, 6), w(4, 6, phase=1))
op("torch.where", lambda x, y: torch.where(x > 0, x, y), w(4, 6), w(4, 6, phase=1))

# Sums and extremes.
op("sum", lambda x: x.sum(), w(4, 6))
op("sum:dim", lambda x: x.sum(1, keepdim=True), w(4, 6))
op("sum:dims", lambda x: x.sum([0, 2]), w(2, 3, 4))
op("mean", lambda x: x.mean(), w(4, 6))
op("mean:dims", lambda x: x.mean([0, 2], keepdim=True), w(2, 3, 4))
op("prod", lambda x: x.prod(), w(4, 6))
op("prod:dim", lambda x: x.prod(1, keepdim=True), w(4, 6))
op("nansum", lambda x: holes(x).nansum(), w(4, 6))
op("nanmean", lambda x: holes(x).nanmean(1, keepdim=True), w(4, 6))
op("nanmedian", lambda x: holes(x).nanmedian(), w(4, 6))
op("nanquantile", lambda x: holes(x).nanquantile(torch.tensor([0.2, 0.7], dtype=torch.float64), 1), w(4, 6))
op("quantile", lambda x: x.quantile(torch.tensor([0.2, 0.7], dtype=torch.float64), 1, True), w(4, 6))
op("median", lambda x: x.median(), w(4, 6))
op("mode", lambda x: x.mode(1)[0], w(4, 6))
op("kthvalue", lambda x: x.kthvalue(2, 1)[0], w(4, 6))
op("max", lambda x: x.max(), w(4, 6))
op("max:dim", lambda x: x.max(1)[0], w(4, 6))
value("max:index", lambda x: x.max(1)[1], w(4, 6))
op("min", lambda x: x.min(), w(4, 6))
op("min:dim", lambda x: x.min(1, True)[0], w(4, 6))
op("amax", lambda x: x.amax([0, 2]), w(2, 3, 4))
op("amin", lambda x: x.amin([1], True), w(2, 3, 4))
op("aminmax", lambda x: both(x.amin(1), x.amax(1)), w(4, 6))
value("argmax", lambda x: x.argmax(1), w(4, 6))
value("argmin", lambda x: x.argmin(0, True), w(4, 6))
value("all", lambda x: (x > -0.9).all(1), w(4, 6))
value("any", lambda x: (x > 0.9).any(0, True), w(4, 6))
value("count_nonzero", lambda x: (x > 0).count_nonzero(1), w(4, 6))
# Deviations.
op("std", lambda x: x.std(), w(4, 6))
op("std:dims", lambda x: x.std([0, 2], False, True), w(2, 3, 4))
op("var", lambda x: x.var(), w(4, 6))
op("var:dims", lambda x: x.var([0, 2], False, True), w(2, 3, 4))
op("std_mean", lambda x: both(*torch.std_mean(x, 1)), w(4, 6))
op("var_mean", lambda x: both(*torch.var_mean(x, [0, 2], False, True)), w(2, 3, 4))
op("norm", lambda x: x.norm(3), w(4, 6))
op("norm:dim", lambda x: x.norm(2, 1, True), w(4, 6))
op("logsumexp", lambda x: x.logsumexp(1), w(4, 6))
op("renorm", lambda x: x.renorm(2, 0, 1.5), w(4, 6))
op("cov", lambda x: x.cov(), w(4, 6))
op("corrcoef", lambda x: x.corrcoef(), w(4, 6))
# Along a dimension.
op("cumsum", lambda x: x.cumsum(1), w(4, 6))
op("cumprod", lambda x: x.cumprod(1), w(4, 6))
op("cummax", lambda x: x.cummax(1)[0], w(4, 6))
op("cummin", lambda x: x.cummin(1)[0], w(4, 6))
op("logcumsumexp", lambda x: x.logcumsumexp(1), w(4, 6))
op("diff", lambda x: x.diff(n=2, dim=1), w(4, 6))
op("trapezoid", lambda x: torch.trapezoid(x, dx=0.5, dim=1), w(4, 6))
op("trapezoid:x", lambda x, y: torch.trapezoid(x, y, dim=1), w(4, 6), w(4, 6, phase=1))
op("cumulative_trapezoid", lambda x: torch.cumulative_trapezoid(x, dx=0.5, dim=1), w(4, 6))
op("torch.trapz", lambda x: torch.trapz(x, dx=0.5, dim=1), w(4, 6))
op("torch.gradient", lambda x: torch.gradient(x, spacing=2, dim=1)[0], w(4, 6))
# Order.
op("sort", lambda x: x.sort(1, True)[0], w(4, 6))
value("sort:index", lambda x: x.sort(1)[1], w(4, 6))
value("argsort", lambda x: x.argsort(1, True), w(4, 6))
op("msort", lambda x: x.msort(), w(4, 6))
op("topk", lambda x: x.topk(3, 1)[0], w(4, 6))
value("topk:index", lambda x: x.topk(3, 1, False)[1], w(4, 6))
value("unique", lambda x: whole(x).unique(), w(4, 6))
value("unique:counts", lambda x: whole(x).unique(return_counts=True)[1], w(4, 6))
value("unique_consecutive", lambda x: whole(x).flatten().unique_consecutive(return_counts=True)[1], w(4, 6))
value("bincount", lambda x: whole(x).flatten().abs().bincount(minlength=12), w(4, 6))
value("histc", lambda x: x.histc(5, -1, 1), w(4, 6))
value("torch.histogram", lambda x: torch.histogram(x, 5, range=(-1.0, 1.0))[0], w(4, 6))
value("torch.histogram:edges", lambda x: torch.histogram(x, torch.linspace(-1, 1, 6, dtype=torch.float64))[0], w(4, 6))
value("bucketize", lambda x: torch.bucketize(x, torch.tensor([-0.5, 0.0, 0.5], dtype=torch.float64)), w(4, 6))
value("torch.searchsorted", lambda x: torch.searchsorted(torch.tensor([-0.5, 0.0, 0.5], dtype=torch.float64), x, right=True), w(4, 6))

# Views and copies.
op("reshape", lambda x: x.reshape(3, 8), w(4, 6))
op("view", lambda x: x.view(2, -1), w(4, 6))
op("view_as", lambda x: x.view_as(torch.empty(3, 8)), w(4, 6))
op("flatten", lambda x: x.flatten(1), w(2, 3, 4))
op("unflatten", lambda x: x.unflatten(1, (2, 3)), w(4, 6))
op("ravel", lambda x: x.ravel(), w(4, 6))
op("permute", lambda x: x.permute(2, 0, 1), w(2, 3, 4))
op("transpose", lambda x: x.transpose(0, 2), w(2, 3, 4))
op("swapaxes", lambda x: x.swapaxes(0, 1), w(2, 3, 4))
op("swapdims", lambda x: x.swapdims(1, 2), w(2, 3, 4))
op("movedim", lambda x: x.movedim((0, 1), (1, 2)), w(2, 3, 4))
op("moveaxis", lambda x: x.moveaxis((0, 1), (1, 2)), w(2, 3, 4))
op("t", lambda x: x.t(), w(4, 6))
op("T", lambda x: x.T, w(4, 6))
op("H", lambda x: x.H, w(4, 6))
op("mT", lambda x: x.mT, w(2, 3, 4))
op("mH", lambda x: x.mH, w(2, 3, 4))
op("adjoint", lambda x: x.adjoint(), w(2, 3, 4))
op("squeeze", lambda x: x.squeeze(), w(1, 4, 1, 6))
op("squeeze:dim", lambda x: x.squeeze(0), w(1, 4, 1, 6))
op("unsqueeze", lambda x: x.unsqueeze(1), w(4, 6))
op("expand", lambda x: x.expand(3, 4, 6), w(4, 6))
op("expand_as", lambda x: x.expand_as(torch.empty(3, 4, 6)), w(4, 6))
op("broadcast_to", lambda x: x.broadcast_to((2, 4, 6)), w(4, 6))
op("torch.broadcast_tensors", lambda x, y: both(*torch.broadcast_tensors(x, y)), w(4, 6), w(4, 1, phase=1))
op("repeat", lambda x: x.repeat(2, 1, 2), w(4, 6))
op("tile", lambda x: x.tile((2, 2)), w(4, 6))
op("repeat_interleave", lambda x: x.repeat_interleave(2, 1), w(4, 6))
op("repeat_interleave:tensor", lambda x: x.repeat_interleave(torch.tensor([1, 0, 2, 1]), 0), w(4, 6))
op("flip", lambda x: x.flip(0, 1), w(4, 6))
op("fliplr", lambda x: x.fliplr(), w(4, 6))
op("flipud", lambda x: x.flipud(), w(4, 6))
op("rot90", lambda x: x.rot90(3, [0, 2]), w(2, 3, 4))
op("roll", lambda x: x.roll((1, 2), (0, 1)), w(4, 6))
op("roll:flat", lambda x: x.roll(5), w(4, 6))
op("unfold", lambda x: x.unfold(1, 3, 2), w(4, 6))
op("as_strided", lambda x: x.as_strided((3, 3), (2, 1), 1), w(4, 6))
op("channel_shuffle", lambda x: x.reshape(1, 2, 2, 2, 3).transpose(1, 2).reshape(1, 4, 2, 3), w(4, 6))
op("atleast_1d", lambda x: torch.atleast_1d(x.sum()), w(4, 6))
op("atleast_2d", lambda x: torch.atleast_2d(x), w(5))
op("atleast_3d", lambda x: torch.atleast_3d(x), w(5))
op("torch.atleast_1d", lambda x, y: both(*torch.atleast_1d(x, y)), w(5), w(2, 3, phase=1))
op("torch.atleast_2d", lambda x, y: both(*torch.atleast_2d(x, y)), w(5), w(2, 3, phase=1))
op("torch.atleast_3d", lambda x, y: both(*torch.atleast_3d(x, y)), w(5), w(2, 3, phase=1))
op("contiguous", lambda x: x.t().contiguous(), w(4, 6))
op("clone", lambda x: x.clone(), w(4, 6))
op("alias", lambda x: x.view_as(x), w(4, 6))
value("detach", lambda x: x.detach(), w(4, 6))
op("copy_", lambda x: torch.zeros(4, 6, dtype=torch.float64).copy_(x), w(4, 6))
op("double", lambda x: x.double(), w(4, 6))
op("to", lambda x: x.to(torch.complex128), w(4, 6))
op("to_type", lambda x: x.to(torch.complex128), w(4, 6))
op("type", lambda x: x.to(torch.complex128), w(4, 6))
op("type_as", lambda x: x.type_as(torch.empty(0, dtype=torch.complex128)), w(4, 6))
op("cdouble", lambda x: x.to(torch.complex128), w(4, 6))
op("cpu", lambda x: x.cpu(), w(4, 6))
for name in "float half bfloat16 int long short bool char".split():
    value(name, method(name), w(4, 6, scale=9))
value("byte", lambda x: (x + 9.5).byte(), w(4, 6, scale=9))
value("cfloat", lambda x: x.to(torch.complex64), w(4, 6))
# Triangles and diagonals.
op("tril", lambda x: x.tril(1), w(4, 6))
op("triu", lambda x: x.triu(-1), w(4, 6))
op("diag", lambda x: x.diag(1), w(4, 6))
op("diag:vector", lambda x: x.diag(-1), w(5))
op("diagflat", lambda x: x.diagflat(1), w(2, 3))
op("diag_embed", lambda x: x.diag_embed(1), w(4, 6))
op("diagonal", lambda x: x.diagonal(1, 0, 2), w(2, 3, 4))
op("diagonal_scatter", lambda x, y: x.diagonal_scatter(y, 1), w(4, 6), w(4, phase=1))
value("torch.tril_indices", lambda: torch.tril_indices(4, 5, 1))
value("torch.triu_indices", lambda: torch.triu_indices(4, 5, 1))
op("torch.block_diag", lambda x, y: torch.block_diag(x, y), w(4, 6), w(2, 3, phase=1))
value("vander", lambda x: torch.vander(x, 4), w(5))
# Joins and cuts.
op("torch.cat", lambda x, y: torch.cat([x, y], 1), w(4, 6), w(4, 2, phase=1))
op("torch.concat", lambda x, y: torch.concat([x, y], 1), w(4, 6), w(4, 2, phase=1))
op("torch.concatenate", lambda x, y: torch.concat([x, y], 1), w(4, 6), w(4, 2, phase=1))
op("torch.stack", lambda x, y: torch.stack([x, y], 1), w(4, 6), w(4, 6, phase=1))
op("torch.hstack", lambda x, y: torch.hstack([x, y]), w(4, 6), w(4, 6, phase=1))
op("torch.vstack", lambda x, y: torch.vstack([x, y]), w(4, 6), w(4, 6, phase=1))
op("torch.dstack", lambda x, y: torch.dstack([x, y]), w(4, 6), w(4, 6, phase=1))
op("torch.column_stack", lambda x, y: torch.column_stack([x, y]), w(4, 6), w(4, phase=1))
op("torch.row_stack", lambda x, y: torch.row_stack([x, y]), w(4, 6), w(6, phase=1))
op("torch.meshgrid", lambda x, y: both(*torch.meshgrid(x, y, indexing="xy")), w(3), w(4, phase=1))
op("torch.cartesian_prod", lambda x, y: torch.cartesian_prod(x, y), w(3), w(4, phase=1))
op("torch.combinations", lambda x: torch.combinations(x, 2, True), w(4))
op("split", lambda x: both(*x.split(4, 1)), w(4, 6))
op("split:sizes", lambda x: both(*x.split([1, 3], 0)), w(4, 6))
op("chunk", lambda x: both(*x.chunk(2, 1)), w(4, 6))
op("tensor_split", lambda x: both(*x.tensor_split(4, 1)), w(4, 6))
op("tensor_split:sizes", lambda x: both(*x.tensor_split([1, 4], 1)), w(4, 6))
op("hsplit", lambda x: both(*x.hsplit([1, 4])), w(4, 6))
op("vsplit", lambda x: both(*x.vsplit(2)), w(4, 6))
op("dsplit", lambda x: both(*x.dsplit([1, 2])), w(2, 3, 4))
op("unbind", lambda x: both(*x.unbind(1)), w(4, 6))
# Picking and placing.
op("select", lambda x: x.select(1, 2), w(4, 6))
op("narrow", lambda x: x.narrow(1, 1, 3), w(4, 6))
op("slice", lambda x: x[:, 1:6:2], w(4, 6))
op("index", lambda x: x[1:, ::2], w(4, 6))
op("index:negative", lambda x: x[-1, ..., -2], w(2, 3, 4))
op("index:none", lambda x: x[..., None, 1:3], w(4, 6))
op("index:mask", lambda x: x[x > 0], w(4, 6))
op("index:tensors", lambda x: x[torch.tensor([0, 3, 1]), torch.tensor([5, 0, 2])], w(4, 6))
op("index:mixed", lambda x: x[1:, torch.tensor([3, 0, 0])], w(4, 6))
op("index:bool", lambda x: x[True, 1], w(4, 6))
op("index_put_", lambda x, y: x.clone().index_put_((torch.tensor([0, 1, 0]), torch.tensor([2, 2, 2])), y, accumulate=True), w(4, 6), w(3, phase=1))
op("index_select", lambda x: x.index_select(1, torch.tensor([3, 0, 0])), w(4, 6))
op("index_add", lambda x, y: x.index_add(0, torch.tensor([3, 0, 0]), y, alpha=2), w(4, 6), w(3, 6, phase=1))
op("index_copy", lambda x, y: x.index_copy(0, torch.tensor([3, 0]), y), w(4, 6), w(2, 6, phase=1))
op("index_fill", lambda x: x.index_fill(1, torch.tensor([3, 0]), 7), w(4, 6))
op("torch.index_reduce", lambda x, y: torch.index_reduce(x, 0, torch.tensor([3, 0]), y, "amax"), w(4, 6), w(2, 6, phase=1))
op("gather", lambda x: x.gather(1, torch.tensor([[0, 5], [2, 2]])), w(4, 6))
op("scatter", lambda x, y: x.scatter(1, torch.tensor([[0, 5], [2, 3]]), y), w(4, 6), w(2, 2, phase=1))
op("scatter_add", lambda x, y: x.scatter_add(1, torch.tensor([[0, 0], [2, 3]]), y), w(4, 6), w(2, 2, phase=1))
op("select_scatter", lambda x, y: x.select_scatter(y, 1, 2), w(4, 6), w(4, phase=1))
op("slice_scatter", lambda x, y: x.slice_scatter(y, 1, 1, 6, 2), w(4, 6), w(4, 3, phase=1))
op("masked_fill", lambda x: x.masked_fill(x > 0, 7), w(4, 6))
op("masked_select", lambda x: x.masked_select(x > 0), w(4, 6))
op("masked_scatter", lambda x, y: x.masked_scatter(x > 0, y), w(4, 6), w(4, 6, phase=1))
op("take", lambda x: x.take(torch.tensor([0, 7, 7])), w(4, 6))
op("take_along_dim", lambda x: x.take_along_dim(torch.tensor([[1], [0], [5], [5]]), 1), w(4, 6))
value("nonzero", lambda x: (x > 0).nonzero(), w(4, 6))
value("nonzero_as_list", lambda x: both(*(x > 0).nonzero(as_tuple=True)), w(4, 6))
value("argwhere", lambda x: (x > 0).argwhere(), w(4, 6))
value("torch.where:indices", lambda x: both(*torch.where(x > 0)), w(4, 6))

# Products.
op("matmul", lambda x, y: x.matmul(y), w(2, 1, 3, 4), w(3, 4, 2, phase=1))
op("mm", lambda x, y: x.mm(y), w(4, 6), w(6, 3, phase=1))
op("bmm", lambda x, y: x.bmm(y), w(2, 3, 4), w(2, 4, 2, phase=1))
op("mv", lambda x, y: x.mv(y), w(4, 6), w(6, phase=1))
op("dot", lambda x, y: x.dot(y), w(6), w(6, phase=1))
op("vdot", lambda x, y: x.vdot(y), w(6), w(6, phase=1))
op("inner", lambda x, y: x.inner(y), w(4, 6), w(3, 6, phase=1))
op("outer", lambda x, y: x.outer(y), w(3), w(4, phase=1))
op("ger", lambda x, y: x.ger(y), w(3), w(4, phase=1))
op("kron", lambda x, y: x.kron(y), w(2, 3), w(3, 2, phase=1))
op("addmm", lambda x, y, z: x.addmm(y, z, beta=0.5, alpha=2), w(3, 4), w(3, 2, phase=1), w(2, 4, phase=2))
op("addmv", lambda x, y, z: x.addmv(y, z, beta=0.5, alpha=2), w(3), w(3, 2, phase=1), w(2, phase=2))
op("addbmm", lambda x, y, z: x.addbmm(y, z, beta=0.5, alpha=2), w(3, 4), w(2, 3, 2, phase=1), w(2, 2, 4, phase=2))
op("baddbmm", lambda x, y, z: x.baddbmm(y, z, beta=0.5, alpha=2), w(2, 3, 4), w(2, 3, 2, phase=1), w(2, 2, 4, phase=2))
op("addr", lambda x, y, z: x.addr(y, z, beta=0.5, alpha=2), w(3, 4), w(3, phase=1), w(4, phase=2))
op("tensordot", lambda x, y: torch.tensordot(x, y, 2), w(2, 3, 4), w(3, 4, 2, phase=1))
op("tensordot:dims", lambda x, y: torch.tensordot(x, y, ([0, 2], [2, 1])), w(2, 3, 4), w(3, 4, 2, phase=1))
op("torch.einsum", lambda x, y: torch.einsum("bij,bjk->ik", x, y), w(2, 3, 4), w(2, 4, 2, phase=1))
op("torch.cdist", lambda x, y: torch.cdist(x, y), w(4, 6), w(3, 6, phase=1))
op("torch.cdist:p", lambda x, y: torch.cdist(x, y, 3), w(4, 6), w(3, 6, phase=1))
op("torch.chain_matmul", lambda x, y: torch.linalg.multi_dot([x, y]), w(4, 6), w(6, 3, phase=1))
op("linalg.multi_dot", lambda x, y, z: torch.linalg.multi_dot([x, y, z]), w(3, 4), w(4, 2, phase=1), w(2, 3, phase=2))
op("linalg.cross", lambda x, y: torch.linalg.cross(x, y), w(4, 3), w(4, 3, phase=1))
op("linalg.vecdot", lambda x, y: torch.linalg.vecdot(x, y, dim=0), w(4, 6), w(4, 6, phase=1))
# Matrices.
op("trace", lambda x: x.trace(), w(4, 4))
op("det", lambda x: square(x).det(), w(4, 5))
op("logdet", lambda x: square(x).logdet(), w(4, 5))
op("inverse", lambda x: square(x).inverse(), w(4, 5))
op("pinverse", lambda x: torch.linalg.pinv(x), w(3, 2))
op("cholesky", lambda x: square(x).cholesky(), w(4, 5))
op("cholesky_inverse", lambda x: square(x).cholesky().cholesky_inverse(), w(4, 5))
op("cholesky_solve", lambda x, y: y.cholesky_solve(square(x).cholesky()), w(4, 5), w(4, 2, phase=1))
op("matrix_power", lambda x: x.matrix_power(3), w(4, 4))
op("matrix_exp", lambda x: x.matrix_exp(), w(4, 4))
value("geqrf", lambda x: both(*x.geqrf()), w(4, 3))
value("ormqr", lambda x, y: torch.ormqr(*x.geqrf(), y), w(4, 3), w(4, 2, phase=1))
op("torch.orgqr", lambda x, y: torch.linalg.householder_product(x, y), w(4, 3), w(3, phase=1))
op("linalg.eigh", lambda x: eigh_parts(square(x)), w(4, 5))
op("linalg.eigvalsh", lambda x: torch.linalg.eigvalsh(square(x)), w(4, 5))
op("linalg.eig", lambda x: torch.linalg.eig(square(x))[0].real.sort()[0], w(4, 5))
op("linalg.eigvals", lambda x: torch.linalg.eigvals(square(x)).real.sort()[0], w(4, 5))
op("linalg.svd", lambda x: svd_parts(regular(x)), w(4, 3))
op("linalg.svdvals", lambda x: torch.linalg.svdvals(regular(x)), w(4, 3))
op("linalg.qr", lambda x: both(*torch.linalg.qr(square(x))), w(4, 5))
op("linalg.householder_product", lambda x, y: torch.linalg.householder_product(x, y), w(4, 3), w(3, phase=1))
op("linalg.cholesky", lambda x: torch.linalg.cholesky(square(x)), w(4, 5))
op("linalg.cholesky_ex", lambda x: torch.linalg.cholesky_ex(square(x))[0], w(4, 5))
op("linalg.lu", lambda x: both(*torch.linalg.lu(square(x))[1:]), w(4, 5))
op("linalg.lu_factor", lambda x: torch.linalg.lu_factor(square(x))[0], w(4, 5))
op("linalg.lu_solve", lambda x, y: torch.linalg.lu_solve(*torch.linalg.lu_factor(square(x)), y), w(4, 5), w(4, 2, phase=1))
op("torch.lu_solve", lambda x, y: torch.linalg.lu_solve(*torch.linalg.lu_factor(square(x)), y), w(4, 5), w(4, 2, phase=1))
op("torch.lu_unpack", lambda x: both(*torch.lu_unpack(*torch.linalg.lu_factor(square(x)))[1:]), w(4, 5))
value("linalg.ldl_factor", lambda x: torch.linalg.ldl_factor(square(x), hermitian=True)[0], w(4, 5))
value("linalg.ldl_factor_ex", lambda x: torch.linalg.ldl_factor_ex(square(x), hermitian=True)[0], w(4, 5))
value("linalg.ldl_solve", lambda x, y: torch.linalg.ldl_solve(*torch.linalg.ldl_factor(square(x), hermitian=True), y, hermitian=True), w(4, 5), w(4, 2, phase=1))
op("linalg.det", lambda x: torch.linalg.det(square(x)), w(4, 5))
op("linalg.slogdet", lambda x: torch.linalg.slogdet(square(x))[1], w(4, 5))
op("torch.slogdet", lambda x: torch.linalg.slogdet(square(x))[1], w(4, 5))
op("linalg.inv", lambda x: torch.linalg.inv(square(x)), w(4, 5))
op("linalg.inv_ex", lambda x: torch.linalg.inv_ex(square(x))[0], w(4, 5))
op("linalg.pinv", lambda x: torch.linalg.pinv(x), w(3, 2))
op("linalg.solve", lambda x, y: torch.linalg.solve(square(x), y), w(4, 5), w(4, 2, phase=1))
op("linalg.solve_ex", lambda x, y: torch.linalg.solve_ex(square(x), y)[0], w(4, 5), w(4, 2, phase=1))
op("linalg.solve_triangular", lambda x, y: torch.linalg.solve_triangular(square(x), y, upper=True), w(4, 5), w(4, 2, phase=1))
op("linalg.lstsq", lambda x, y: torch.linalg.lstsq(x, y)[0], w(3, 2), w(3, 2, phase=1))
op("linalg.tensorinv", lambda x: torch.linalg.tensorinv(square(x).reshape(4, 2, 2), 1), w(4, 5))
op("linalg.tensorsolve", lambda x, y: torch.linalg.tensorsolve(square(x).reshape(4, 2, 2), y), w(4, 5), w(4, phase=1))
op("linalg.vector_norm", lambda x: torch.linalg.vector_norm(x, 3, [1]), w(4, 6))
op("linalg.matrix_norm", lambda x: torch.linalg.matrix_norm(x), w(2, 3, 4))
op("linalg.matrix_norm:ord", lambda x: torch.linalg.matrix_norm(regular(x), 2), w(4, 3))
op("linalg.norm", lambda x: torch.linalg.norm(x), w(4, 6))
op("linalg.norm:ord", lambda x: torch.linalg.norm(x, 1, [0, 1]), w(4, 6))
op("linalg.norm:name", lambda x: torch.linalg.norm(regular(x), "nuc"), w(4, 3))
op("linalg.cond", lambda x: torch.linalg.cond(regular(x)), w(4, 3))
value("linalg.matrix_rank", lambda x: torch.linalg.matrix_rank(square(x)), w(4, 5))
op("linalg.matrix_exp", lambda x: torch.linalg.matrix_exp(x), w(4, 4))
op("linalg.diagonal", lambda x: torch.linalg.diagonal(x, offset=1), w(2, 3, 4))
op("linalg.vander", lambda x: torch.linalg.vander(x, N=4), w(5))
# Fourier transforms.
for name in "fft_ ifft hfft".split():
    op("fft." + name, getattr(torch.fft, name.rstrip("_")), w(4, 6))
for name in "rfft ihfft".split():
    op("fft." + name, getattr(torch.fft, name.rstrip("_")), w(4, 6))
for name in "irfft".split():
    op("fft." + name, getattr(torch.fft, name.rstrip("_")), w(4, 6))
op("fft.fft_:n", lambda x: torch.fft.fft(x, 5, 0, "ortho"), w(4, 6))
for name in "fft2 ifft2 rfft2 ihfft2 fftn ifftn rfftn ihfftn".split():
    op("fft." + name, getattr(torch.fft, name.rstrip("_")), w(4, 6))
for name in "irfft2 hfft2 irfftn hfftn".split():
    op("fft." + name, getattr(torch.fft, name.rstrip("_")), w(4, 6))
op("fft.rfft2:norm", lambda x: torch.fft.rfft2(x, norm="ortho"), w(4, 6))
op("fft.fftn:size", lambda x: torch.fft.fftn(x, (3, 5), (0, 1), "forward"), w(4, 6))
op("fft.fftshift", lambda x: torch.fft.fftshift(x), w(4, 6))
op("fft.ifftshift", lambda x: torch.fft.ifftshift(x, 1), w(4, 6))
value("fft.fftfreq", lambda: torch.fft.fftfreq(7, 0.5))
value("fft.rfftfreq", lambda: torch.fft.rfftfreq(7, 0.5))
op("stft", lambda x: torch.stft(x, 8, window=torch.hann_window(8, dtype=torch.float64), return_complex=True), w(32))
op("istft", lambda x: torch.istft(torch.stft(x, 8, window=torch.hann_window(8, dtype=torch.float64), return_complex=True) * 2, 8, window=torch.hann_window(8, dtype=torch.float64)), w(32))
# Special functions.
for name in "digamma entr erfcx exp2 expit expm1 gammaln i0 i0e i1 i1e psi".split():
    op("special." + name, getattr(torch.special, name), w(4, 6, shift=2.5))
for name in "erf erfc sinc ndtr".split():
    op("special." + name, getattr(torch.special, name), w(4, 6))
for name in "erfinv".split():
    op("special." + name, getattr(torch.special, name), w(4, 6, scale=0.9))
for name in "logit ndtri".split():
    op("special." + name, getattr(torch.special, name), w(4, 6, scale=0.4, shift=0.5))
for name in "bessel_j0 bessel_j1 bessel_y0 bessel_y1 modified_bessel_i0 modified_bessel_i1 modified_bessel_k0 modified_bessel_k1 scaled_modified_bessel_k0 scaled_modified_bessel_k1 spherical_bessel_j0 airy_ai".split():
    value("special." + name, getattr(torch.ops.aten, "special_" + name), w(4, 6, shift=2.5))
for name in "chebyshev_polynomial_t chebyshev_polynomial_u chebyshev_polynomial_v chebyshev_polynomial_w hermite_polynomial_h hermite_polynomial_he laguerre_polynomial_l legendre_polynomial_p shifted_chebyshev_polynomial_t shifted_chebyshev_polynomial_u shifted_chebyshev_polynomial_v shifted_chebyshev_polynomial_w".split():
    value("special." + name, lambda x: getattr(torch.ops.aten, "special_" + name)(x, torch.tensor(3.0)), w(4, 6, scale=0.4, shift=0.5))
op("special.sigmoid", lambda x: x.sigmoid(), w(4, 6))
op("special.gammainc", lambda x: torch.special.gammainc(wave(4, 6, phase=2, shift=2.5), x), w(4, 6, shift=2.5))
op("special.gammaincc", lambda x: torch.special.gammaincc(wave(4, 6, phase=2, shift=2.5), x), w(4, 6, shift=2.5))
op("special.xlog1py", lambda x, y: torch.special.xlog1py(x, y), w(4, 6), w(4, 6, phase=1, shift=2.5))
op("special.zeta", lambda x: torch.special.zeta(wave(4, 6, phase=2, shift=2.5), x), w(4, 6, shift=2.5))
op("special.polygamma", lambda x: torch.special.polygamma(1, x), w(4, 6, shift=2.5))
op("special.multigammaln", lambda x: torch.special.multigammaln(x, 2), w(4, 6, shift=2.5))
op("special.softmax", lambda x: torch.special.softmax(x, 1), w(4, 6))
op("special.log_softmax", lambda x: torch.special.log_softmax(x, 1), w(4, 6))

# Ranges and windows.
value("torch.linspace", lambda: torch.linspace(-1, 2, 7))
value("torch.logspace", lambda: torch.logspace(-1, 2, 7, 2))
value("torch.arange", lambda: torch.arange(-1, 2, 0.25))
value("torch.arange:whole", lambda: torch.arange(3, 11, 2))
value("torch.eye", lambda: torch.eye(3, 4))
value("torch.full", lambda: torch.full((2, 3), 1.5))
value("torch.full:bool", lambda: torch.full((2, 3), True))
value("torch.hann_window", lambda: torch.hann_window(7))
value("torch.hamming_window", lambda: torch.hamming_window(7, False))
value("torch.blackman_window", lambda: torch.blackman_window(7))
value("torch.bartlett_window", lambda: torch.bartlett_window(7))
value("torch.kaiser_window", lambda: torch.kaiser_window(7, True, 10.0))
value("torch.zeros", lambda: torch.zeros(2, 3))
value("torch.ones", lambda: torch.ones(2, 3))
value("torch.zeros_like", lambda x: torch.zeros_like(x), w(4, 6))
value("torch.ones_like", lambda x: torch.ones_like(x), w(4, 6))
value("torch.full_like", lambda x: torch.full_like(x, 3), w(4, 6))
value("zeros_like", lambda x: torch.zeros_like(x), w(4, 6))
value("ones_like", lambda x: torch.ones_like(x), w(4, 6))
value("full_like", lambda x: torch.full_like(x, 3), w(4, 6))
value("new_zeros", lambda x: x.new_zeros(2, 3), w(4, 6))
value("new_ones", lambda x: x.new_ones(2, 3), w(4, 6))
value("new_full", lambda x: x.new_full((2, 3), 4), w(4, 6))
value("zeros", lambda x: torch.zeros(2, 3), w(4, 6))
value("ones", lambda x: torch.ones(2, 3), w(4, 6))
value("full", lambda x: torch.full((2, 3), 4), w(4, 6))
value("eye", lambda x: torch.eye(2, 3), w(4, 6))
value("arange_out", lambda x: torch.arange(1, 5, 2), w(4, 6))
value("fill_", lambda x: x.clone().fill_(3), w(4, 6))
value("zero_", lambda x: x.clone().zero_(), w(4, 6))
value("set_", lambda x: torch.empty(0, dtype=torch.float64).set_(x), w(4, 6))
# Random numbers: each starts from the same seed.
value("torch.rand", lambda: torch.rand(2, 3))
value("torch.randn", lambda: torch.randn(2, 3))
value("torch.randint", lambda: torch.randint(3, 9, (2, 3)))
value("torch.randperm", lambda: torch.randperm(9))
value("torch.normal", lambda: torch.normal(1.0, 2.0, (2, 3)))
value("rand_like", lambda x: torch.rand_like(x), w(4, 6))
value("randn_like", lambda x: torch.randn_like(x), w(4, 6))
value("randint_like", lambda x: torch.randint_like(x, 3, 9), w(4, 6))
value("rand_out", lambda x: torch.rand(2, 3, dtype=torch.float64), w(4, 6))
value("randn_out", lambda x: torch.randn(2, 3, dtype=torch.float64), w(4, 6))
value("randint_out", lambda x: torch.randint(9, (2, 3), dtype=torch.float64), w(4, 6))
value("randperm_out", lambda x: torch.randperm(9), w(4, 6))
value("uniform_", lambda x: x.clone().uniform_(-1, 2), w(4, 6))
value("normal_", lambda x: x.clone().normal_(1, 2), w(4, 6))
value("exponential_", lambda x: x.clone().exponential_(2), w(4, 6))
value("log_normal_", lambda x: x.clone().log_normal_(0.5, 0.25), w(4, 6))
value("cauchy_", lambda x: x.clone().cauchy_(1, 2), w(4, 6))
value("geometric_", lambda x: x.clone().geometric_(0.3), w(4, 6))
value("random_", lambda x: x.clone().random_(2, 9), w(4, 6))
value("bernoulli", lambda x: (x.abs()).bernoulli(), w(4, 6))
value("bernoulli_", lambda x: x.clone().bernoulli_(0.3), w(4, 6))
value("multinomial", lambda x: x.abs().multinomial(3), w(4, 6))
value("poisson", lambda x: torch.poisson(x), w(4, 6, shift=2.5))
value("binomial", lambda x: torch.binomial(torch.full_like(x, 9), x), w(4, 6, scale=0.4, shift=0.5))
value("torch._standard_gamma", lambda x: torch._standard_gamma(x), w(4, 6, shift=2.5))
value("torch._sample_dirichlet", lambda x: torch._sample_dirichlet(x), w(4, 6, shift=2.5))

target = pathlib.Path(__file__).parents[2] / "tests/TorchSharp.Tests/Fixtures/pytorch-tensors.json"
target.write_text(json.dumps({"torch": torch.__version__, "cases": cases}, separators=(",", ":")).replace('}},"', '}},\n"').replace(']}]},"', ']}]},\n"') + "\n")
print(f"{len(cases)} cases of torch {torch.__version__} in {target}")
