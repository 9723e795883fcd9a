using System.Text.Json;
using MedGan.Models.Metrics;
using MedGan.Models.Tests.Training;
using MedGan.Models.Training;

namespace MedGan.Models.Tests.Metrics;

public class EvaluationTests
{
    private const int Size = TinyCohort.Size;

    private static readonly EvaluationOptions Options = new() { BootstrapRounds = 100, FrechetRounds = 20, BoneThreshold = 0.5, Bands = [new("dark", -1.5, 0), new("bright part", 0, 1.5)], Neighbours = 3 };

    // 6 patients of 4 discs each, and the same with noise
    private static readonly GreyImage[] Real = [.. Enumerable.Range(0, 24).Select(i => new GreyImage(Size, Size, TinyCohort.Disc(i, 0.8f, 0.6f).Pixels, $"patient {i / 4}"))];
    private static readonly GreyImage[] Generated = [.. Real.Select((image, i) => image with { Pixels = Noisy(image.Pixels, i), PatientId = null })];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void PairedImages_EveryMetricIsNamedInOrder_WithIntervalsAndNetwork()
    {
        using var network = new MeanFeatures();
        var report = Evaluation.Of(Real, Generated, paired: true, network, Options, Ct);
        Assert.Equal(
            ["mae", "mae-dark", "mae-bright-part", "psnr", "ssim", "ms-ssim", "gradient-mae", "edge-correlation", "dice-bone", "frechet-distance", "frechet-infinity", "kid",
             "precision", "recall", "density", "coverage", "diversity-real", "diversity-generated", "radiomic-energy-distance", "radiomic-frechet-distance"],
            report.Metrics.Select(m => m.Name));
        Assert.Empty(report.Omitted);
        Assert.Equal((24, 6, 24, null), (report.RealImages, report.RealPatients, report.GeneratedImages, report.GeneratedPatients));
        Assert.Equal("means", report["kid"].FeatureNetwork);
        Assert.Null(report["mae"].FeatureNetwork);
        foreach (var metric in report.Metrics.Where(m => m.Name != "frechet-infinity")) Assert.True(metric.Low <= metric.High, metric.ToString());
        foreach (var name in new[] { "mae", "psnr", "ssim", "frechet-distance", "kid", "diversity-real" })
            Assert.InRange(report[name].Value, report[name].Low!.Value - 1e-12, report[name].High!.Value + 1e-12);
    }

    [Fact]
    public void PairedImages_ValuesAreTheMeansOverPairs()
    {
        var report = Evaluation.Of(Real, Generated, paired: true, network: null, Options, Ct);
        Assert.Equal(Real.Zip(Generated).Average(p => ImageErrors.Mae(p.Second.Pixels, p.First.Pixels, [])), report["mae"].Value, 1e-12);
        Assert.Equal(Real.Zip(Generated).Average(p => ImageErrors.Ssim(p.Second.Pixels, p.First.Pixels, [], Size, range: 2)), report["ssim"].Value, 1e-12);
        Assert.Equal(7, report.Omitted.Count);
        Assert.Throws<KeyNotFoundException>(() => report["kid"]);
    }

    [Fact]
    public void Patches_AreWhatTheFeatureNetworkSees_SideBySide_AndPatientsKeepTheirs()
    {
        using var network = new MeanFeatures();
        var options = Options with { PatchSize = 16 };
        var report = Evaluation.Of(Real, Generated, paired: true, network, options, Ct);
        GreyImage[] Cut(GreyImage[] images) => [.. images.SelectMany(image => Enumerable.Range(0, 4).Select(p => new GreyImage(16, 16,
            [.. Enumerable.Range(0, 256).Select(i => image.Pixels[(p / 2 * 16 + i / 16) * Size + p % 2 * 16 + i % 16])], image.PatientId)))];
        var cut = Evaluation.Of(Cut(Real), Cut(Generated), paired: false, network, options with { PatchSize = null }, Ct);
        Assert.Equal(cut["kid"].Value, report["kid"].Value, 1e-12);
        Assert.Equal(cut["recall"], report["recall"] with { FeatureNetwork = "means" });
        Assert.Equal((24, 96, "means, patches of 16 x 16"), (report["mae"].Images, report["kid"].Images, report["kid"].FeatureNetwork));
        Assert.Throws<ArgumentException>(() => Evaluation.Of(Real, Generated, false, network, options with { PatchSize = 2 * Size }, Ct));
    }

