using static TorchSharp.Tests.Waves;
using static TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests;

/// <summary>Gradients against central differences, in double precision.</summary>
public sealed class GradientTests
{
    private const double Step = 1e-5;

    private static readonly Dictionary<string, Func<Tensor, Tensor>> Operations = new()
    {
        ["add_mul"] = x => (x + 2) * (3 - x) - x / 4 + 1 / (x + 5),
        ["pow"] = x => (x + 2).pow(3) + (x + 2).pow((Tensor)x),
        ["exp_log"] = x => (x.exp() + 1).log() + x.expm1() + (x + 3).log1p(),
        ["sqrt"] = x => (x + 2).sqrt() + (x + 2).rsqrt() + (x + 2).reciprocal(),
        ["trigonometry"] = x => x.sin() + x.cos() * x.tanh() + x.atan() + x.sinh(),
        ["sigmoid"] = x => x.sigmoid() + x.softplus() + x.silu() + x.gelu() + x.erf(),
        ["relu"] = x => x.relu() + x.leaky_relu(0.2) + x.elu() + x.abs(),
        ["clamp"] = x => x.clamp((Scalar)(-0.5), (Scalar)0.5),
        ["maximum"] = x => x.maximum(x.flip(0)) + x.minimum(x * x),
        ["sum"] = x => x.sum(0L) * x.mean([1], true) + x.var(1, true, true) + x.std(1, true, true),
        ["prod_norm"] = x => x.prod(1) * x.norm() + x.norm(1),
        ["max"] = x => x.max(1).Item1 + x.amax(1) + x.min() + x.topk(2, 1).Item1.sum(1),
        ["softmax"] = x => x.softmax(1) * x.log_softmax(1) + x.logsumexp(1, true),
        ["matmul"] = x => x.mm(x.t()).matmul(x) + x.matmul(Wave(6, 6)),
        ["einsum"] = x => einsum("ij,kj->ik", x, x),
        ["cdist"] = x => cdist(x, Wave(3.0, 2, 6)),
        ["shape"] = x => cat([x.reshape(6, 4), x.t()], 1).permute(1, 0).unsqueeze(0).expand(2, -1, -1).flatten(),
        ["select"] = x => x[1] * x[TensorIndex.Colon, TensorIndex.Slice(0, 6, 1)] + x.narrow(1, 0, 1) + x.index_select(0, torch.tensor(new long[] { 3, 0, 0, 1 })),
        ["gather"] = x => x.gather(1, torch.tensor(new long[] { 0, 5, 2, 2 }).unsqueeze(1)) + x.masked_fill(x.gt(0), 0.5),
        ["where"] = x => where(x.gt(0), x * x, -x).roll(1, 1).rot90().tril(),
        ["stack"] = x => stack([x, x * 2], 1).square().cumsum(0),
        ["sort"] = x => x.sort(1).Item1 * Wave(4, 6),
        ["conv1d"] = x => conv1d(x.unsqueeze(0), Wave(2, 4, 3), padding: 1),
        ["conv_transpose2d"] = x => conv_transpose2d(x.reshape(1, 2, 3, 4), Wave(2, 3, 3, 3), null, [2, 2], [1, 1], [1, 1]),
        ["pixel_shuffle"] = x => pixel_shuffle(x.reshape(1, 4, 2, 3), 2).square(),
        ["pad"] = x => pad(x.reshape(1, 1, 4, 6), (1, 2, 3, 1), PaddingModes.Reflect).square(),
        ["interpolate"] = x => interpolate(x.reshape(1, 1, 4, 6), [7, 5], mode: InterpolationMode.Bilinear, align_corners: false).square(),
        ["grid_sample"] = x => grid_sample(Wave(1, 1, 5, 5), x.reshape(1, 3, 4, 2) * 0.3, padding_mode: GridSamplePaddingMode.Border, align_corners: false),
        ["attention"] = x => scaled_dot_product_attention(x, x * 2, x + 1),
        ["losses"] = x => mse_loss(x, Wave(1.0, 4, 6)) + smooth_l1_loss(x, Wave(1.0, 4, 6)) + huber_loss(x, Wave(1.0, 4, 6), 0.5) + kl_div(x.log_softmax(1), Wave(4, 6).softmax(1), false),
    };

    public static TheoryData<string> Names => new(Operations.Keys);

    [Theory, MemberData(nameof(Names))]
    public void Backward_OfOperation_EqualsCentralDifferences(string name)
    {
        using var scope = NewDisposeScope();
        var operation = Operations[name];
        var x = Wave(0.3, 4, 6).requires_grad_();
        Loss(operation, x).backward();
        AssertSlopes(x, x.grad!, point => Loss(operation, point).item<double>());
    }

    /// <summary>As the gradient penalty and the path length regulariser need it.</summary>
    [Fact]
    public void DoubleBackward_ThroughTransposedConvolution_EqualsCentralDifferences()
    {
        using var scope = NewDisposeScope();
        var weight = Wave(1.0, 2, 2, 3, 3).requires_grad_();
        Tensor Penalty(Tensor point)
        {
            var output = conv_transpose2d(point.tanh().reshape(1, 2, 3, 4), weight, strides: [2, 2], padding: [1, 1]).square().sum();
            return autograd.grad([output], [point], create_graph: true)[0].square().sum();
        }
        var x = Wave(0.3, 4, 6).requires_grad_();
        Penalty(x).backward();
        Assert.NotNull(weight.grad);
        AssertSlopes(x, x.grad!, point => Penalty(point.requires_grad_()).item<double>());
    }

    private static Tensor Loss(Func<Tensor, Tensor> operation, Tensor x)
    {
        var y = operation(x);
        return (y * Wave(2.0, y.shape)).sum();
    }

    private static void AssertSlopes(Tensor x, Tensor gradient, Func<Tensor, double> loss)
    {
        var at = x.detach().data<double>().ToArray();
        var found = gradient.data<double>().ToArray();
        for (var i = 0; i < at.Length; i++)
        {
            double Moved(double by)
            {
                using var scope = NewDisposeScope();
                var moved = (double[])at.Clone();
                moved[i] += by;
                return loss(torch.tensor(moved).reshape(x.shape));
            }
            var slope = (Moved(Step) - Moved(-Step)) / (2 * Step);
            Assert.True(Math.Abs(slope - found[i]) <= 2e-6 * Math.Max(1, Math.Abs(slope)), $"element {i}: the slope is {slope:R}, the gradient {found[i]:R}");
        }
    }
}
