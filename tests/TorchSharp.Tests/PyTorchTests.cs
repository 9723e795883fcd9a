using System.Text.Json;
using static TorchSharp.Tests.Waves;
using static TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests;

/// <summary>The stand-in computes what PyTorch computes. The numbers come from bench/peers/torch_fixtures.py.</summary>
public sealed class PyTorchTests
{
    private static readonly JsonElement Cases =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "pytorch.json"))).RootElement.GetProperty("cases");

    private static readonly Dictionary<string, (Func<Tensor[], Tensor> Function, Func<Tensor[]> Inputs)> Functions = new()
    {
        ["conv2d"] = (t => conv2d(t[0], t[1], t[2], [2, 2], [1, 1]), () => [Wave(1, 3, 6, 6), Wave(1.0, 4, 3, 3, 3), Wave(2.0, 4)]),
        ["conv2d_groups"] = (t => conv2d(t[0], t[1], dilation: [2, 2], groups: 3), () => [Wave(1, 3, 6, 6), Wave(1.0, 6, 1, 3, 3)]),
        ["conv_transpose2d"] = (t => conv_transpose2d(t[0], t[1], t[2], [2, 2], [1, 1], [1, 1]), () => [Wave(1, 3, 6, 6), Wave(1.0, 3, 4, 3, 3), Wave(2.0, 4)]),
        ["conv_transpose2d_groups"] = (t => conv_transpose2d(t[0], t[1], strides: [2, 2], dilation: [2, 2], groups: 3), () => [Wave(1, 3, 6, 6), Wave(1.0, 3, 2, 3, 3)]),
        ["instance_norm"] = (t => instance_norm(t[0], weight: t[1], bias: t[2]), () => [Wave(1, 3, 6, 6), Wave(1.0, 3), Wave(2.0, 3)]),
        ["group_norm"] = (t => group_norm(t[0], 3, t[1], t[2]), () => [Wave(1, 3, 6, 6), Wave(1.0, 3), Wave(2.0, 3)]),
        ["layer_norm"] = (t => layer_norm(t[0], [6], t[1], t[2]), () => [Wave(1, 3, 6, 6), Wave(1.0, 6), Wave(2.0, 6)]),
        ["batch_norm"] = (t => batch_norm(t[0], null!, null!, t[1], t[2], true), () => [Wave(1, 3, 6, 6), Wave(1.0, 3), Wave(2.0, 3)]),
        ["pad_reflect"] = (t => pad(t[0], (2, 1, 0, 3), PaddingModes.Reflect), () => [Wave(1, 3, 6, 6)]),
        ["pad_replicate"] = (t => pad(t[0], (2, 1, 0, 3), PaddingModes.Replicate), () => [Wave(1, 3, 6, 6)]),
        ["pad_constant"] = (t => pad(t[0], (2, 1, 0, 3), PaddingModes.Constant, 0.5), () => [Wave(1, 3, 6, 6)]),
        ["bilinear"] = (t => interpolate(t[0], [9, 4], mode: InterpolationMode.Bilinear, align_corners: false), () => [Wave(1, 3, 6, 6)]),
        ["bilinear_corners"] = (t => interpolate(t[0], scale_factor: [2, 2], mode: InterpolationMode.Bilinear, align_corners: true), () => [Wave(1, 3, 6, 6)]),
        ["bicubic"] = (t => interpolate(t[0], [9, 4], mode: InterpolationMode.Bicubic, align_corners: false), () => [Wave(1, 3, 6, 6)]),
        ["nearest"] = (t => interpolate(t[0], scale_factor: [2, 2]), () => [Wave(1, 3, 6, 6)]),
        ["area"] = (t => interpolate(t[0], [3, 3], mode: InterpolationMode.Area), () => [Wave(1, 3, 6, 6)]),
        ["affine_sample"] = (t => grid_sample(t[0], affine_grid(t[1], [1, 3, 5, 5]), padding_mode: GridSamplePaddingMode.Reflection, align_corners: false), () => [Wave(1, 3, 6, 6), Wave(3.0, 1, 2, 3)]),
        ["avg_pool2d"] = (t => avg_pool2d(t[0], 3, 2, 1), () => [Wave(1, 3, 6, 6)]),
        ["max_pool2d"] = (t => max_pool2d(t[0], 2), () => [Wave(1, 3, 6, 6)]),
        ["adaptive_avg_pool2d"] = (t => adaptive_avg_pool2d(t[0], 4), () => [Wave(1, 3, 6, 6)]),
        ["leaky_relu"] = (t => leaky_relu(t[0], 0.2), () => [Wave(1, 3, 6, 6)]),
        ["silu"] = (t => silu(t[0]), () => [Wave(1, 3, 6, 6)]),
        ["gelu"] = (t => gelu(t[0]), () => [Wave(1, 3, 6, 6)]),
        ["softplus"] = (t => softplus(t[0]), () => [Wave(1, 3, 6, 6)]),
        ["normalize"] = (t => normalize(t[0], dim: 1), () => [Wave(1, 3, 6, 6)]),
        ["linear"] = (t => linear(t[0], t[1], t[2]), () => [Wave(4, 5), Wave(1.0, 3, 5), Wave(2.0, 3)]),
        ["mse_loss"] = (t => mse_loss(t[0], t[1]), () => [Wave(4, 5), Wave(1.0, 4, 5)]),
        ["l1_loss"] = (t => l1_loss(t[0], t[1], Reduction.Sum), () => [Wave(4, 5), Wave(1.0, 4, 5)]),
        ["cross_entropy"] = (t => cross_entropy(t[0], torch.tensor(new long[] { 0, 3, 4, 1 }), label_smoothing: 0.1), () => [Wave(4, 5)]),
        ["bce_logits"] = (t => binary_cross_entropy_with_logits(t[0], Wave(1.0, 4, 5).gt(0).to(float64)), () => [Wave(4, 5)]),
        ["eigh"] = (t => linalg.eigh(t[0].mm(t[0].t()) + eye(4, dtype: float64)).Item1, () => [Wave(4, 5)]),
        ["spectrum"] = (t => fft.rfft2(t[0]).abs(), () => [Wave(4, 6)]),
        ["cdist"] = (t => cdist(t[0], t[1]), () => [Wave(4, 5), Wave(1.0, 3, 5)]),
    };

    public static TheoryData<string> FunctionNames => new(Functions.Keys);

    [Theory, MemberData(nameof(FunctionNames))]
    public void Function_AndItsGradients_AgreeWithPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        var (function, inputs) = Functions[name];
        var leaves = inputs().Select(i => i.detach().clone().requires_grad_()).ToArray();
        var result = function(leaves);
        result.square().sum().backward();
        AssertEquals(name, result);
        for (var k = 0; k < leaves.Length; k++) AssertEquals($"{name}.grad{k}", leaves[k].grad!);
    }

    [Fact]
    public void Statistics_AgreeWithPyTorch()
    {
        using var scope = NewDisposeScope();
        AssertEquals("quantile", Wave(4, 5).quantile(torch.tensor(new[] { 0.1, 0.5, 0.9 }), 1));
        AssertEquals("std", Wave(4, 5).std(1));
        AssertEquals("topk", Wave(4, 5).topk(2, 1).Item1);
        AssertEquals("rot90", Wave(2, 3).rot90(1, (0, 1)));
    }

    [Fact]
    public void Random_SameSeed_GivesPyTorchsNumbers()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(42);
        AssertEquals("rand", rand(5));
        AssertEquals("randn", randn(20));
        AssertEquals("randperm", randperm(9));
        AssertEquals("randint", randint(0L, 100L, [7]));
        using var conv = Conv2d(3, 4, 3);
        AssertEquals("conv_init", conv.weight);
        using var layer = Linear(5, 4);
        AssertEquals("linear_init", layer.bias!);
    }

    [Fact]
    public void Training_TenAdamSteps_GivesPyTorchsLosses()
    {
        torch.manual_seed(7);
        using var net = Sequential(ReflectionPad2d(1), Conv2d(1, 4, 3), InstanceNorm2d(4), ReLU(true),
            ConvTranspose2d(4, 2, 3, 2, 1, 1), LeakyReLU(0.2), Conv2d(2, 1, 1), Tanh()).to(float64);
        using var optimiser = optim.Adam(net.parameters(), 0.01, 0.5, 0.999);
        var losses = new double[10];
        for (var step = 0; step < losses.Length; step++)
        {
            using var scope = NewDisposeScope();
            optimiser.zero_grad();
            var loss = mse_loss(net.call(Wave((double)step, 2, 1, 5, 5)), Wave(0.5, 2, 1, 10, 10));
            loss.backward();
            optimiser.step();
            losses[step] = loss.item<double>();
        }
        AssertEquals("adam_losses", torch.tensor(losses));
    }

    public static TheoryData<string> Optimisers => ["adamw", "adam_decay", "amsgrad", "sgd"];

    [Theory, MemberData(nameof(Optimisers))]
    public void Optimiser_FiveSteps_GivesPyTorchsParameters(string name)
    {
        using var scope = NewDisposeScope();
        var p = Parameter(Wave(6));
        OptimizerHelper optimiser = name switch
        {
            "adamw" => optim.AdamW([p], 0.1, weight_decay: 0.05),
            "adam_decay" => optim.Adam([p], 0.1, weight_decay: 0.05),
            "amsgrad" => optim.Adam([p], 0.1, amsgrad: true),
            _ => optim.SGD([p], 0.1, momentum: 0.9, nesterov: true, weight_decay: 0.01),
        };
        for (var step = 0; step < 5; step++)
        {
            optimiser.zero_grad();
            (p * Wave((double)step, 6)).square().sum().backward();
            optimiser.step();
        }
        AssertEquals(name, p);
    }

    public static TheoryData<string> Schedulers => ["step_lr", "lambda_lr", "cosine_lr", "linear_lr", "exponential_lr"];

    [Theory, MemberData(nameof(Schedulers))]
    public void Scheduler_EightEpochs_GivesPyTorchsRates(string name)
    {
        using var scope = NewDisposeScope();
        var p = Parameter(Wave(1));
        var optimiser = optim.SGD([p], 0.1);
        var scheduler = name switch
        {
            "step_lr" => optim.lr_scheduler.StepLR(optimiser, 3, 0.5),
            "lambda_lr" => optim.lr_scheduler.LambdaLR(optimiser, epoch => 1 - epoch / 20.0),
            "cosine_lr" => optim.lr_scheduler.CosineAnnealingLR(optimiser, 10),
            "linear_lr" => optim.lr_scheduler.LinearLR(optimiser, 0.25, 1, 4),
            _ => optim.lr_scheduler.ExponentialLR(optimiser, 0.9),
        };
        var rates = new double[8];
        for (var epoch = 0; epoch < rates.Length; epoch++)
        {
            rates[epoch] = optimiser.ParamGroups.Single().LearningRate;
            scheduler.step();
        }
        AssertEquals(name, torch.tensor(rates));
    }

    // The file holds eleven digits.
    private static void AssertEquals(string name, Tensor actual)
    {
        var expected = Cases.GetProperty(name);
        Assert.Equal(expected.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64()), actual.shape);
        using var plain = actual.detach().to(float64);
        var values = plain.data<double>().ToArray();
        var wanted = expected.GetProperty("values").EnumerateArray().Select(e => e.GetDouble()).ToArray();
        for (var i = 0; i < wanted.Length; i++)
            Assert.True(Math.Abs(wanted[i] - values[i]) <= 1e-9 * Math.Max(1, Math.Abs(wanted[i])), $"{name}[{i}]: PyTorch has {wanted[i]:R}, this {values[i]:R}");
    }
}
