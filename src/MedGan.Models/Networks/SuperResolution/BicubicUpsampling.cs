using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Networks.SuperResolution;

/// <summary>
/// Cubic convolution (Keys, IEEE TASSP 1981, equation 15: a = -1/2, as MATLAB and Pillow have it), pixels seen as areas: output pixel i lies at (i + 1/2) / f - 1/2 of
/// the input. What lies outside the image has the value of its edge. The baseline of super-resolution, and what its networks add detail to.
/// </summary>
public static class BicubicUpsampling
{
    private const int Taps = 5; // centred on the input pixel; four of them are not zero

    /// <param name="image">[N,1,H,W], float32.</param>
    /// <param name="times">How many times more rows and columns.</param>
    /// <returns>[N,1,r H,s W].</returns>
    public static Tensor Of(Tensor image, Magnification times)
    {
        using var scope = NewDisposeScope();
        var padded = nn.functional.pad(image, (Taps / 2, Taps / 2, Taps / 2, Taps / 2), PaddingModes.Replicate);
        var weights = tensor(Weights(times), [times.Area, 1, Taps, Taps], device: image.device);
        return SubPixel.Rearrange(nn.functional.conv2d(padded, weights), times).MoveToOuterDisposeScope();
    }

    /// <summary>Keys' kernel with a = -1/2 at a distance in pixels.</summary>
    public static double Kernel(double distance)
    {
        var x = Math.Abs(distance);
        return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
    }

    // one filter for each of the r s places that an output pixel can have in its input pixel: [r s,1,5,5]
    private static float[] Weights(Magnification times)
    {
        var weights = new float[times.Area * Taps * Taps];
        for (var filter = 0; filter < times.Area; filter++)
            for (var row = 0; row < Taps; row++)
                for (var column = 0; column < Taps; column++)
                    weights[(filter * Taps + row) * Taps + column] =
                        (float)(Weight(filter / times.Columns, times.Rows, row) * Weight(filter % times.Columns, times.Columns, column));
        return weights;
    }

    private static double Weight(int place, int factor, int tap) => Kernel((place + 0.5) / factor - 0.5 - (tap - Taps / 2));
}
