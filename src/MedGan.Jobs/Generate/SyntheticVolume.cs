using MedGan.Dicom.Volumes;
using MedGan.Jobs.Images;

namespace MedGan.Jobs.Generate;

/// <summary>Translates whole volumes slice by slice into the other modality, on the source's own matrix and geometry.</summary>
internal sealed class SyntheticVolume(ModelTranslations model)
{
    private const int Batch = 16;

    /// <summary>The synthetic volume in HU or normalised MR; slices without a head, and what is well outside of one, are air.</summary>
    public Volume From(Volume source, CancellationToken ct)
    {
        var target = Other(source.Modality);
        var (air, size) = (Intensity.OutsideValue(target), model.Plan.ImageSize);
        var heads = new HeadSlices(source, size);
        HeadSlice[] slices = [.. heads.All()];
        var synthetic = new Volume(target, source.Geometry, NewVoxels(source.Geometry.Length, air));
        foreach (var batch in Enumerable.Range(0, slices.Length).Chunk(Batch))
        {
            ct.ThrowIfCancellationRequested();
            var images = model.Translate(source.Modality, [.. batch.Select(at => HeadSlices.Stack(slices, at, model.Slices / 2))]);
            foreach (var (image, slice) in images.Zip(batch.Select(at => slices[at])))
            {
                Intensity.FromModel(target, image);
                HeadMargin.Clear(image, size, slice.Head, air);
                heads.Grid.Restore(image, synthetic.Slice(slice.Index), air);
            }
        }
        return synthetic;
    }

    /// <summary>The modality that images of <paramref name="modality"/> are translated into.</summary>
    public static Modality Other(Modality modality) => modality == Modality.CT ? Modality.MR : Modality.CT;

    private static float[] NewVoxels(int length, float value)
    {
        var voxels = new float[length];
        Array.Fill(voxels, value);
        return voxels;
    }
}
