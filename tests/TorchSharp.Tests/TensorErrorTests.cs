using System.Runtime.InteropServices;

namespace TorchSharp.Tests;

/// <summary>What a failing call tells, and that nothing but a managed exception comes of one.</summary>
public sealed class TensorErrorTests
{
    [Fact]
    public void Failure_CarriesLibtorchsText_AndTheOperator()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, 3);
        Assert.Equal("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3) (in aten::mm)", Error(() => x.mm(x)));
        Assert.Equal("The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 1 (in aten::add.Tensor)", Error(() => x + ones(2, 2)));
        Assert.Equal("Dimension out of range (expected to be in range of [-2, 1], but got 5) (in aten::sum.dim_IntList)", Error(() => x.sum(5)));
        Assert.Equal("index 7 is out of bounds for dimension 0 with size 2 (in aten::index.Tensor)", Error(() => x[torch.tensor(new long[] { 7 })]));
        Assert.Equal("linalg.cholesky: A must be batches of square matrices, but they are 2 by 3 matrices (in aten::linalg_cholesky)", Error(() => linalg.cholesky(x)));
        Assert.Equal("linalg.inv: The diagonal element 1 is zero, the inversion could not be completed because the input matrix is singular. (in aten::linalg_inv)",
            Error(() => linalg.inv(zeros(2, 2))));
        Assert.EndsWith("(in backward)", Error(() => x.sum().backward()));
        Assert.EndsWith("(in requires_grad)", Error(() => arange(3).requires_grad_()));
    }

    public static TheoryData<string> Names => new(TensorOperations.All.Names);

    /// <summary>Each operation with inputs of the wrong type, shape and size: it works, or it throws what callers expect. A crash would end the whole run.</summary>
    [Theory, MemberData(nameof(Names))]
    public void WrongInputs_NeverThrowAnythingElse(string name)
    {
        var recipes = TensorFixture.Cases[name].Inputs;
        for (var wrong = 0; wrong < recipes.Length; wrong++)
            foreach (var spoil in Spoilers)
            {
                using var scope = NewDisposeScope();
                var inputs = recipes.Select(recipe => recipe.Make()).ToArray();
                inputs[wrong] = spoil(inputs[wrong]);
                try
                {
                    TensorOperations.All[name](inputs);
                }
                catch (ExternalException e)
                {
                    Assert.Matches(@"^(?s).+ \(in [\w:.]+\)$", e.Message);
                    Assert.DoesNotContain("frame #", e.Message);
                }
                catch (ArgumentException) { }
            }
    }

    private static readonly Func<Tensor, Tensor>[] Spoilers =
    [
        x => x.@long(),
        x => x > 0,
        x => x.half(),
        x => complex(x, x),
        x => x.flatten(),
        x => x.sum(),
        x => x.unsqueeze(0).unsqueeze(-1).expand([2, .. x.shape, 3]),
        x => x[TensorIndex.Ellipsis, TensorIndex.Slice(0, 0)],
        x => x[TensorIndex.Ellipsis, TensorIndex.Slice(1)],
        x => x * double.NaN,
        x => x.new_empty(0),
    ];

    private static string Error(Func<Tensor> body) => Assert.Throws<ExternalException>(body).Message;
    private static string Error(Action body) => Assert.Throws<ExternalException>(body).Message;
}
