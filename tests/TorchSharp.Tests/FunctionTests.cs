using System.Runtime.InteropServices;
using static TorchSharp.Tests.Waves;
using static TorchSharp.torch.autograd;

namespace TorchSharp.Tests;

/// <summary>Differentiable functions whose forward and backward are C#.</summary>
public sealed class FunctionTests
{
    /// <summary>y = a x^3, with a gradient that autograd can differentiate again.</summary>
    private sealed class ScaledCube : SingleTensorFunction<ScaledCube>
    {
        public override string Name => nameof(ScaledCube);

        public override Tensor forward(AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            ctx.save_for_backward([x]);
            ctx.save_data("scale", vars[1]);
            return x.pow(3).mul_((double)vars[1]);
        }

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
        {
            var x = ctx.get_saved_variables()[0];
            return [grad_output * x * x * (3 * (double)ctx.get_data("scale")), null!];
        }
    }

    /// <summary>exp(x), which saves its own result, and the sign of x, which has no gradient.</summary>
    private sealed class ExpAndSign : MultiTensorFunction<ExpAndSign>
    {
        public override string Name => nameof(ExpAndSign);

        public override List<Tensor> forward(AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            var (exp, sign) = (x.exp(), x.sign());
            ctx.save_for_backward([exp]);
            ctx.mark_non_differentiable([sign]);
            return [exp, sign];
        }

