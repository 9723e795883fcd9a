using System.Text.Json;
using MedGan.Models.Networks.Conditional;
using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Networks;

/// <summary>The layers of the class-conditional networks against PyTorch's numbers from bench/peers/torch_fixtures_conditional.py: results and all gradients.</summary>
public class ConditionalLayerTests
{
    private static readonly JsonElement Cases =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "conditional-layers.json"))).RootElement.GetProperty("cases");

    private static readonly SeededRandom Random = new(1);

    private static readonly Dictionary<string, (Func<nn.Module?> Layer, Func<nn.Module?, Tensor[], Tensor> Call, Func<Tensor[]> Inputs)> Layers = new()
    {
        ["up"] = (() => null, (_, x) => Resampling.Up(x[0]), () => [Wave(0, 2, 3, 4, 4)]),
        ["down"] = (() => null, (_, x) => Resampling.Down(x[0]), () => [Wave(0, 2, 3, 8, 8)]),
        ["modulated"] = (() => new ModulatedConv(3, 4, 3, 5, demodulate: true, Random), (l, x) => ((ModulatedConv)l!).call(x[0], x[1]), () => [Wave(0, 2, 3, 4, 4), Wave(0.5, 2, 5)]),
        ["modulated_to_image"] = (() => new ModulatedConv(3, 1, 1, 5, demodulate: false, Random), (l, x) => ((ModulatedConv)l!).call(x[0], x[1]), () => [Wave(0, 2, 3, 4, 4), Wave(0.5, 2, 5)]),
        ["attention"] = (() => new SelfAttention(8, Random, spectral: false), (l, x) => ((SelfAttention)l!).call(x[0]), () => [Wave(0, 2, 8, 4, 4)]),
        ["batch_norm"] = (() => new ConditionalBatchNorm(2, 5, Random, spectral: false), (l, x) => ((ConditionalBatchNorm)l!).call(x[0], x[1]), () => [Wave(0, 3, 2, 4, 4), Wave(0.5, 3, 5)]),
        ["r3gan_block"] = (() => new R3ganBlock(16, 4, Random), (l, x) => ((R3ganBlock)l!).call(x[0]), () => [Wave(0, 1, 16, 4, 4)]),
        ["mapping"] = (() => new MappingNetwork(4, 4, 3, 2, Random), (l, x) => ((MappingNetwork)l!).call(x[0], tensor(new long[] { 1, 1 })), () => [Wave(0, 2, 4)]),
        ["projection"] = (() => new ProjectionHead(4, 3, Random), (l, x) => ((ProjectionHead)l!).call(x[0], tensor(new long[] { 0, 2, 2 })), () => [Wave(0, 3, 4)]),
    };

    public static TheoryData<string> Names => [.. Layers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Layer_ComputesWhatPyTorchComputes(string name)
    {
        using var scope = NewDisposeScope();
        var (make, call, makeInputs) = Layers[name];
        using var layer = make()?.to(ScalarType.Float64);
        var inputs = makeInputs().Select(x => x.requires_grad_(true)).ToArray();
        if (layer is not null) SetWaves(layer);

        var result = call(layer, inputs);
        result.square().sum().backward();
        var expected = Cases.GetProperty(name);
        AssertEqual(expected, "result", result);
        foreach (var (i, input) in inputs.Index()) AssertEqual(expected, $"input{i}_grad", input.grad!);
        foreach (var (own, parameter) in layer?.named_parameters() ?? []) AssertEqual(expected, $"{own}_grad", parameter.grad!);
    }

    [Fact]
    public void SelfAttention_AtFirst_IsTheIdentity()
    {
        using var scope = NewDisposeScope();
        using var layer = new SelfAttention(8, Random, spectral: true);
        var x = Wave(0, 2, 8, 4, 4).to(ScalarType.Float32);
        Assert.Equal(x.flatten().data<float>().ToArray(), layer.call(x).flatten().data<float>().ToArray());
    }

    [Fact]
    public void R3ganBlock_AtFirst_IsTheIdentity()
    {
        using var scope = NewDisposeScope();
        using var layer = new R3ganBlock(16, 4, Random);
        var x = Wave(0, 2, 16, 4, 4).to(ScalarType.Float32);
        Assert.Equal(x.flatten().data<float>().ToArray(), layer.call(x).flatten().data<float>().ToArray());
    }

    // by name, in order: phases 1, 2, ...
    private static void SetWaves(nn.Module layer)
    {
        using var noGrad = no_grad();
        foreach (var (i, (_, parameter)) in layer.named_parameters().OrderBy(p => p.name, StringComparer.Ordinal).Index()) parameter.copy_(Wave(1 + i, parameter.shape));
    }

    private static Tensor Wave(double phase, params long[] shape) =>
        tensor(Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(i => Math.Sin(0.7 * i + phase)).ToArray()).reshape(shape);

    private static void AssertEqual(JsonElement expected, string what, Tensor actual)
    {
        var stored = expected.GetProperty(what);
        Assert.Equal(stored.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()), actual.shape);
        var values = actual.detach().contiguous().data<double>().ToArray();
        if (values.Length > 400) values = [.. values[..200], .. values[^200..]]; // as the script stores them
        Assert.All(stored.GetProperty("values").EnumerateArray().Select(value => value.GetDouble()).Zip(values), pair => Assert.Equal(pair.First, pair.Second, 1e-9 * Math.Max(1, Math.Abs(pair.First))));
    }
}
