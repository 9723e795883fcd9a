using TorchSharp;

namespace MedGan.Models.Training;

/// <summary>Where the arithmetic runs.</summary>
internal static class Compute
{
    public static bool IsKnown(string device) =>
        device is "auto" or "cpu" or "cuda" || (device.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(device.AsSpan(5), out var index) && index >= 0);

    /// <summary>Resolves "auto" and sets the number of CPU threads (0 = one for each processor).</summary>
    /// <exception cref="InvalidOperationException">CUDA was asked for and there is none.</exception>
    public static torch.Device Prepare(string device, int threads)
    {
        torch.get_num_threads(); // libtorch gives a thread the process' number the first time that it is asked for, after which only this thread changes it
        torch.set_num_threads(threads > 0 ? threads : Environment.ProcessorCount);
        var cuda = device != "cpu" && torch.cuda.is_available();
        if (device == "auto") device = cuda ? "cuda" : "cpu";
        if (device != "cpu" && !cuda) throw new InvalidOperationException($"Device {device} was asked for, but no CUDA device is available. Use \"cpu\" or \"auto\".");
        return torch.device(device);
    }
}
