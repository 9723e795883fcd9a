namespace TorchSharp.Tests;

/// <summary>Every tensor operation gives what PyTorch gives, forward and backward.</summary>
public sealed class TensorFixtureTests
{
    public static TheoryData<string> Names => new(TensorOperations.All.Names);

    [Theory, MemberData(nameof(Names))]
    public void Operation_AndItsGradients_AgreeWithPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        var expected = TensorFixture.Cases[name];
        var inputs = expected.Inputs.Select(input => input.Make().requires_grad_(expected.Gradients is not null)).ToArray();
        manual_seed(1);
        var result = TensorOperations.All[name](inputs);
        TensorFixture.AssertEqual(expected.Result, result, name);
        if (expected.Gradients is null) return;
        TensorFixture.Loss(result).backward();
        for (var k = 0; k < inputs.Length; k++) TensorFixture.AssertEqual(expected.Gradients[k], inputs[k].grad!, $"{name}, gradient {k}");
    }

    [Fact]
    public void Fixture_AndTable_NameTheSameOperations() => Assert.Equal(TensorFixture.Cases.Keys.Order(), TensorOperations.All.Names.Order());
}
