using MedGan.Models.Training;
using TorchSharp;

namespace MedGan.Models.Tests.Training;

public class CohortEncoderTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static readonly TrainingImage[] Cohort = [.. Enumerable.Range(0, 40).Select(i => TinyCohort.Disc(100 + i, inside: i % 2 == 0 ? 0.5f : 0.1f, rim: i % 3 == 0 ? 0.9f : -0.5f))];

    [Fact]
    public void AlteredCopy_IsNearerToItsSource_ThanAnyOtherPatientIs()
    {
        using var encoder = CohortEncoder.Train(Cohort, TinyCohort.Size, seed: 3, steps: 250, Ct);
        var sources = encoder.Embed([.. Cohort.Select(i => i.Pixels)]);
        var random = new SeededRandom(8);
        var found = 0;
        for (var i = 0; i < Cohort.Length; i++)
        {
            var copy = new float[TinyCohort.Size * TinyCohort.Size];
            AffineWarp.Apply(Cohort[i].Pixels, copy, TinyCohort.Size, angle: 0, scale: 1, shiftX: 0, shiftY: 0, mirror: true);
            for (var p = 0; p < copy.Length; p++) copy[p] += (float)(0.05 * random.NextNormal());
            var embedded = encoder.Embed([copy])[0];
            var nearest = Enumerable.Range(0, Cohort.Length).MaxBy(j => Dot(sources[j], embedded));
            if (nearest == i) found++;
        }
        Assert.True(found >= 32, $"Of 40 mirrored, noisy copies {found} were nearest to their source."); // by chance: 1
    }

    [Fact]
    public void SameSeed_GivesTheSameEncoder()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, seed) in (ReadOnlySpan<(string, long)>)[("one", 3), ("two", 3), ("other", 4)])
        {
            using var encoder = CohortEncoder.Train(Cohort, TinyCohort.Size, seed, steps: 5, Ct);
            encoder.Save(folder[name]);
        }
        Assert.Equal(File.ReadAllBytes(folder["one"]), File.ReadAllBytes(folder["two"]));
        Assert.NotEqual(File.ReadAllBytes(folder["one"]), File.ReadAllBytes(folder["other"]));
    }

    [Fact]
    public void SavedEncoder_EmbedsAlike_InUnitVectors()
    {
        using var folder = new TemporaryFolder();
        using var encoder = CohortEncoder.Train(Cohort, TinyCohort.Size, seed: 3, steps: 3, Ct);
        encoder.Save(folder["encoder"]);
        using var loaded = CohortEncoder.Load(folder["encoder"]);
        float[][] images = [Cohort[0].Pixels, Cohort[1].Pixels];
        Assert.Equal(encoder.Embed(images), loaded.Embed(images));
        Assert.All(loaded.Embed(images), vector => Assert.Equal(1, Dot(vector, vector), 1e-4));
        Assert.Equal(TinyCohort.Size, loaded.Size);
    }

    [Fact]
    public void WrongInput_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<ArgumentException>(() => CohortEncoder.Train(Cohort[..1], TinyCohort.Size, seed: 1, steps: 1, Ct));
        Assert.Throws<ArgumentException>(() => CohortEncoder.Train(Cohort, 64, seed: 1, steps: 1, Ct));
        Assert.ThrowsAny<OperationCanceledException>(() => CohortEncoder.Train(Cohort, TinyCohort.Size, seed: 1, steps: 1, new CancellationToken(canceled: true)));
        using (var trainer = TinyCohort.Trainer(TinyCohort.Plan)) trainer.Export(folder["model"]);
        Assert.Throws<InvalidDataException>(() => CohortEncoder.Load(folder["model/weights.safetensors"]));
    }

    private static double Dot(float[] x, float[] y) => x.Zip(y, (p, q) => (double)p * q).Sum();
}
