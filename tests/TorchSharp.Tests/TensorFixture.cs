using System.Text.Json;

namespace TorchSharp.Tests;

/// <summary>Fixtures/pytorch-tensors.json, which bench/peers/torch_fixtures_tensors.py writes.</summary>
internal static class TensorFixture
{
    internal sealed record Numbers(long[] Shape, double[] Values);
    internal sealed record Input(long[] Shape, double Phase, double Scale, double Shift)
    {
        internal Tensor Make() => Waves.Wave(Phase, Shape) * Scale + Shift;
    }
    internal sealed record Case(Input[] Inputs, Numbers Result, Numbers[]? Gradients);
    private sealed record File(string Torch, Dictionary<string, Case> Cases);

    internal static readonly IReadOnlyDictionary<string, Case> Cases = JsonSerializer.Deserialize<File>(
        System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "pytorch-tensors.json")), JsonSerializerOptions.Web)!.Cases;

    internal static IEnumerable<string> Differentiable => Cases.Where(c => c.Value.Gradients is not null).Select(c => c.Key);

    /// <summary>The result's sum, weighted so that no part cancels another.</summary>
    internal static Tensor Loss(Tensor result)
    {
        var real = TensorOperations.Real(result);
        return (real * Waves.Wave(2, real.shape)).sum();
    }

    internal static void AssertEqual(Numbers expected, Tensor found, string what)
    {
        var real = TensorOperations.Real(found);
        Assert.Equal(expected.Shape, real.shape);
        // Single precision is what PyTorch's own result had, to the last bit; double precision was rounded for the file.
        var tolerance = found.dtype is ScalarType.Float32 or ScalarType.ComplexFloat32 ? 1e-6 : 1e-9;
        var values = (real.to_type(ScalarType.Float64) + 0).data<double>().ToArray();
        for (var i = 0; i < values.Length; i++)
            Assert.True(Math.Abs(expected.Values[i] - values[i]) <= tolerance * Math.Max(1, Math.Abs(expected.Values[i])),
                $"{what}, element {i}: PyTorch has {expected.Values[i]:R}, here it is {values[i]:R}");
    }
}