        public override List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs) => [grad_outputs[0] * ctx.get_saved_variables()[0]];
    }

    /// <summary>Two results; what backward is given for the one that nobody used depends on the setting.</summary>
    private sealed class Twice : MultiTensorFunction<Twice>
    {
        internal static bool Materialize { get; set; }
        internal static bool GivenNull { get; private set; }

        public override string Name => nameof(Twice);

        public override List<Tensor> forward(AutogradContext ctx, params object[] vars)
        {
            ctx.set_materialize_grads(Materialize);
            return [(Tensor)vars[0] * 2, (Tensor)vars[0] * 5];
        }

        public override List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs)
        {
            GivenNull = grad_outputs[1] is null;
            Assert.Equal(Materialize, ctx.MaterializeGrads);
            return [grad_outputs[1] is null ? grad_outputs[0] * 2 : grad_outputs[0] * 2 + grad_outputs[1] * 5];
        }
    }

    private sealed class HalveInPlace : SingleTensorFunction<HalveInPlace>
    {
        public override string Name => nameof(HalveInPlace);

        public override Tensor forward(AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            x.mul_(0.5);
            ctx.mark_dirty([x]);
            return x;
        }

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) => [grad_output * 0.5];
    }

    private sealed class Same : SingleTensorFunction<Same>
    {
        public override string Name => nameof(Same);
        public override Tensor forward(AutogradContext ctx, params object[] vars) => (Tensor)vars[0];
        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) => [-grad_output];
    }

    /// <summary>x W^T + b, where the bias may be missing.</summary>
    private sealed class Affine : SingleTensorFunction<Affine>
    {
        public override string Name => nameof(Affine);

        public override Tensor forward(AutogradContext ctx, params object[] vars)
        {
            var (x, w, b) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor?)vars[2]);
            ctx.save_for_backward([x, w, b!]);
            return nn.functional.linear(x, w, b);
        }

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
        {
            var saved = ctx.get_saved_variables();
            return [grad_output.mm(saved[1]), grad_output.t().mm(saved[0]), saved[2] is null ? null! : grad_output.sum(0L)];
        }
    }

    private sealed class Broken : SingleTensorFunction<Broken>
    {
        public override string Name => nameof(Broken);

        public override Tensor forward(AutogradContext ctx, params object[] vars) =>
            vars.Length > 1 ? throw new ArgumentException("forward wants one tensor") : (Tensor)vars[0] * 1;
        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) => throw new InvalidOperationException("no gradient on a Sunday");
    }

    private sealed class TooFew : SingleTensorFunction<TooFew>
    {
        public override string Name => nameof(TooFew);
        public override Tensor forward(AutogradContext ctx, params object[] vars) => (Tensor)vars[0] + (Tensor)vars[1];
        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) => [grad_output];
    }

    [Fact]
    public void Gradient_OfSavedInputAndConstant_IsWhatBackwardReturns()
    {
        using var scope = NewDisposeScope();
        var x = Wave(0.3, 5).requires_grad_();
        var y = ScaledCube.apply(x, 2.0);
        Assert.True(y.requires_grad);
        Assert.True(y.allclose(2 * x.pow(3)));
        (y * Wave(1.0, 5)).sum().backward();
        Assert.True(x.grad!.allclose(Wave(1.0, 5) * 6 * x * x));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void SeveralInputs_OfWhichOneMayBeMissing_HaveTheGradientsOfLinear(bool bias)
    {
        using var scope = NewDisposeScope();
        Tensor?[] Leaves() => [Wave(0.3, 4, 3).requires_grad_(), Wave(0.6, 2, 3).requires_grad_(), bias ? Wave(0.9, 2).requires_grad_() : null];
        var (own, wanted) = (Leaves(), Leaves());
        Affine.apply(own!).square().sum().backward();
        nn.functional.linear(wanted[0]!, wanted[1]!, wanted[2]).square().sum().backward();
        foreach (var (a, b) in own.Zip(wanted)) Assert.True(a is null ? b is null : a.grad!.allclose(b!.grad!));
    }

    [Fact]
    public void DoubleBackward_DifferentiatesTheGradient()
    {
        using var scope = NewDisposeScope();
        var x = Wave(0.3, 5).requires_grad_();
        var slope = grad([ScaledCube.apply(x, 2.0).sum()], [x], create_graph: true)[0];
        Assert.True(slope.requires_grad);
        slope.square().sum().backward();
        // d/dx (6 x^2)^2 = 144 x^3
        Assert.True(x.grad!.allclose(144 * x.pow(3)));
    }

    [Fact]
    public void DoubleBackward_ThroughASavedResult_DifferentiatesTheGradient()
    {
        using var scope = NewDisposeScope();
        var x = Wave(0.3, 5).requires_grad_();
        var results = ExpAndSign.apply(x);
        Assert.False(results[1].requires_grad);
        var slope = grad([results[0].sum()], [x], create_graph: true)[0];
        slope.sum().backward();
        Assert.True(x.grad!.allclose(x.exp()));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void UnusedResult_GivesZerosOrNull(bool materialize)
    {
        using var scope = NewDisposeScope();
        Twice.Materialize = materialize;
        var x = Wave(0.3, 5).requires_grad_();
        Twice.apply(x)[0].sum().backward();
        Assert.Equal(!materialize, Twice.GivenNull);
        Assert.True(x.grad!.allclose(full_like(x, 2)));
    }

    [Fact]
    public void ChangeInPlace_IsRecorded_AndAReturnedInputIsAViewOfItself()
    {
        using var scope = NewDisposeScope();
        var x = Wave(0.3, 5).requires_grad_();
        var copy = x * 1;
        var halved = HalveInPlace.apply(copy);
        Assert.Same(copy, halved);
        halved.square().sum().backward();
        Assert.True(x.grad!.allclose(x * 0.5));

        var z = Wave(0.3, 5).requires_grad_();
        var same = Same.apply(z);
        Assert.NotSame(z, same);
        same.sum().backward();
        Assert.True(z.grad!.allclose(full_like(z, -1)));
    }

    [Fact]
    public void ExceptionInBackward_IsWhatBackwardThrows()
    {
        using var scope = NewDisposeScope();
        var x = ones(3).requires_grad_();
        var thrown = Assert.Throws<ExternalException>(() => Broken.apply(x).sum().backward());
        Assert.Contains("no gradient on a Sunday", thrown.Message);
        Assert.IsType<InvalidOperationException>(thrown.InnerException);
        var next = Assert.Throws<ExternalException>(() => ones(2).matmul(ones(3)));
        Assert.Null(next.InnerException);
    }

    [Fact]
    public void ExceptionInForward_PassesThrough()
    {
        using var scope = NewDisposeScope();
        Assert.Equal("forward wants one tensor", Assert.Throws<ArgumentException>(() => Broken.apply(ones(3), 1)).Message);
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void WrongNumberOfGradients_SaysSo()
    {
        using var scope = NewDisposeScope();
        var x = ones(3).requires_grad_();
        Assert.Contains("TooFew returned an incorrect number of gradients (expected 2, got 1)", Assert.Throws<ExternalException>(() => TooFew.apply(x, x).sum().backward()).Message);
    }

    [Fact]
    public void BackwardTwice_WithoutKeepingTheGraph_IsRefused()
    {
        using var scope = NewDisposeScope();
        var x = Wave(0.3, 5).requires_grad_();
        var y = ScaledCube.apply(x, 1.0).sum();
        y.backward();
        Assert.Contains("second time", Assert.Throws<ExternalException>(() => y.backward()).Message);
    }

    [Fact]
    public void WithoutGradients_NothingIsRecorded()
    {
        using var scope = NewDisposeScope();
        Assert.False(ScaledCube.apply(Wave(0.3, 5), 1.0).requires_grad);
        using (no_grad()) Assert.False(ScaledCube.apply(Wave(0.3, 5).requires_grad_(), 1.0).requires_grad);
    }

    [Fact]
    public void TensorsAndContexts_LiveNoLongerThanTheirGraph()
    {
        var before = Waves.LiveTensors;
        WeakReference Once()
        {
            using var scope = NewDisposeScope();
            var tag = new object();
            var x = Wave(0.3, 5).requires_grad_();
            var loss = (ScaledCube.apply(x, 2.0) + ExpAndSign.apply(x)[0]).sum() + Tagged.apply(x, tag).sum();
            grad([loss], [x], create_graph: true)[0].sum().backward();
            return new(tag);
        }
        var tags = Enumerable.Range(0, 20).Select(_ => Once()).ToList();
        Assert.Equal(before, Waves.LiveTensors);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.True(tags.Count(t => t.IsAlive) <= 1);
    }

    private sealed class Tagged : SingleTensorFunction<Tagged>
    {
        public override string Name => nameof(Tagged);
        public override Tensor forward(AutogradContext ctx, params object[] vars)
        {
            ctx.save_data("tag", vars[1]);
            return (Tensor)vars[0] * 1;
        }
        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) => [grad_output * 1, null!];
    }

    [Fact]
    public void AnomalyMode_FindsWhatMadeANaN_AndEnds()
    {
        using var scope = NewDisposeScope();
        var x = zeros(1).requires_grad_();
        using (detect_anomaly())
        {
            Assert.True(AnomalyMode.IsEnabled && AnomalyMode.ShouldCheckNaN);
            Assert.Contains("SqrtBackward0", Assert.Throws<ExternalException>(() => (x.sqrt() * 0).backward()).Message);
            using (set_detect_anomaly(false)) (x.sqrt() * 0).backward();
        }
        Assert.False(AnomalyMode.IsEnabled);
        Assert.True(double.IsNaN(x.grad!.ToDouble()));
    }

    [Fact]
    public void Jacobian_OfAProduct_IsItsDerivatives()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (Wave(0.3, 3), Wave(1.0, 3));
        Assert.True(autograd.functional.jacobian(v => v * v, x).allclose(diag(2 * x)));
        var both = autograd.functional.jacobian((Tensor[] v) => v[0] * v[1], x, y).ToList();
        Assert.True(both[0].allclose(diag(y)));
        Assert.True(both[1].allclose(diag(x)));
        Assert.Equal([2, 3, 3], autograd.functional.jacobian(v => stack([v, v * 2]), x).shape);
    }
}
