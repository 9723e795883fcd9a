using System.Runtime.ExceptionServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>
/// Two pieces of work that do not depend on one another, side by side, each with half of the processors. On images this small a network does not keep every processor
/// busy all the time: between two of its layers all but one wait, and the other piece has them meanwhile. One after the other on a GPU or with one thread.
/// </summary>
internal sealed class TwoLanes : IDisposable
{
    private readonly int threads;
    private readonly SemaphoreSlim begin = new(0), end = new(0);
    private readonly Thread? other;
    private Action? work;
    private ExceptionDispatchInfo? failure;

    /// <param name="device">Where tensors lie.</param>
    public TwoLanes(Device device)
    {
        threads = get_num_threads();
        if (device.type != DeviceType.CPU || threads < 2) return;
        other = new Thread(Serve) { IsBackground = true, Name = "second lane" };
        other.Start();
    }

    /// <summary>Tensors that <paramref name="second"/> leaves behind belong to no scope of the caller's.</summary>
    public void Run(Action first, Action second)
    {
        if (other is null)
        {
            first();
            second();
            return;
        }
        work = second;
        begin.Release();
        set_num_threads(threads - threads / 2);
        try { first(); }
        finally
        {
            end.Wait();
            set_num_threads(threads);
        }
        failure?.Throw();
    }

    public void Dispose()
    {
        work = null;
        begin.Release();
        other?.Join();
        begin.Dispose();
        end.Dispose();
    }

    private void Serve()
    {
        get_num_threads(); // libtorch gives a thread the process' number the first time that it is asked for
        while (true)
        {
            begin.Wait();
            if (work is null) return;
            set_num_threads(threads / 2);
            failure = null;
            try { work(); }
            catch (Exception e) { failure = ExceptionDispatchInfo.Capture(e); }
            end.Release();
        }
    }
}
