using TorchSharp.Utils;

namespace TorchSharp.Tests;

public sealed class ModuleTests
{
    private sealed class Residual : Module<Tensor, Tensor>
    {
        private readonly Sequential body = Sequential(ReflectionPad2d(1), Conv2d(2, 2, 3), InstanceNorm2d(2, affine: true), ReLU(true));
        private readonly Parameter gain = Parameter(ones(1));
        [ComponentName(Name = "offset")] private readonly Tensor shift = zeros(1);

        internal Residual() : base(nameof(Residual)) => RegisterComponents();

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            return (x + gain * body.call(x) + shift).MoveToOuterDisposeScope();
        }
    }

    [Fact]
    public void RegisterComponents_FindsFields_AndNamesThemAsPyTorchDoes()
    {
        using var net = new Residual();
        Assert.Equal(["gain", "body.1.weight", "body.1.bias", "body.2.weight", "body.2.bias"], net.named_parameters().Select(p => p.name));
        Assert.Equal(["offset"], net.named_buffers().Select(b => b.name));
        Assert.Equal(["gain", "offset", "body.1.weight", "body.1.bias", "body.2.weight", "body.2.bias"], net.state_dict().Keys);
        Assert.Equal(["body"], net.named_children().Select(c => c.name));
    }

    [Fact]
    public void Forward_OfUserModule_ReachesEveryParameter()
    {
        using var scope = NewDisposeScope();
        var net = new Residual();
        net.call(randn(1, 2, 6, 6)).square().sum().backward();
        Assert.All(net.parameters(), p => Assert.NotNull(p.grad));
        net.zero_grad();
        Assert.All(net.parameters(), p => Assert.Null(p.grad));
    }

    [Fact]
    public void Eval_ReachesSubmodules_AndBatchNormUsesItsStatistics()
    {
        using var scope = NewDisposeScope();
        var net = Sequential(BatchNorm2d(2), Dropout());
        net.call(randn(4, 2, 5, 5) * 3 + 7);
        var norm = (BatchNorm2d)net[0];
        Assert.Equal(1, norm.num_batches_tracked!.item<long>());
        Assert.NotEqual(0, norm.running_mean!.sum().ToSingle());
        net.eval();
        Assert.False(net.children().First().training);
        using var x = randn(1, 2, 5, 5);
        Assert.True(net.call(x).allclose(functional.batch_norm(x, norm.running_mean, norm.running_var, norm.weight, norm.bias)));
        Assert.Equal(1, norm.num_batches_tracked!.item<long>());
    }

    [Fact]
    public void To_Float64_MovesParametersInPlace_AndLeavesCounters()
    {
        using var net = Sequential(Conv2d(1, 2, 3), BatchNorm2d(2));
        var weight = net.parameters().First();
        net.to(float64);
        Assert.Same(weight, net.parameters().First());
        Assert.Equal(float64, weight.dtype);
        Assert.Equal(int64, net.get_buffer("1.num_batches_tracked")!.dtype);
    }

    [Fact]
    public void Conv2d_PaddedSame_KeepsTheSize()
    {
        using var x = ones(1, 1, 7, 7);
        foreach (var kernel in new long[] { 2, 3, 4, 5 })
        {
            using var conv = Conv2d(1, 1, kernel, Padding.Same);
            using var y = conv.call(x);
            Assert.Equal(x.shape, y.shape);
        }
    }

    [Fact]
    public void Hooks_SeeTheCall_AndMayReplaceItsResult()
    {
        using var net = ReLU();
        var hook = net.register_forward_hook((_, _, result) => result + 1);
        using (var y = net.call(torch.tensor(new[] { -1f, 2f }))) Assert.Equal([1f, 3f], y.data<float>().ToArray());
        hook.remove();
        using (var y = net.call(torch.tensor(new[] { -1f, 2f }))) Assert.Equal([0f, 2f], y.data<float>().ToArray());
    }

    [Fact]
    public void ClipGradNorm_BoundsTheJointNorm()
    {
        using var scope = NewDisposeScope();
        var parameters = new[] { Parameter(ones(3)), Parameter(ones(4)) };
        foreach (var p in parameters) (p * 10).sum().backward();
        Assert.Equal(Math.Sqrt(700), utils.clip_grad_norm_(parameters, 1), 4);
        Assert.Equal(1, parameters.Sum(p => p.grad!.square().sum().ToDouble()), 4);
    }

    [Fact]
    public void ModuleList_NumbersItsModules()
    {
        using var list = ModuleList<Module<Tensor, Tensor>>(Linear(2, 2), Linear(2, 2, false));
        Assert.Equal(["0.weight", "0.bias", "1.weight"], list.named_parameters().Select(p => p.name));
        list.RemoveAt(0);
        Assert.Equal(["0.weight"], list.named_parameters().Select(p => p.name));
    }
}
