using static TorchSharp.torch;

namespace MedGan.Models.Training.Degradation;

/// <summary>A linear map along one axis of an image, from n samples to m.</summary>
/// <param name="weights">[m,n].</param>
public sealed class AxisOperator(double[,] weights)
{
    /// <summary>[m,n].</summary>
    public double[,] Weights { get; } = weights;

    /// <summary>m.</summary>
    public int Outputs => Weights.GetLength(0);

    /// <summary>n.</summary>
    public int Inputs => Weights.GetLength(1);

    /// <summary>Leaves the axis as it is.</summary>
    public static AxisOperator Identity(int length)
    {
        var ones = new double[length, length];
        for (var i = 0; i < length; i++) ones[i, i] = 1;
        return new AxisOperator(ones);
    }

    /// <summary>This map, then another.</summary>
    public AxisOperator Then(AxisOperator next)
    {
        var both = new double[next.Outputs, Inputs];
        for (var i = 0; i < next.Outputs; i++)
            for (var k = 0; k < next.Inputs; k++)
                if (next.Weights[i, k] is var weight and not 0)
                    for (var j = 0; j < Inputs; j++) both[i, j] += weight * Weights[k, j];
        return new AxisOperator(both);
    }

    /// <summary>Both axes of images.</summary>
    /// <param name="images">[N,C,H,W], float32.</param>
    /// <param name="rows">From H to h.</param>
    /// <param name="columns">From W to w.</param>
    /// <returns>[N,C,h,w].</returns>
    public static Tensor Apply(Tensor images, AxisOperator rows, AxisOperator columns)
    {
        using var scope = NewDisposeScope();
        return rows.ToTensor(images.device).matmul(images).matmul(columns.ToTensor(images.device).t()).MoveToOuterDisposeScope();
    }

    /// <exception cref="ArgumentException">The length is no multiple of the factor.</exception>
    internal static int Shorter(int length, int factor) => factor >= 1 && length >= factor && length % factor == 0 ? length / factor
        : throw new ArgumentException($"{length} samples cannot become fewer by a factor of {factor}: they must be a multiple of it.");

    private Tensor ToTensor(Device device)
    {
        var values = new float[Weights.Length];
        for (var i = 0; i < Outputs; i++)
            for (var j = 0; j < Inputs; j++) values[i * Inputs + j] = (float)Weights[i, j];
        return tensor(values, [Outputs, Inputs], device: device);
    }
}