    [Fact]
    public void Interval_PatientsWithEqualErrors_IsTheirs_NotTheImages()
    {
        // within a patient all errors are equal: what varies is the patient, so 3 patients of 8 images spread as 3 values do
        var real = Enumerable.Range(0, 24).Select(i => new GreyImage(8, 8, new float[64], $"{i / 8}")).ToArray();
        var generated = real.Select((image, i) => image with { Pixels = [.. Enumerable.Repeat(i / 8 * 0.1f, 64)] }).ToArray();
        var byPatient = Evaluation.Of(real, generated, true, null, Options with { BootstrapRounds = 2000 }, Ct)["mae"];
        var byImage = Evaluation.Of([.. real.Select(i => i with { PatientId = null })], [.. generated.Select(i => i with { PatientId = null })], true, null, Options with { BootstrapRounds = 2000 }, Ct)["mae"];
        Assert.Equal(0.1, byPatient.Value, 1e-6);
        Assert.Equal((0, 0.2), (Math.Round(byPatient.Low!.Value, 6), Math.Round(byPatient.High!.Value, 6))); // P(all three the first) = 1/27 > 2.5 %
        Assert.InRange(byImage.High!.Value - byImage.Low!.Value, 0.05, 0.08); // 2 x 1.96 x 0.0816 / sqrt(24) = 0.065
    }

    [Fact]
    public void SameSeed_SameReport_OtherSeed_OtherIntervals()
    {
        using var network = new MeanFeatures();
        string Report(long seed) => Evaluation.Of(Real, Generated, true, network, Options with { Seed = seed }, Ct).ToJson();
        Assert.Equal(Report(1), Report(1));
        Assert.NotEqual(Report(1), Report(2));
    }

    [Fact]
    public void Json_HoldsNamesValuesAndInfinity()
    {
        var report = Evaluation.Of(Real, Real, paired: true, network: null, Options, Ct);
        using var json = JsonDocument.Parse(report.ToJson());
        var metrics = json.RootElement.GetProperty("metrics").EnumerateArray().ToDictionary(m => m.GetProperty("name").GetString()!);
        Assert.Equal(0, metrics["mae"].GetProperty("value").GetDouble());
        Assert.Equal("Infinity", metrics["psnr"].GetProperty("value").GetString());
        Assert.Equal(1, metrics["ssim"].GetProperty("high").GetDouble(), 1e-9);
        Assert.Equal("no feature network was given", json.RootElement.GetProperty("omitted")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public void FurtherFromTheRealImages_EveryDistanceGrows()
    {
        using var network = new MeanFeatures();
        GreyImage[] others = [.. Enumerable.Range(100, 24).Select(i => new GreyImage(Size, Size, TinyCohort.Disc(i, 0.8f, 0.6f).Pixels))];
        GreyImage[] rims = [.. Enumerable.Range(100, 24).Select(i => new GreyImage(Size, Size, TinyCohort.Disc(i, 0.0f, -0.7f).Pixels))];
        var (near, far) = (Evaluation.Of(Real, others, false, network, Options, Ct), Evaluation.Of(Real, rims, false, network, Options, Ct));
        foreach (var name in new[] { "frechet-distance", "kid", "radiomic-energy-distance", "radiomic-frechet-distance" }) Assert.True(far[name].Value > near[name].High, $"{near[name]} {far[name]}");
        foreach (var name in new[] { "precision", "coverage" }) Assert.True(far[name].Value < near[name].Value, $"{near[name]} {far[name]}");
    }

    [Fact]
    public void FewOrSmallImages_WhatCannotBeMeasured_IsOmittedWithItsReason()
    {
        using var network = new MeanFeatures();
        var report = Evaluation.Of(Real[..3], [new(5, 6, new float[30])], paired: false, network, Options, Ct);
        Assert.Equal(["diversity-real"], report.Metrics.Select(m => m.Name));
        Assert.Contains(report.Omitted, o => o is { Name: "precision", Reason: "a set has no more than 3 images" });
        Assert.Contains(report.Omitted, o => o.Name == "diversity-generated");
    }

    [Fact]
    public void ImpossibleInput_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Evaluation.Of(Real, Generated[1..], true, null, Options, Ct));
        Assert.Throws<ArgumentException>(() => Evaluation.Of(Real, [], false, null, Options, Ct));
        Assert.Throws<ArgumentException>(() => Evaluation.Of([new(2, 3, new float[5])], Generated, false, null, Options, Ct));
        Assert.Throws<ArgumentException>(() => Evaluation.Of([Real[0]], [new(16, 64, new float[1024])], true, null, Options, Ct));
        var errors = Assert.Throws<ArgumentException>(() => Evaluation.Of(Real, Generated, true, null, Options with { Low = 1, High = 1, Neighbours = 0, Confidence = 1 }, Ct)).Message;
        foreach (var name in new[] { "High", "Neighbours", "Confidence" }) Assert.Contains(name, errors, StringComparison.Ordinal);
    }

    private static float[] Noisy(float[] pixels, int seed)
    {
        var random = new SeededRandom(seed, stream: 5);
        return [.. pixels.Select(v => (float)(v + (0.05 + 0.01 * (seed / 4)) * random.NextNormal()))];
    }

    /// <summary>Means of the image's four quarters.</summary>
    private sealed class MeanFeatures : IFeatureNetwork
    {
        public string Name => "means";

        public float[][] Embed(IReadOnlyList<GreyImage> images) =>
            [.. images.Select(image => Enumerable.Range(0, 4).Select(q => image.Pixels.Where((_, i) => i / image.Width * 2 / image.Height * 2 + i % image.Width * 2 / image.Width == q).Average()).ToArray())];

        public void Dispose()
        {
        }
    }
}
