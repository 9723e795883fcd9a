using MedGan.Dicom.Volumes;
using MedGan.Models.Training;
using MedGan.Phantoms;

namespace MedGan.Bench;

/// <summary>Slices of made-up heads, as a training takes them.</summary>
internal static class PhantomImages
{
    /// <param name="modality">CT or MR.</param>
    /// <param name="size">Pixels per side.</param>
    /// <param name="patients">Seeds of the patients; six slices through the middle of each head.</param>
    public static List<TrainingImage> Of(PhantomModality modality, int size, params int[] patients)
    {
        var images = new List<TrainingImage>();
        foreach (var seed in patients)
        {
            var volume = Phantom.Render(PhantomPatient.Create(seed), modality, PhantomGrid.Default with { Columns = size, PixelSpacingMm = 243.2 / size });
            for (var k = 8; k < 14; k++)
            {
                var pixels = volume.Slice(k).ToArray();
                if (volume.Modality == Modality.MR)
                    foreach (ref var value in pixels.AsSpan()) value /= (float)volume.MrUnit;
                Intensity.ToModel(volume.Modality, pixels);
                images.Add(new TrainingImage($"patient {seed}", pixels));
            }
        }
        return images;
    }
}
