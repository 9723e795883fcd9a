using MedGan.Dicom.Volumes;
using MedGan.Jobs.Images;
using MedGan.Models.Sampling;

namespace MedGan.Jobs.Generate;

/// <summary>Translates whole volumes slice by slice into the other modality, on the source's own matrix and geometry.</summary>
internal sealed class SyntheticVolume(Translator translator, int imageSize)
{
    private const int Batch = 16;

    /// <summary>The synthetic volume in HU or normalised MR; slices without a head, and what is well outside of one, are air.</summary>
    public Volume From(Volume source, CancellationToken ct)
    {
        var target = Other(source.Modality);
        var air = Intensity.OutsideValue(target);
        var heads = new HeadSlices(source, imageSize);
        var synthetic = new Volume(target, source.Geometry, NewVoxels(source.Geometry.Length, air));
        foreach (var batch in heads.All().Chunk(Batch))
        {
            ct.ThrowIfCancellationRequested();
            var images = Translate(source.Modality, [.. batch.Select(slice => slice.Pixels)]);
            for (var i = 0; i < batch.Length; i++)
            {
                Intensity.FromModel(target, images[i]);
                HeadMargin.Clear(images[i], imageSize, batch[i].Head, air);
                heads.Grid.Restore(images[i], synthetic.Slice(batch[i].Index), air);
            }
        }
        return synthetic;
    }

    /// <summary>The modality that images of <paramref name="modality"/> are translated into.</summary>
    public static Modality Other(Modality modality) => modality == Modality.CT ? Modality.MR : Modality.CT;

    private float[][] Translate(Modality source, IReadOnlyList<float[]> images) =>
        source == Modality.CT ? translator.AToB(images) : translator.BToA(images);

    private static float[] NewVoxels(int length, float value)
    {
        var voxels = new float[length];
        Array.Fill(voxels, value);
        return voxels;
    }
}
