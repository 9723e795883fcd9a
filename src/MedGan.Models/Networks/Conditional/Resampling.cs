using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Networks.Conditional;

/// <summary>
/// Doubling and halving of [N,C,H,W] by the binomial filter 1 3 3 1 (StyleGAN2, 1912.04958, appendix B), as one matrix product for each axis: R x R^T. That is fast on a
/// processor, and can be differentiated as often as one likes. At the edge the nearest pixel goes on.
/// </summary>
public static class Resampling
{
    /// <summary>[N,C,H,W] -> [N,C,2H,2W]: each new pixel lies between two old ones, 1 : 3 - bilinear interpolation.</summary>
    public static Tensor Up(Tensor x) => Apply(x, UpMatrix);

    /// <summary>[N,C,H,W] -> [N,C,H/2,W/2]: each new pixel is the mean of four old ones along each axis, 1 : 3 : 3 : 1.</summary>
    public static Tensor Down(Tensor x) => Apply(x, DownMatrix);

    /// <summary>[N,C,H,W] -> [N,C,2H,2W]: every pixel four times.</summary>
    public static Tensor Repeat(Tensor x) => nn.functional.interpolate(x, scale_factor: [2.0]);

    private static Tensor Apply(Tensor x, Func<int, float[]> matrix)
    {
        using var scope = NewDisposeScope();
        Tensor Of(long size)
        {
            var values = matrix((int)size);
            return tensor(values, [values.Length / size, size], device: x.device).to(x.dtype);
        }
        var (rows, columns) = (Of(x.shape[2]), Of(x.shape[3]));
        return rows.matmul(x).matmul(columns.t()).MoveToOuterDisposeScope();
    }

    // [2s,s], row by row
    private static float[] UpMatrix(int size)
    {
        var matrix = new float[2 * size * size];
        for (var i = 0; i < 2 * size; i++)
        {
            var (near, far) = (i / 2, i % 2 == 0 ? i / 2 - 1 : i / 2 + 1);
            matrix[i * size + near] += 0.75f;
            matrix[i * size + Math.Clamp(far, 0, size - 1)] += 0.25f;
        }
        return matrix;
    }

    // [s/2,s], row by row
    private static float[] DownMatrix(int size)
    {
        ReadOnlySpan<float> filter = [0.125f, 0.375f, 0.375f, 0.125f];
        var matrix = new float[size / 2 * size];
        for (var i = 0; i < size / 2; i++)
            for (var k = 0; k < 4; k++) matrix[i * size + Math.Clamp(2 * i - 1 + k, 0, size - 1)] += filter[k];
        return matrix;
    }
}
