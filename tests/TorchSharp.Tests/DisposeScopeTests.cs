using static TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests;

public sealed class DisposeScopeTests
{
    public DisposeScopeTests() => DisposeScopeManager.Statistics.Reset();

    private static LifetimeStatistics Counts => DisposeScopeManager.Statistics.TensorStatistics;

    [Fact]
    public void Scope_Disposed_DisposesWhatItOwns()
    {
        var scope = NewDisposeScope();
        var tensors = new[] { ones(1), ones(2) };
        Assert.Equal(2, scope.DisposablesCount);
        Assert.Same(scope, CurrentDisposeScope);
        scope.Dispose();
        Assert.All(tensors, t => Assert.True(t.IsInvalid));
        Assert.Null(CurrentDisposeScope);
        Assert.Equal((2, 2, 0), (Counts.CreatedInScopeCount, Counts.DisposedInScopeCount, Counts.ThreadTotalLiveCount));
    }

    [Fact]
    public void MoveToOuter_SurvivesInnerScope_AndDiesWithOuter()
    {
        using var outer = NewDisposeScope();
        Tensor kept;
        using (NewDisposeScope()) kept = (ones(3) * 2).MoveToOuterDisposeScope();
        Assert.False(kept.IsInvalid);
        Assert.True(outer.Contains(kept));
        outer.Dispose();
        Assert.True(kept.IsInvalid);
    }

    [Fact]
    public void MoveToOuter_OfOutermostScope_Detaches()
    {
        Tensor kept;
        using (NewDisposeScope()) kept = ones(3).MoveToOuterDisposeScope();
        Assert.False(kept.IsInvalid);
        Assert.Equal(1, Counts.DetachedFromScopeCount);
        kept.Dispose();
        Assert.Equal(1, Counts.DisposedOutsideScopeCount);
        Assert.Equal(0, Counts.ThreadTotalLiveCount);
    }

    [Fact]
    public void Detach_ThenAttach_ChangesOwner()
    {
        Tensor tensor;
        using (NewDisposeScope()) tensor = ones(3).DetachFromDisposeScope();
        using (var second = NewDisposeScope())
        {
            second.Attach(tensor);
            Assert.Equal(1, Counts.AttachedToScopeCount);
        }
        Assert.True(tensor.IsInvalid);
    }

    [Fact]
    public void DisposeEverythingBut_KeepsTheGiven()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (ones(1), ones(1));
        scope.DisposeEverythingBut(a);
        Assert.False(a.IsInvalid);
        Assert.True(b.IsInvalid);
        Assert.Equal(1, scope.DisposablesCount);
    }

    [Fact]
    public void Parameter_TakesOverItsTensor()
    {
        var data = zeros(2);
        using var parameter = Parameter(data);
        Assert.True(data.IsInvalid);
        Assert.True(parameter.requires_grad && parameter.is_leaf);
    }

    [Fact]
    public void DisposedTensor_Used_SaysSo()
    {
        var tensor = ones(1);
        tensor.Dispose();
        Assert.Contains("invalid", Assert.Throws<InvalidOperationException>(() => tensor + 1).Message);
    }

    [Fact]
    public void Indexing_LeavesNothingBehind()
    {
        using var x = arange(24).reshape(2, 3, 4);
        var before = Tensor.TotalCount;
        using (x[1, TensorIndex.Ellipsis, TensorIndex.Slice(0, 2)]) Assert.Equal(before + 1, Tensor.TotalCount);
        using (x[0, 1]) Assert.Equal(before + 1, Tensor.TotalCount);
        x[0, 1, 2] = torch.tensor(5L);
        Assert.InRange(Tensor.TotalCount, before, before + 1);
    }

    [Fact]
    public void Sequential_Forward_LeavesOnlyItsResult()
    {
        using var net = Sequential(Conv2d(1, 2, 3, 1, 1), ReLU(true), Identity(), Conv2d(2, 1, 3, 1, 1, padding_mode: PaddingModes.Reflect), Tanh());
        using var x = ones(1, 1, 8, 8);
        foreach (var graph in new[] { true, false })
        {
            using var mode = set_grad_enabled(graph);
            var before = Tensor.TotalCount;
            using var y = net.call(x);
            Assert.Equal(before + 1, Tensor.TotalCount);
        }
    }

    /// <summary>What would leak 170 MB a step if the collector were trusted with it.</summary>
    [Fact]
    public void Training_300Steps_KeepsMemoryFlat()
    {
        using var net = Sequential(Conv2d(1, 16, 3, 1, 1), InstanceNorm2d(16), ReLU(true), Conv2d(16, 16, 3, 2, 1), ReLU(), ConvTranspose2d(16, 1, 3, 2, 1, 1), Tanh());
        using var optimiser = optim.Adam(net.parameters());
        using var x = randn(4, 1, 64, 64);
        void Train(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                using var scope = NewDisposeScope();
                optimiser.zero_grad();
                mse_loss(net.call(x), x).backward();
                optimiser.step();
            }
        }
        Train(30);
        var (live, resident) = (Tensor.TotalCount, Environment.WorkingSet);
        Train(300);
        Assert.Equal(live, Tensor.TotalCount);
        var grown = (Environment.WorkingSet - resident) >> 20;
        Assert.True(grown < 60, $"300 steps grew the process by {grown} MB");
    }
}
