using MedGan.Dicom.Rendering;
using MedGan.Dicom.Volumes;

namespace MedGan.Jobs.Images;

/// <summary>Pictures for people, of slices and of model images.</summary>
internal static class Pictures
{
    /// <summary>CT wide enough that skin, brain and bone can all be told apart; MR as usual.</summary>
    public static Window WindowFor(Modality modality) => modality == Modality.CT ? new Window(200, 1600) : Window.For(modality);

    /// <summary>A model image, size x size in [-1, 1].</summary>
    public static GrayImage OfModelImage(Modality modality, float[] image, int size)
    {
        var values = (float[])image.Clone();
        Intensity.FromModel(modality, values);
        var window = WindowFor(modality);
        return new GrayImage(size, size, Array.ConvertAll(values, value => window.Apply(value)));
    }

    /// <summary>Up to <paramref name="most"/> of the slices named, evenly chosen.</summary>
    public static IReadOnlyList<GrayImage> OfSlices(Volume volume, IReadOnlyList<int> slices, int most)
    {
        var count = Math.Min(most, slices.Count);
        return [.. Enumerable.Range(0, count).Select(i =>
            SliceRenderer.Render(volume, slices[(2 * i + 1) * slices.Count / (2 * count)], WindowFor(volume.Modality)))];
    }
}
