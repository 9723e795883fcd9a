using static TorchSharp.torch;

namespace MedGan.Models.Networks.SuperResolution;

/// <summary>
/// Sub-pixel rearrangement (Shi et al., 1609.05158, equation 4): channel c r s + i s + j becomes row i and column j of the r x s pixels that each pixel turns into.
/// The same as PixelShuffle where r = s; through plane s = 1.
/// </summary>
public static class SubPixel
{
    /// <param name="maps">[N,C r s,H,W].</param>
    /// <param name="times">r and s.</param>
    /// <returns>[N,C,r H,s W].</returns>
    public static Tensor Rearrange(Tensor maps, Magnification times)
    {
        var (n, channels, height, width) = (maps.shape[0], maps.shape[1] / times.Area, maps.shape[2], maps.shape[3]);
        using var split = maps.reshape(n, channels, times.Rows, times.Columns, height, width);
        using var turned = split.permute(0, 1, 4, 2, 5, 3); // [N,C,H,r,W,s]
        return turned.reshape(n, channels, times.Rows * height, times.Columns * width);
    }
}
