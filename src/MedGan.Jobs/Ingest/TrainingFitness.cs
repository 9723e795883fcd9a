using MedGan.Dicom.Volumes;
using MedGan.Jobs.Images;

namespace MedGan.Jobs.Ingest;

/// <summary>What a volume must be to be learnt from and translated.</summary>
internal static class TrainingFitness
{
    /// <summary>Fewest slices.</summary>
    public const int MinimumSlices = 4;

    /// <summary>Least extent in the slice plane, in mm: a head is wider.</summary>
    public const double MinimumExtentMm = 120;

    /// <summary>Least rows and columns.</summary>
    public const int MinimumMatrix = 32;

    /// <summary>A plain sentence that says why the volume does not serve; null when it does.</summary>
    public static string? WhyNot(Volume volume)
    {
        var g = volume.Geometry;
        if (!g.IsAxial)
            return "The slices are not axial; only series whose slices lie within 30 degrees of the transverse plane are used.";
        if (g.Slices < MinimumSlices)
            return $"The series has {g.Slices} slices; at least {MinimumSlices} are needed.";
        if (g.Columns < MinimumMatrix || g.Rows < MinimumMatrix)
            return $"The slices have {g.Columns} x {g.Rows} pixels; at least {MinimumMatrix} x {MinimumMatrix} are needed.";
        if (g.Columns * g.ColumnSpacingMm < MinimumExtentMm || g.Rows * g.RowSpacingMm < MinimumExtentMm)
            return $"The slices cover less than {MinimumExtentMm} mm, so they do not show a whole head.";
        return new HeadSlices(volume, MinimumMatrix).All().Any()
            ? null
            : "No slice shows a head.";
    }
}
