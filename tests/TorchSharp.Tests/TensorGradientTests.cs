namespace TorchSharp.Tests;

/// <summary>The gradient of every differentiable tensor operation against central differences, in double precision.</summary>
public sealed class TensorGradientTests
{
    private const double Step = 1e-5;

    public static TheoryData<string> Names => new(TensorFixture.Differentiable);

    [Theory, MemberData(nameof(Names))]
    public void Backward_OfOperation_EqualsCentralDifferences(string name)
    {
        using var scope = NewDisposeScope();
        var inputs = TensorFixture.Cases[name].Inputs.Select(input => input.Make().requires_grad_()).ToArray();
        Loss(name, inputs).backward();
        foreach (var input in inputs) AssertSlopes(name, inputs, input);
    }

    // Libtorch 1.13 differentiates these once only.
    private static readonly string[] Once = ["hardsigmoid", "torch.cdist", "torch.cdist:p"];

    public static TheoryData<string> Twice => new(TensorFixture.Differentiable.Except(Once));

    /// <summary>As gradient penalties need it: the gradient's own gradient, along one direction.</summary>
    [Theory, MemberData(nameof(Twice))]
    public void DoubleBackward_OfOperation_EqualsCentralDifferences(string name)
    {
        using var scope = NewDisposeScope();
        var inputs = TensorFixture.Cases[name].Inputs.Select(input => input.Make().requires_grad_()).ToArray();
        var slope = Slope(name, inputs);
        if (!slope.requires_grad) return;
        slope.backward();
        using var unrecorded = no_grad();
        var directions = inputs.Select(input => Waves.Wave(3, input.shape)).ToArray();
        var found = inputs.Zip(directions, (input, direction) => input.grad is { } gradient ? (gradient * direction).sum().item<double>() : 0).Sum();
        double Moved(double by)
        {
            using var recorded = enable_grad();
            return Slope(name, inputs.Zip(directions, (input, direction) => (input.detach() + by * direction).requires_grad_()).ToArray()).item<double>();
        }
        var expected = (Moved(Step) - Moved(-Step)) / (2 * Step);
        Assert.True(Math.Abs(expected - found) <= 1e-5 * Math.Max(1, Math.Abs(expected)), $"{name}: the slope is {expected:R}, the gradient {found:R}");
    }

    // The loss' gradients, summed with weights, with the graph that they came by.
    private static Tensor Slope(string name, Tensor[] inputs)
    {
        var gradients = autograd.grad([Loss(name, inputs)], inputs, create_graph: true, allow_unused: true);
        return gradients.Where(g => g is not null).Select(g => (g * Waves.Wave(1, g.shape)).sum()).Aggregate(zeros(1, dtype: float64).sum(), (a, b) => a + b);
    }

    private static Tensor Loss(string name, Tensor[] inputs)
    {
        manual_seed(1);
        return TensorFixture.Loss(TensorOperations.All[name](inputs));
    }

    private static void AssertSlopes(string name, Tensor[] inputs, Tensor input)
    {
        using var unrecorded = no_grad();
        var found = (input.grad! + 0).data<double>().ToArray();
        for (var i = 0; i < found.Length; i++)
        {
            using var scope = NewDisposeScope();
            var at = input.flatten()[i].item<double>();
            double Moved(double to)
            {
                input.view(-1)[i] = torch.tensor(to);
                return Loss(name, inputs).item<double>();
            }
            var slope = (Moved(at + Step) - Moved(at - Step)) / (2 * Step);
            Moved(at);
            Assert.True(Math.Abs(slope - found[i]) <= 2e-6 * Math.Max(1, Math.Abs(slope)), $"{name}, element {i}: the slope is {slope:R}, the gradient {found[i]:R}");
        }
    }
}
