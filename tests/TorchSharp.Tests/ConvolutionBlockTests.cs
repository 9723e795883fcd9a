using TorchSharp.Utils;
using static TorchSharp.Tests.Waves;

namespace TorchSharp.Tests;

/// <summary>
/// Runs of layers on channels-last memory against libtorch's own layers, one after another, on memory as it lies by default: values, gradients, and gradients
/// of gradients, in single precision and bfloat16.
/// </summary>
public sealed class ConvolutionBlockTests
{
    private static readonly Dictionary<string, (long Channels, long Size, Func<Module<Tensor, Tensor>[]> Layers)> Networks = new()
    {
        ["convolution"] = (8, 9, () => [Conv2d(8, 16, 3)]),
        ["without bias"] = (8, 9, () => [Conv2d(8, 16, 3, padding: 1, bias: false)]),
        ["strided, padded"] = (8, 11, () => [Conv2d(8, 16, 4, stride: 2, padding: 1), LeakyReLU(0.2, inplace: true)]),
        ["oblong"] = (8, 9, () => [Conv2d(8, 16, (3, 5), stride: (2, 1), padding: (0, 2)), ReLU()]),
        ["one channel to many"] = (1, 20, () => [ReflectionPad2d(3), Conv2d(1, 32, 7), InstanceNorm2d(32), ReLU(inplace: true)]),
        ["many channels to one"] = (32, 20, () => [ReflectionPad2d(3), Conv2d(32, 1, 7)]),
        ["mirrored border"] = (16, 8, () => [ReflectionPad2d((2, 1, 0, 3)), Conv2d(16, 16, 3), InstanceNorm2d(16)]),
        ["whole run"] = (16, 8, () => [ReflectionPad2d(1), Conv2d(16, 24, 3), InstanceNorm2d(24), LeakyReLU(0.2)]),
        ["transposed"] = (16, 6, () => [ConvTranspose2d(16, 8, 3, stride: 2, padding: 1, output_padding: 1), InstanceNorm2d(8), ReLU()]),
        ["transposed, with bias and slope"] = (16, 6, () => [ConvTranspose2d(16, 8, 4, stride: 2, padding: 1), LeakyReLU(0.2)]),
        ["odd channels"] = (3, 9, () => [Conv2d(3, 5, 3, padding: 1), InstanceNorm2d(5), ReLU()]),
        ["two runs"] = (8, 16, () => [Conv2d(8, 16, 3, stride: 2, padding: 1), InstanceNorm2d(16), ReLU(), ReflectionPad2d(1), Conv2d(16, 16, 3), InstanceNorm2d(16), Tanh()]),
        ["patch judge"] = (1, 32, () => [Conv2d(1, 16, 4, stride: 2, padding: 1), LeakyReLU(0.2), Conv2d(16, 32, 4, padding: 1), InstanceNorm2d(32), LeakyReLU(0.2), Conv2d(32, 1, 4, padding: 1)]),
    };

    public static TheoryData<string> Names => new(Networks.Keys);

    [Theory, MemberData(nameof(Names))]
    public void Run_InSinglePrecision_GivesWhatTheLayersGive(string name)
    {
        using var scope = NewDisposeScope();
        var (plain, blocked, input) = Pair(name, ScalarType.Float32);
        var (expected, result) = (Gradients(plain, input), Gradients(blocked, input));
        AssertNear(name, expected, result, 2e-5);
    }

    /// <summary>Both round to 8 bits between layers, at different places; the one in single precision is the judge.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Run_InBFloat16_IsNoFurtherFromTheTruthThanTheLayers(string name)
    {
        using var scope = NewDisposeScope();
        var (plain, blocked, input) = Pair(name, ScalarType.BFloat16);
        var truth = Gradients(Copy(name, plain, ScalarType.Float32, channelsLast: false), input.to(ScalarType.Float32));
        var (usual, result) = (Gradients(plain, input), Gradients(blocked, input));
        foreach (var (((what, t), (_, u)), (_, r)) in truth.Zip(usual).Zip(result))
        {
            if (what.EndsWith("bias", StringComparison.Ordinal) && r.count_nonzero().item<long>() == 0) continue;
            var (theirs, ours) = (Distance(t, u), Distance(t, r));
            Assert.True(ours <= 1.3 * theirs + 0.004, $"{name}: {what} is {ours} from single precision, that of the layers {theirs}");
        }
    }

    /// <summary>A gradient penalty: the gradient of the squared gradient of the input, for every parameter.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Gradient_OfTheGradient_IsThatOfTheLayers(string name)
    {
        using var scope = NewDisposeScope();
        var (plain, blocked, input) = Pair(name, ScalarType.Float32);
        var (expected, result) = (Penalty(plain, input), Penalty(blocked, input));
        AssertNear(name, expected, result, 1e-4);
    }

