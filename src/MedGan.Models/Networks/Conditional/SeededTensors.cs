using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Networks.Conditional;

/// <summary>Random tensors from our own generator, drawn on the CPU: the same numbers on every device.</summary>
internal static class SeededTensors
{
    public static Tensor Normal(long[] shape, SeededRandom random)
    {
        var values = new float[Count(shape)];
        random.FillNormal(values);
        return tensor(values, shape);
    }

    /// <summary>Drawn one by one, as the weights of published plans were from the start: a seed goes on giving the same network.</summary>
    public static Tensor Normal(long[] shape, SeededRandom random, double deviation) => From(shape, () => deviation * random.NextNormal());

    public static Tensor Normal(long[] shape, SeededRandom random, Device device) => On(Normal(shape, random), device);

    /// <summary>In [0, 1).</summary>
    public static Tensor Uniform(long[] shape, SeededRandom random, Device device) => On(From(shape, random.NextDouble), device);

    private static Tensor From(long[] shape, Func<double> next)
    {
        var values = new float[Count(shape)];
        for (var i = 0; i < values.Length; i++) values[i] = (float)next();
        return tensor(values, shape);
    }

    private static long Count(long[] shape) => shape.Aggregate(1L, (a, b) => a * b);

    private static Tensor On(Tensor drawn, Device device)
    {
        if (device.type == DeviceType.CPU) return drawn;
        using (drawn) return drawn.to(device);
    }
}
