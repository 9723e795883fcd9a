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