    [Fact]
    public void Weights_ChangedInAnyWay_AreTheOnesUsed()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var (plain, blocked, input) = Pair("whole run", ScalarType.Float32);
        void Both(Action<Tensor> change)
        {
            change(((Conv2d)((Sequential)plain)[1]).weight);
            change(((Conv2d)((Sequential)blocked)[1]).weight);
            AssertNear("after a change", plain.call(input), blocked.call(input), 2e-5);
        }
        Both(w => w.mul_(0.5));
        Both(w => w.data<float>()[0, 0, 0, 0] = 3);
        Both(w => w.data<float>()[1, 1, 1, 1] = -3);
        var kept = (((Conv2d)((Sequential)plain)[1]).weight.data<float>(), ((Conv2d)((Sequential)blocked)[1]).weight.data<float>());
        for (var i = 0; i < 3; i++)
        {
            (kept.Item1[2, 2, 2, 2], kept.Item2[2, 2, 2, 2]) = (i, i);
            AssertNear("through a kept accessor", plain.call(input), blocked.call(input), 2e-5);
        }
    }

    [Fact]
    public void Result_OnMemoryAsItLiesByDefault_IsContiguous()
    {
        using var scope = NewDisposeScope();
        var network = Sequential(Networks["two runs"].Layers());
        Assert.True(network.call(Wave(2, 8, 16, 16).to(ScalarType.Float32)).is_contiguous());
    }

    [Fact]
    public void Hook_OfALayerWithinARun_IsCalled()
    {
        using var scope = NewDisposeScope();
        var (_, blocked, input) = Pair("whole run", ScalarType.Float32);
        var seen = 0;
        ((InstanceNorm2d)((Sequential)blocked)[2]).register_forward_hook((_, _, output) => { seen++; return output; });
        blocked.call(input);
        Assert.Equal(1, seen);
    }

    [Fact]
    public void Backward_Twice_NeedsTheGraphKept()
    {
        using var scope = NewDisposeScope();
        var (_, blocked, input) = Pair("whole run", ScalarType.Float32);
        var loss = blocked.call(input).square().sum();
        loss.backward();
        var error = Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => loss.backward());
        Assert.Contains("second time", error.Message);
    }

    private static (Module<Tensor, Tensor> Plain, Module<Tensor, Tensor> Blocked, Tensor Input) Pair(string name, ScalarType type)
    {
        var (channels, size, layers) = Networks[name];
        var plain = Sequential(layers());
        var phase = 0.0;
        using (no_grad())
            foreach (var parameter in plain.parameters()) parameter.copy_(Wave(phase += 1, parameter.shape) / Math.Sqrt(parameter.numel() / (double)parameter.shape[0] + 1));
        return (Copy(name, plain, type, channelsLast: false), Copy(name, plain, type, channelsLast: true), (Wave(0.3, 2, channels, size, size) + 0.1 * Wave(2.3, 2, channels, size, size).square()).to(type));
    }

    private static Sequential Copy(string name, Module<Tensor, Tensor> network, ScalarType type, bool channelsLast)
    {
        var layers = Networks[name].Layers();
        var copy = Sequential(layers);
        copy.load_state_dict(network.state_dict());
        copy.to(type);
        if (channelsLast)
            foreach (var convolution in layers.OfType<Convolution>())
                convolution.weight = new Parameter(convolution.weight.detach().permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2));
        return copy;
    }

    private static List<(string What, Tensor Value)> Gradients(Module<Tensor, Tensor> network, Tensor input)
    {
        var x = input.detach().clone().requires_grad_();
        var y = network.call(x);
        // A weighted sum: normalisation makes the plain sum of squares constant.
        (y * Wave(0.9, y.shape).to(y.dtype)).sum().backward();
        return [("the result", y), ("the input's gradient", x.grad!), .. network.named_parameters().OrderBy(p => p.name).Select(p => ($"the gradient of {p.name}", p.parameter.grad!))];
    }

    private static List<(string What, Tensor Value)> Penalty(Module<Tensor, Tensor> network, Tensor input)
    {
        var x = input.detach().clone().requires_grad_();
        var y = network.call(x);
        var slope = autograd.grad([(y * Wave(0.9, y.shape).to(y.dtype)).sum()], [x], create_graph: true)[0];
        (slope.square().sum() + y.square().mean()).backward();
        return [("the slope", slope), ("the input's gradient", x.grad!), .. network.named_parameters().OrderBy(p => p.name).Select(p => ($"the gradient of {p.name}", p.parameter.grad ?? zeros_like(p.parameter)))];
    }

    private static double Distance(Tensor expected, Tensor actual) =>
        Length(expected.to(ScalarType.Float64) - actual.to(ScalarType.Float64)) / (Length(expected) + 1e-3);

    private static void AssertNear(string name, List<(string What, Tensor Value)> expected, List<(string What, Tensor Value)> result, double tolerance)
    {
        foreach (var ((what, e), (_, r)) in expected.Zip(result))
        {
            // A bias that normalisation takes away has no gradient, and each way gives another rounding error for it.
            if (what.EndsWith("bias", StringComparison.Ordinal) && Length(e) < 1e-4 * Length(expected[1].Value) && Length(r) < 1e-4 * Length(expected[1].Value)) continue;
            AssertNear($"{name}: {what}", e, r, tolerance);
        }
    }

    private static double Length(Tensor t) => t.to(ScalarType.Float64).norm().item<double>();

    private static void AssertNear(string what, Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        var distance = Distance(expected, actual);
        Assert.True(distance <= tolerance, $"{what} differs by {distance} of its length");
    }
}
