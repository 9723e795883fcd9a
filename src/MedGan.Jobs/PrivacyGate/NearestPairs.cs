using System.Globalization;
using MedGan.Dicom.Rendering;
using MedGan.Dicom.Volumes;
using MedGan.Jobs.Images;
using MedGan.Privacy.ReleaseGate;

namespace MedGan.Jobs.PrivacyGate;

/// <summary>
/// The training images that generated ones came closest to, each beside its closest one: evidence for people who may see
/// real images, never part of what is published.
/// </summary>
internal sealed class NearestPairs
{
    private const int MostPairs = 12;

    private readonly List<Pair> pairs = [];

    /// <summary>Adds what the gate measured on one modality.</summary>
    public void Add(Modality modality, GateInput input, GateReport report)
    {
        var (training, generated) = (input.Training.ToDictionary(i => i.Id), input.Generated.ToDictionary(i => i.Id));
        foreach (var image in report.Images.Where(image => image.Evidence.Scores.Count > 0))
        {
            var closest = image.Evidence.Scores.MaxBy(Closeness)!;
            pairs.Add(new Pair(modality, input.Size, closest, image.Verdict, generated[image.Id].Pixels, training[closest.NearestTrainingId].Pixels));
        }
    }

    /// <summary>The sheet as a PNG file, the closest pair on top; null when nothing was compared.</summary>
    public byte[]? ToPng()
    {
        if (pairs.Count == 0) return null;
        var sheet = new ContactSheet(cellPixels: 144).Columns("generated", "nearest training");
        foreach (var pair in pairs.OrderByDescending(pair => Closeness(pair.Score)).DistinctBy(pair => pair.Score.NearestTrainingId).Take(MostPairs))
            sheet.Row(pair.Label,
                [Pictures.OfModelImage(pair.Modality, pair.Generated, pair.Size), Pictures.OfModelImage(pair.Modality, pair.Training, pair.Size)]);
        return sheet.ToPng();
    }

    /// <summary>How far over its threshold, or below it, on Fisher's scale, where correlations near 1 are told apart.</summary>
    private static double Closeness(DetectorScore score) => Fisher(score.Correlation) - Fisher(score.Threshold);

    private static double Fisher(double correlation) => Math.Atanh(Math.Clamp(correlation, -0.999999, 0.999999));

    private sealed record Pair(Modality Modality, int Size, DetectorScore Score, Verdict Verdict, float[] Generated, float[] Training)
    {
        public string Label => string.Create(CultureInfo.InvariantCulture,
            $"{Modality} {Verdict.ToString().ToLowerInvariant()}: {Score.Detector} {Score.Correlation:0.000} of {Score.Threshold:0.000}");
    }
}
