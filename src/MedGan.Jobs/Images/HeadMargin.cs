using MedGan.Dicom.Volumes;

namespace MedGan.Jobs.Images;

/// <summary>What a generator paints further than <see cref="Mm"/> from the source's head is not anatomy.</summary>
internal static class HeadMargin
{
    /// <summary>Width of the margin, in mm.</summary>
    public const double Mm = 8;

    /// <summary>Sets what lies further away to <paramref name="air"/>, in place.</summary>
    /// <param name="image">size x size, over the models' field of view.</param>
    /// <param name="size">Pixels per side.</param>
    /// <param name="head">The source's head over the same field of view; its sides may have another number of pixels.</param>
    /// <param name="air">The value of air.</param>
    public static void Clear(float[] image, int size, bool[] head, float air)
    {
        var headSize = (int)Math.Round(Math.Sqrt(head.Length));
        var margin = (int)Math.Ceiling(Mm * headSize / InPlaneGrid.FieldOfViewMm);
        var near = new bool[head.Length];
        for (var i = 0; i < near.Length; i++) near[i] = IsNear(head, headSize, i / headSize, i % headSize, margin);
        for (var i = 0; i < image.Length; i++)
            if (!near[i / size * headSize / size * headSize + i % size * headSize / size]) image[i] = air;
    }

    private static bool IsNear(bool[] head, int size, int row, int column, int margin)
    {
        for (var y = Math.Max(0, row - margin); y <= Math.Min(size - 1, row + margin); y++)
            if (head.AsSpan(y * size, size)[Math.Max(0, column - margin)..Math.Min(size, column + margin + 1)].Contains(true)) return true;
        return false;
    }
}
