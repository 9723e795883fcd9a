using System.Text.Json;
using MedGan.Models.Regularizers;
using MedGan.Models.Tests.Training;
using MedGan.Models.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Tests.Regularizers;

/// <summary>The numbers of torch.nn.utils.spectral_norm come from bench/peers/torch_fixtures_spectral.py.</summary>
public class SpectralNormTests
{
    private static readonly JsonElement Cases =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "spectral-norm.json"))).RootElement.GetProperty("cases");

    private static readonly Dictionary<string, (Func<Module<Tensor, Tensor>> Layer, Func<Tensor> Input, int Iterations)> Layers = new()
    {
        ["conv2d"] = (() => Conv2d(3, 4, 3, stride: 2, padding: 1), () => Wave(0, 2, 3, 6, 6), 1),
        ["conv2d_groups"] = (() => Conv2d(4, 6, 3, groups: 2, dilation: 2, bias: false), () => Wave(0, 1, 4, 6, 6), 1),
        ["conv2d_same"] = (() => Conv2d(3, 4, 3, Padding.Same), () => Wave(0, 1, 3, 5, 5), 1),
        ["conv_transpose2d"] = (() => ConvTranspose2d(3, 4, 3, stride: 2, padding: 1, output_padding: 1), () => Wave(0, 2, 3, 5, 5), 1),
        ["linear"] = (() => Linear(7, 5), () => Wave(0, 3, 7), 1),
        ["linear_3_iterations"] = (() => Linear(7, 5), () => Wave(0, 3, 7), 3),
        ["embedding"] = (() => Embedding(6, 4), () => tensor(new long[] { 0, 5, 2, 2, 2, 1 }, [2, 3]), 1),
    };

    public static TheoryData<string> Names => [.. Layers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Layer_ComputesWhatPyTorchComputes(string name)
    {
        using var scope = NewDisposeScope();
        var expected = Cases.GetProperty(name);
        using var norm = Waves(name);
        var input = Layers[name].Input();
        if (input.is_floating_point()) input.requires_grad = true;

        var first = norm.call(input);
        first.square().sum().backward();
        AssertEqual(expected, "first", first);
        AssertEqual(expected, "u", norm.get_buffer("u")!);
        AssertEqual(expected, "v", norm.get_buffer("v")!);
        AssertEqual(expected, "weight_grad", norm.get_parameter("layer.weight")!.grad!);
        if (input.requires_grad) AssertEqual(expected, "input_grad", input.grad!);
        if (norm.get_parameter("layer.bias") is { } bias) AssertEqual(expected, "bias_grad", bias.grad!);
        AssertEqual(expected, "second", norm.call(input));
        norm.eval();
        AssertEqual(expected, "eval", norm.call(input));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Sigma_IsTheLargestSingularValue_FromTheStart_InEvaluationMode(string name)
    {
        using var scope = NewDisposeScope();
        var layer = Layers[name].Layer().to(ScalarType.Float64);
        using (no_grad()) layer.parameters().First().copy_(Random(layer.parameters().First().shape));
        using var norm = new SpectralNorm(layer, new SeededRandom(1), powerIterations: 50);
        var (input, weight) = (Layers[name].Input(), layer.parameters().First());
        norm.call(input);
        norm.eval();
        var actual = norm.call(input);

        var matrix = layer is ConvTranspose2d ? weight.transpose(0, 1).flatten(1) : weight.flatten(1);
        using (no_grad()) weight.div_(linalg.svdvals(matrix).max());
        Assert.Equal(0, (actual - layer.call(input)).abs().max().ToDouble(), 1e-9);
    }

    [Fact]
    public void FirstSigma_IsWithinAFewPercent()
    {
        using var scope = NewDisposeScope();
        var layer = Linear(40, 30, hasBias: false);
        using (no_grad()) layer.weight.copy_(Random([30, 40]));
        using var norm = new SpectralNorm(layer, new SeededRandom(1));
        norm.eval();
        var largest = linalg.svdvals(norm.call(eye(40))).max().ToDouble();
        Assert.InRange(largest, 0.999, 1.05);
    }

    [Fact]
    public void Iterations_RunInTrainingModeAlone()
    {
        using var scope = NewDisposeScope();
        using var norm = Waves("linear");
        var (input, before) = (Layers["linear"].Input(), norm.get_buffer("u")!.clone());
        norm.eval();
        norm.call(input);
        Assert.Equal(before.data<double>().ToArray(), norm.get_buffer("u")!.data<double>().ToArray());
        norm.train();
        norm.call(input);
        Assert.NotEqual(before.data<double>().ToArray(), norm.get_buffer("u")!.data<double>().ToArray());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradient_IsThatOfCentralDifferences(string name)
    {
        using var scope = NewDisposeScope();
        using var norm = Waves(name);
        norm.eval(); // u and v are held constant
        var (input, weight) = (Layers[name].Input(), norm.get_parameter("layer.weight")!);
        norm.call(input).square().sum().backward();
        var gradient = weight.grad!.flatten().data<double>().ToArray();
        using var noGrad = no_grad();
        var flat = weight.view(-1);
        for (var i = 0; i < gradient.Length; i += Math.Max(1, gradient.Length / 7))
        {
            var one = flat.narrow(0, i, 1);
            double At(double offset)
            {
                one.add_(offset);
                var value = norm.call(input).square().sum().ToDouble();
                one.sub_(offset);
                return value;
            }
            var difference = (At(1e-6) - At(-1e-6)) / 2e-6;
            Assert.Equal(difference, gradient[i], 1e-6 * Math.Max(1, Math.Abs(difference)));
        }
    }

    [Fact]
    public void StateDict_HoldsWeightAndDirections_AndAnotherTakesThem()
    {
        using var scope = NewDisposeScope();
        using var one = Waves("conv2d");
        using var other = new SpectralNorm(Layers["conv2d"].Layer().to(ScalarType.Float64), new SeededRandom(9));
        Assert.Equal(["layer.bias", "layer.weight", "u", "v"], one.state_dict().Keys.Order());
        Assert.Equal(["layer.bias", "layer.weight"], one.named_parameters().Select(p => p.name).Order());
        other.load_state_dict(one.state_dict());
        var input = Layers["conv2d"].Input();
        Assert.Equal(one.call(input).data<double>().ToArray(), other.call(input).data<double>().ToArray());
    }

    [Fact]
    public void Network_OfNormalisedLayers_Trains()
    {
        using var scope = NewDisposeScope();
        var random = new SeededRandom(4);
        using var network = Sequential(
            ("conv", new SpectralNorm(Conv2d(1, 4, 3, padding: 1), random)), ("act", LeakyReLU(0.2)), ("flat", Flatten()), ("out", new SpectralNorm(Linear(4 * 16, 1), random)));
        Assert.Equal(["conv.u", "conv.v", "out.u", "out.v"], network.named_buffers().Select(b => b.name).Order());
        using var optimiser = optim.Adam(network.parameters(), 1e-2);
        var (input, wanted) = (Random([8, 1, 4, 4]).to(ScalarType.Float32), tensor(new float[] { 1, -1, 1, -1, 1, -1, 1, -1 }, [8, 1]) / 4);
        var losses = new List<float>();
        for (var step = 0; step < 60; step++)
        {
            using var inner = NewDisposeScope();
            var loss = (network.call(input) - wanted).square().mean();
            optimiser.zero_grad();
            loss.backward();
            optimiser.step();
            losses.Add(loss.ToSingle());
        }
        Assert.True(losses[^1] < 0.3 * losses[0], $"{losses[0]} -> {losses[^1]}");
    }

    [Fact]
    public void OtherLayers_AreRefused()
    {
        Assert.Contains("ReLU", Assert.Throws<ArgumentException>(() => new SpectralNorm(ReLU(), new SeededRandom(1))).Message);
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() => new SpectralNorm(Conv2d(1, 1, 3, padding: 1, padding_mode: PaddingModes.Reflect), new SeededRandom(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpectralNorm(Linear(2, 2), new SeededRandom(1), powerIterations: 0));
    }

    // the layer of the fixture's case, in its state before the first call
    private static SpectralNorm Waves(string name)
    {
        var layer = Layers[name].Layer().to(ScalarType.Float64);
        using var noGrad = no_grad();
        foreach (var (own, parameter) in layer.named_parameters()) parameter.copy_(Wave(own == "weight" ? 1 : 2, parameter.shape));
        var norm = new SpectralNorm(layer, new SeededRandom(1), Layers[name].Iterations);
        foreach (var (buffer, phase) in (ReadOnlySpan<(string, int)>)[("u", 3), ("v", 4)])
        {
            var target = norm.get_buffer(buffer)!;
            target.copy_(functional.normalize(Wave(phase, target.shape), dim: 0));
        }
        return norm;
    }

    // sin(0.7 i + phase), as the script makes them
    private static Tensor Wave(double phase, params long[] shape) =>
        tensor(Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(i => Math.Sin(0.7 * i + phase)).ToArray()).reshape(shape);

    private static Tensor Random(long[] shape)
    {
        var random = new SeededRandom(17);
        return tensor(Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => random.NextNormal()).ToArray()).reshape(shape);
    }

    private static void AssertEqual(JsonElement expected, string what, Tensor actual)
    {
        var stored = expected.GetProperty(what);
        Assert.Equal(stored.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()), actual.shape);
        var values = actual.detach().contiguous().data<double>().ToArray();
        Assert.All(stored.GetProperty("values").EnumerateArray().Select(value => value.GetDouble()).Zip(values), pair => Assert.Equal(pair.First, pair.Second, 1e-10));
    }
}
