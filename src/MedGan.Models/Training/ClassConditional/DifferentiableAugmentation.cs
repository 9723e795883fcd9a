using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>
/// Random changes of whatever a discriminator sees, real or generated, through which the generator's gradient flows (DiffAugment, Zhao et al., 2006.10738, equations 4 and 5; ADA,
/// Karras et al., 2006.06676, section 2.2) - and only those that a medical image may undergo and still be one: the head lies a little elsewhere, the scanner is a little
/// brighter, something is hidden. No flip unless asked for: laterality is clinical information. Pixels that come from outside take the nearest edge's value;
/// brightness is scaled about -1, so that air stays air, and what is cut out becomes air.
/// </summary>
/// <param name="ShiftShare">Largest shift, in whole pixels, as a share of the image's width.</param>
/// <param name="RotationDegrees">Largest rotation, degrees.</param>
/// <param name="ScaleShare">Largest change of scale, as a share.</param>
/// <param name="IntensityShare">Largest change of brightness above air, as a share.</param>
/// <param name="CutoutShare">Side of the square that is cut out, as a share of the image's width.</param>
/// <param name="Flip">Whether half of the images are mirrored left to right.</param>
public sealed record DifferentiableAugmentation(double ShiftShare, double RotationDegrees, double ScaleShare, double IntensityShare, double CutoutShare, bool Flip)
{
    /// <summary>Whether nothing is ever changed.</summary>
    public bool IsNone => ShiftShare == 0 && RotationDegrees == 0 && ScaleShare == 0 && IntensityShare == 0 && CutoutShare == 0 && !Flip;

    /// <param name="images">[N,C,H,H] in about [-1, 1].</param>
    /// <param name="probability">
    /// p, with which each of shift, brightness and cutout happens to an image; rotation and scale, which interpolate, happen to half of the images at most, so that the
    /// discriminator sees sharp ones whatever p is.
    /// </param>
    /// <param name="random">Takes the same number of draws for each image, whatever happens to it.</param>
    /// <returns>[N,C,H,H].</returns>
    public Tensor Apply(Tensor images, double probability, SeededRandom random)
    {
        if (IsNone) return images.alias();
        using var scope = NewDisposeScope();
        var (n, size) = ((int)images.shape[0], (int)images.shape[3]);
        var (matrices, factors) = (new float[n * 6], new float[n * size * size]);
        var (moved, changed) = (false, false);
        for (var i = 0; i < n; i++)
        {
            moved |= DrawMatrix(matrices.AsSpan(i * 6, 6), size, probability, random);
            changed |= DrawFactors(factors.AsSpan(i * size * size, size * size), size, probability, random);
        }
        var result = images;
        if (moved)
        {
            var grid = nn.functional.affine_grid(tensor(matrices, [n, 2, 3], device: images.device), images.shape, align_corners: false);
            result = nn.functional.grid_sample(result, grid, padding_mode: GridSamplePaddingMode.Border, align_corners: false);
        }
        if (changed) result = (result + 1) * tensor(factors, [n, 1, size, size], device: images.device) - 1;
        return (result.Equals(images) ? images.alias() : result).MoveToOuterDisposeScope();
    }

    // from places of the result to places of the source, both in [-1, 1]
    private bool DrawMatrix(Span<float> matrix, int size, double probability, SeededRandom random)
    {
        var (shifts, warps, flips) = (random.NextDouble() < probability, random.NextDouble() < Math.Min(probability, 0.5), Flip & random.NextDouble() < 0.5);
        var (right, down) = (random.Uniform(-ShiftShare, ShiftShare), random.Uniform(-ShiftShare, ShiftShare));
        var (angle, scale) = (random.Uniform(-RotationDegrees, RotationDegrees) * Math.PI / 180, 1 + random.Uniform(-ScaleShare, ScaleShare));
        var (sin, cos) = warps ? Math.SinCos(angle) : (0, 1);
        if (warps) (sin, cos) = (sin / scale, cos / scale);
        double Whole(double share) => shifts ? 2 * Math.Round(share * size) / size : 0;
        var mirror = flips ? -1 : 1;
        matrix[0] = (float)(mirror * cos);
        matrix[1] = (float)sin;
        matrix[2] = (float)Whole(right);
        matrix[3] = (float)(-mirror * sin);
        matrix[4] = (float)cos;
        matrix[5] = (float)Whole(down);
        return flips || (shifts && ShiftShare > 0) || (warps && (RotationDegrees > 0 || ScaleShare > 0));
    }

    // what (pixel + 1) is multiplied by
    private bool DrawFactors(Span<float> factors, int size, double probability, SeededRandom random)
    {
        var (brightens, cuts) = (random.NextDouble() < probability, random.NextDouble() < probability);
        var (gain, column, row) = (1 + random.Uniform(-IntensityShare, IntensityShare), random.Next(size), random.Next(size));
        factors.Fill((float)(brightens ? gain : 1));
        var side = (int)Math.Round(CutoutShare * size);
        if (cuts && side > 0)
            for (var y = Math.Max(0, row - side / 2); y < Math.Min(size, row - side / 2 + side); y++)
            {
                var (left, right) = (Math.Max(0, column - side / 2), Math.Min(size, column - side / 2 + side));
                factors.Slice(y * size + left, right - left).Clear();
            }
        return (brightens && IntensityShare > 0) || (cuts && side > 0);
    }
}
