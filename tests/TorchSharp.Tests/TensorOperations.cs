using System.Collections;

namespace TorchSharp.Tests;

/// <summary>
/// Every tensor operation, called once: a table of the method's name (after a colon: which form of it) and a call.
/// The inputs are in Fixtures/pytorch-tensors.json, with what PyTorch makes of them.
/// </summary>
internal static partial class TensorOperations
{
    internal static readonly OperationTable All = [.. Pointwise(), .. Reduction(), .. Shape(), .. Algebra(), .. Creation()];

    /// <summary>What is compared: complex results as pairs.</summary>
    internal static Tensor Real(Tensor result) => result.is_complex() ? result.resolve_conj().view_as_real() : result;

    private static Tensor Wave(double phase, double shift, params long[] shape) => Waves.Wave(phase, shape) + shift;

    private static Tensor Both(IEnumerable<Tensor> results) => cat(results.Select(r => r.flatten()).Select(r => r.is_floating_point() ? r : r.@double()).ToArray());
    private static Tensor Both((Tensor, Tensor) results) => Both([results.Item1, results.Item2]);

    private static Tensor Pairs(Tensor x) => x.reshape(4, 3, 2).view_as_complex();
    private static Tensor Whole(Tensor x) => (x * 10).@long();
    private static Tensor Holes(Tensor x) => torch.where(x > 0.8, x.full_like(double.NaN), x);

    /// <summary>Symmetric and positive definite.</summary>
    private static Tensor Square(Tensor x) => Regular(x.mm(x.t()));

    // A wave's rows all come of two: the matrix has rank two, until its diagonal is raised.
    private static Tensor Regular(Tensor x) => x.dim() != 2 ? x : x + torch.eye(x.shape[0], x.shape[1], dtype: float64) * arange(1, x.shape[1] + 1);

    // The signs of these vectors are free; their squares are not.
    private static Tensor Parts((Tensor values, Tensor vectors) eigen) => Both([eigen.values, eigen.vectors.square()]);
    private static Tensor SvdParts(Tensor x)
    {
        var (u, s, v) = linalg.svd(x, fullMatrices: false);
        return Both([u.square(), s, v.square()]);
    }

    private static Tensor Solved((Tensor, Tensor) factors, Func<Tensor, Tensor, Tensor> solve) => solve(factors.Item1, factors.Item2);
    private static (Tensor, Tensor) Last((Tensor, Tensor, Tensor) results) => (results.Item2, results.Item3);
}

internal sealed class OperationTable : IEnumerable<KeyValuePair<string, Func<Tensor[], Tensor>>>
{
    private readonly Dictionary<string, Func<Tensor[], Tensor>> operations = [];

    internal Func<Tensor[], Tensor> this[string name] => operations[name];
    internal IEnumerable<string> Names => operations.Keys;

    public void Add(string name, Func<Tensor> call) => operations.Add(name, _ => call());
    public void Add(string name, Func<Tensor, Tensor> call) => operations.Add(name, t => call(t[0]));
    public void Add(string name, Func<Tensor, Tensor, Tensor> call) => operations.Add(name, t => call(t[0], t[1]));
    public void Add(string name, Func<Tensor, Tensor, Tensor, Tensor> call) => operations.Add(name, t => call(t[0], t[1], t[2]));
    public void Add(KeyValuePair<string, Func<Tensor[], Tensor>> operation) => operations.Add(operation.Key, operation.Value);

    public IEnumerator<KeyValuePair<string, Func<Tensor[], Tensor>>> GetEnumerator() => operations.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
