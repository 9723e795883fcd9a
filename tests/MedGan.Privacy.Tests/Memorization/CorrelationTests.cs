using MedGan.Privacy.Memorization;
using Xunit;

namespace MedGan.Tests.Privacy.Memorization;

public sealed class CorrelationTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(1000)]
    public void Correlation_OfRandomVectors_EqualsTheNaiveDoubleFormula(int length)
    {
        var random = new Random(length);
        for (int trial = 0; trial < 20; trial++)
        {
            float[] x = [.. Enumerable.Range(0, length).Select(_ => (float)(5 + Heads.Normal(random)))];
            float[] y = [.. x.Select(v => (float)(0.4 * v + Heads.Normal(random)))];
            Assert.Equal(Naive(x, y), Correlation.Of(x, y), 5e-6);
        }
    }

    [Fact]
    public void Correlation_OfShiftedCosines_IsTheCosineOfTheShift()
    {
        const int length = 360;
        float[] Wave(double shift) => [.. Enumerable.Range(0, length).Select(i => (float)Math.Cos(2 * Math.PI * 3 * i / length + shift))];
        foreach (double shift in new[] { 0, 0.3, 1, Math.PI / 2, 2.5, Math.PI })
            Assert.Equal(Math.Cos(shift), Correlation.Of(Wave(0), Wave(shift)), 1e-6);
    }

    [Fact]
    public void Correlation_DoesNotSeeGainAndOffset()
    {
        float[] image = Heads.Slice(1, 1);
        Assert.Equal(1, Correlation.Of(image, [.. image.Select(v => 0.2f * v - 0.3f)]), 1e-6);
        Assert.Equal(-1, Correlation.Of(image, [.. image.Select(v => -2 * v)]), 1e-6);
    }

    [Fact]
    public void Correlation_WithAConstant_IsZero() => Assert.Equal(0, Correlation.Of(new float[100], Heads.Slice(1, 1).AsSpan(0, 100)));

    [Fact]
    public void Nearest_FindsTheMirroredTrainingImageAndNamesTheMirror()
    {
        var training = Enumerable.Range(0, 20).Select(i => Heads.Slice(i, 0)).ToArray();
        var bank = new TrainingBank(training);
        foreach (var mirror in Mirroring.Forms)
        {
            float[] query = Mirroring.Apply(training[13], Heads.Size, mirror);
            var match = bank.Nearest([.. Mirroring.Forms.Select(form => Mirroring.Apply(query, Heads.Size, form))]);
            Assert.Equal((13, mirror), (match.TrainingIndex, match.Mirror));
            Assert.Equal(1, match.Correlation, 1e-6);
        }
    }

    [Fact]
    public void Nearest_AgreesWithASearchByTheNaiveFormula()
    {
        var training = Enumerable.Range(0, 50).Select(i => Heads.Slice(i, 0)).ToArray();
        var bank = new TrainingBank(training);
        for (int q = 0; q < 10; q++)
        {
            float[] query = Heads.Slice(1000 + q, 0);
            double expected = training.SelectMany(t => Mirroring.Forms.Select(f => Naive(t, Mirroring.Apply(query, Heads.Size, f)))).Max();
            Assert.Equal(expected, bank.Nearest([.. Mirroring.Forms.Select(f => Mirroring.Apply(query, Heads.Size, f))]).Correlation, 5e-6);
        }
    }

    [Fact]
    public void Views_OfAMirroredImage_AreTheMirroredViews()
    {
        float[] image = Heads.Slice(3, 2);
        int[] sides = [Heads.Size, Heads.Size / 2, Heads.Size / 4, Heads.Size / 2, Heads.Size / 2];
        foreach (var mirror in Mirroring.Forms)
        {
            float[][] mirrored = ImageScales.Of(Mirroring.Apply(image, Heads.Size, mirror), Heads.Size), views = ImageScales.Of(image, Heads.Size);
            for (int v = 0; v < views.Length; v++)
                Assert.All(Mirroring.Apply(views[v], sides[v], mirror).Zip(mirrored[v]), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        }
    }

    [Fact]
    public void AlignedView_OfAShiftedImage_IsTheSame()
    {
        float[] image = Heads.Slice(3, 2), shifted = [.. Enumerable.Repeat(-1f, image.Length)];
        float[] clean = [.. image.Select(v => v < -0.8f ? -1 : v)];
        for (int y = 2; y < Heads.Size; y++)
            for (int x = 3; x < Heads.Size; x++) shifted[y * Heads.Size + x] = clean[(y - 2) * Heads.Size + x - 3];
        float[] before = ImageScales.Of(clean, Heads.Size)[^1], after = ImageScales.Of(shifted, Heads.Size)[^1];
        Assert.True(Correlation.Of(before, after) > 0.99, $"{Correlation.Of(before, after)}");
        Assert.True(Correlation.Of(ImageScales.Of(clean, Heads.Size)[^2], ImageScales.Of(shifted, Heads.Size)[^2]) < 0.9);
    }

    private static double Naive(float[] x, float[] y)
    {
        double mx = x.Average(v => (double)v), my = y.Average(v => (double)v);
        double xy = x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum();
        return xy / Math.Sqrt(x.Sum(a => (a - mx) * (a - mx)) * y.Sum(b => (b - my) * (b - my)));
    }
}
