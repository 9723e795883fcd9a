namespace TorchSharp.Tests;

/// <summary>Inputs that need no storing: sin(0.7 i + phase), as bench/peers/torch_fixtures.py makes them.</summary>
internal static class Waves
{
    internal static Tensor Wave(double phase, params long[] shape) =>
        torch.tensor(Enumerable.Range(0, (int)shape.TotalSize()).Select(i => Math.Sin(0.7 * i + phase)).ToArray()).reshape(shape);

    internal static Tensor Wave(params long[] shape) => Wave(0, shape);

    /// <summary>Tensors that this thread has made and not let go; the collector, which runs when it likes, does not change it.</summary>
    internal static long LiveTensors => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
}
