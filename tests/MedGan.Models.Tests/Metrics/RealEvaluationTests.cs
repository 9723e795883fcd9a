using System.Diagnostics;
using MedGan.Models.Metrics;
using MedGan.Testing;

namespace MedGan.Models.Tests.Metrics;

/// <summary>The whole evaluation on real images: other patients' slices of the same modality must be nearer than the other modality's.</summary>
public class RealEvaluationTests
{
    [Fact]
    public void OtherPatientsOfTheSameModality_AreNearerThanTheOtherModality()
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        const int size = 128, count = 80;
        GreyImage[] Images(string folder) =>
        [
            .. Peer.RealImages(size, count, "ctmr_paired", folder)
                .Zip(Directory.GetFiles(SharedData.Path("ctmr_paired", folder)).Order(StringComparer.Ordinal), (pixels, file) => new GreyImage(size, size, pixels, Path.GetFileName(file).Split('_')[0]))
                .Where((_, i) => i % 2 == 0), // half of each patient's slices
        ];
        var (mr, ct) = (Images("MRI"), Images("CT"));
        var patients = mr.Select(i => i.PatientId).Distinct().ToArray();
        bool First(GreyImage image) => Array.IndexOf(patients, image.PatientId) % 2 == 0;
        var options = new EvaluationOptions { Low = 0, High = 255, Unit = "grey levels", BootstrapRounds = 100, FrechetRounds = 10, DiversityPairs = 50 };
        using var network = FeatureNetworks.Load(SharedData.Path("nets", "squeezenet_v1.0", "squeezenet_v1_0.safetensors"));
        EvaluationReport Of(IEnumerable<GreyImage> generated) => Evaluation.Of([.. mr.Where(First)], [.. generated], false, network, options, TestContext.Current.CancellationToken);
        var watch = Stopwatch.StartNew();
        var (same, other) = (Of(mr.Where(i => !First(i))), Of(ct.Where(i => !First(i))));
        TestContext.Current.SendDiagnosticMessage($"{watch.Elapsed}\n{same.ToJson()}\n{other.ToJson()}");
        foreach (var name in new[] { "frechet-distance", "frechet-infinity", "kid", "radiomic-energy-distance", "radiomic-frechet-distance" })
            Assert.True(other[name].Value > 1.5 * same[name].Value, $"{name}: {same[name].Value} {other[name].Value}");
        foreach (var name in new[] { "precision", "density", "coverage" })
            Assert.True(other[name].Value < same[name].Value, $"{name}: {same[name].Value} {other[name].Value}");
    }
}
