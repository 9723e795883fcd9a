using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Networks.Conditional;

/// <summary>Random tensors from our own generator, drawn on the CPU: the same numbers on every device.</summary>
internal static class SeededTensors
{
    public static Tensor Normal(long[] shape, SeededRandom random)
    {
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        random.FillNormal(values);
        return tensor(values, shape);
    }

    public static Tensor Normal(long[] shape, SeededRandom random, Device device) => On(Normal(shape, random), device);

    /// <summary>In [0, 1).</summary>
    public static Tensor Uniform(long[] shape, SeededRandom random, Device device)
    {
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++) values[i] = (float)random.NextDouble();
        return On(tensor(values, shape), device);
    }

    private static Tensor On(Tensor drawn, Device device)
    {
        if (device.type == DeviceType.CPU) return drawn;
        using (drawn) return drawn.to(device);
    }
}
