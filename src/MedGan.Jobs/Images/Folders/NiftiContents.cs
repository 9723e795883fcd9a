using MedGan.Dicom.Files.Nifti;
using MedGan.Dicom.Volumes;

namespace MedGan.Jobs.Images.Folders;

/// <summary>What a NIfTI file's values are taken for.</summary>
/// <param name="Volume">As CT or MR; null where the file says that they are grey levels.</param>
/// <param name="Values">[slice, row, column], in the scale's unit.</param>
/// <param name="Geometry">Where they lie.</param>
/// <param name="Scale">Their way to [-1, 1].</param>
internal sealed record NiftiContents(Volume? Volume, float[] Values, VolumeGeometry Geometry, IntensityScale Scale)
{
    /// <summary>White of grey levels, in files of ours.</summary>
    public const float GrayWhite = ushort.MaxValue;

    private const float NoMrReachesHu = -200;

    /// <param name="nifti">The file; values that are not numbers are NaN. Its values are changed in place.</param>
    /// <param name="asked">What the caller says that it is.</param>
    /// <param name="path">With the name of the folder that was read.</param>
    /// <param name="notes">Told what was guessed.</param>
    public static NiftiContents Of(NiftiVolume nifti, Modality? asked, string path, List<string> notes)
    {
        if (asked is null && nifti.Contents == IntensityScale.GrayLevels)
        {
            var gray = IntensityScale.Gray(GrayWhite);
            Clean(nifti.Values, gray.Outside, 0);
            return new NiftiContents(null, nifti.Values, nifti.Geometry, gray);
        }
        var said = asked ?? (nifti.Contents == IntensityScale.Of(Modality.CT).Unit ? Modality.CT : nifti.Contents == IntensityScale.Of(Modality.MR).Unit ? Modality.MR : FromPath(path));
        var modality = said ?? (nifti.Values.Any(value => value < NoMrReachesHu) ? Modality.CT : Modality.MR);
        if (said is null) notes.Add($"{path}: taken for {modality} because of its values; nothing says what it is.");
        var scale = IntensityScale.Of(modality);
        Clean(nifti.Values, scale.Outside, modality == Modality.CT ? Intensity.CtMinHu : 0);
        var unit = modality == Modality.MR && nifti.Contents != scale.Unit ? MrNormalization.Apply(nifti.Values) : 1;
        return new NiftiContents(new Volume(modality, nifti.Geometry, nifti.Values, unit), nifti.Values, nifti.Geometry, scale);
    }

    /// <summary>Each slice on its own.</summary>
    public IEnumerable<(int Width, int Height, float[] Values, IntensityScale Scale)> Slices() =>
        Enumerable.Range(0, Geometry.Slices).Select(k => (Geometry.Columns, Geometry.Rows, Values.AsSpan(k * Geometry.SliceLength, Geometry.SliceLength).ToArray(), Scale));

    private static void Clean(float[] values, float outside, float floor)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = float.IsNaN(values[i]) ? outside : Math.Max(floor, values[i]);
    }

    // The part nearest to the file says it: mr/case1/ct.nii.gz is CT.
    private static Modality? FromPath(string path)
    {
        foreach (var word in path.ToLowerInvariant().Split('/', '_', '-', '.', ' ').Reverse())
            switch (word)
            {
                case "ct": return Modality.CT;
                case "mr" or "mri" or "t1" or "t2" or "t1w" or "t2w" or "pd" or "pdw" or "flair": return Modality.MR;
            }
        return null;
    }
}
