using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Metrics;

/// <summary>Set by set.</summary>
internal sealed class DistributionEvaluation
{
    private const int MostResampled = 2000; // images of a set whose pairs are all kept for resampling: 32 MB a matrix
    private const int DiversitySize = 128;  // pixels per side at which images of several sizes are compared

    private readonly IReadOnlyList<GreyImage> real, generated;
    private readonly EvaluationOptions options;
    private readonly PatientBootstrap realPatients, generatedPatients;
    private readonly int smaller;

    public DistributionEvaluation(IReadOnlyList<GreyImage> real, IReadOnlyList<GreyImage> generated, EvaluationOptions options)
    {
        (this.real, this.generated, this.options, smaller) = (real, generated, options, Math.Min(real.Count, generated.Count));
        (realPatients, generatedPatients) = (new([.. real.Select(i => i.PatientId)]), new([.. generated.Select(i => i.PatientId)]));
    }

    public void Measure(Evaluation.Measured measured, IFeatureNetwork? network)
    {
        if (network is null) measured.Omit("no feature network was given", "frechet-distance", "frechet-infinity", "kid", "precision", "recall", "density", "coverage");
        else if (options.PatchSize is { } size)
            new DistributionEvaluation(Patches(real, size), Patches(generated, size), options).Features(measured, network, $"{network.Name}, patches of {size} x {size}");
        else Features(measured, network, network.Name);
        Similarity(measured, "diversity-real", real, realPatients);
        Similarity(measured, "diversity-generated", generated, generatedPatients);
        Radiomics(measured);
    }

    private void Features(Evaluation.Measured measured, IFeatureNetwork features, string network)
    {
        var (one, other) = (features.Embed(Scaled(real)), features.Embed(Scaled(generated)));
        if (smaller < 2) measured.Omit("a set has fewer than 2 images", "frechet-distance", "frechet-infinity", "kid");
        else
        {
            AddFrechet(measured, "frechet-distance", one, other, network);
            if (smaller < 4) measured.Omit("a set has fewer than 4 images", "frechet-infinity");
            else measured.Add("frechet-infinity", FrechetDistance.AtInfinity(one, other, options.Seed), null, "", smaller, network);
            var kid = KernelDistance.OfSubsets(one, other, options.KernelSubsets, options.KernelSubsetSize, options.Seed);
            measured.Add("kid", kid.Mean, OfPairs(kid.Mean, one, other, (x, y) => new KernelDistance.Kernels(x, y).Of), "", smaller, network);
        }
        if (smaller <= options.Neighbours)
        {
            measured.Omit($"a set has no more than {options.Neighbours} images", "precision", "recall", "density", "coverage");
            return;
        }
        var cover = NeighbourCoverage.Of(one, other, options.Neighbours);
        measured.AddMean("precision", cover.PrecisionOf, generatedPatients, "", network);
        measured.AddMean("recall", cover.RecallOf, realPatients, "", network);
        measured.AddMean("density", cover.DensityOf, generatedPatients, "", network);
        measured.AddMean("coverage", cover.CoverageOf, realPatients, "", network);
    }

    private void Similarity(Evaluation.Measured measured, string name, IReadOnlyList<GreyImage> images, PatientBootstrap patients)
    {
        if (images.Count < 2 || images.Any(i => MultiScaleSimilarity.Scales(i.Height, i.Width) == 0))
        {
            measured.Omit("there are fewer than 2 images, or one is smaller than 7 x 7", name);
            return;
        }
        if (real.Concat(generated).DistinctBy(i => (i.Height, i.Width)).Count() > 1) images = OfOneSize(images);
        var pairs = Diversity.Of(images, options.Range, options.DiversityPairs, options.Seed);
        var drawn = patients.OfOne(times => pairs.Sum(p => (double)times[p.First] * times[p.Second] * p.Similarity) / pairs.Sum(p => (double)times[p.First] * times[p.Second]), options);
        var value = pairs.Average(p => p.Similarity);
        measured.Add(name, value, Interval.Around(value, drawn, options.Confidence), "", pairs.Count);
    }

    private void Radiomics(Evaluation.Measured measured)
    {
        if (smaller < 2)
        {
            measured.Omit("a set has fewer than 2 images", "radiomic-energy-distance", "radiomic-frechet-distance");
            return;
        }
        double? bright = options.BrightThreshold is { } given ? (given - options.Low) / options.Range * 2 - 1 : null;
        float[][] Of(IReadOnlyList<GreyImage> images) => [.. Scaled(images).AsParallel().AsOrdered().Select(i => RadiomicFeatures.Of(i, bright))];
        var (one, other) = RadiomicFeatures.Standardised(Of(real), Of(generated));
        var energy = EnergyDistance.Of(one, other);
        measured.Add("radiomic-energy-distance", energy, OfPairs(energy, one, other, (x, y) => new EnergyDistance.Distances(x, y).Of), "", smaller);
        AddFrechet(measured, "radiomic-frechet-distance", one, other, network: null);
    }

    private void AddFrechet(Evaluation.Measured measured, string name, float[][] one, float[][] other, string? network)
    {
        var value = FrechetDistance.Of(one, other);
        var drawn = PatientBootstrap.OfTwo(realPatients, generatedPatients, (x, y) => FrechetDistance.Of(one, x, other, y), options.FrechetRounds, options);
        var interval = Interval.Around(value, drawn, options.Confidence);
        measured.Add(name, value, interval is { Low: < 0 } below ? below with { Low = 0 } : interval, "", smaller, network);
    }

    // the interval of a mean over pairs
    private Interval? OfPairs(double value, float[][] one, float[][] other, Func<IReadOnlyList<float[]>, IReadOnlyList<float[]>, Func<int[], int[], double>> statistic)
    {
        var random = new SeededRandom(options.Seed, stream: 45);
        int[] Keep(int count) => FeatureSets.Draw(count, Math.Min(count, MostResampled), random);
        var (ofReal, ofGenerated) = (Keep(one.Length), Keep(other.Length));
        var of = statistic([.. ofReal.Select(i => one[i])], [.. ofGenerated.Select(i => other[i])]);
        var drawn = PatientBootstrap.OfTwo(new([.. ofReal.Select(i => real[i].PatientId)]), new([.. ofGenerated.Select(i => generated[i].PatientId)]), of, options.BootstrapRounds, options);
        return Interval.Around(value, drawn, options.Confidence);
    }

    private GreyImage[] Scaled(IReadOnlyList<GreyImage> images) => [.. images.Select(i => i.Scaled(options.Low, options.High))];

    // all of an image's stay together when patients are resampled
    private static GreyImage[] Patches(IReadOnlyList<GreyImage> images, int size) => [.. images.SelectMany((image, i) =>
    {
        if (image.Height < size || image.Width < size) throw new ArgumentException($"An image of {image.Height} x {image.Width} has no patch of {size} x {size}.");
        var (rows, columns) = (image.Height / size, image.Width / size);
        var (top, left) = ((image.Height - rows * size) / 2, (image.Width - columns * size) / 2);
        return Enumerable.Range(0, rows * columns).Select(p =>
        {
            var pixels = new float[size * size];
            for (var row = 0; row < size; row++)
                image.Pixels.AsSpan((top + p / columns * size + row) * image.Width + left + p % columns * size, size).CopyTo(pixels.AsSpan(row * size));
            return new GreyImage(size, size, pixels, image.PatientId ?? $"\0{i}");
        });
    })];

    private static GreyImage[] OfOneSize(IReadOnlyList<GreyImage> images)
    {
        using var scope = NewDisposeScope();
        return [.. images.Select(i => new GreyImage(DiversitySize, DiversitySize, Resampled.To(i, DiversitySize).data<float>().ToArray()))];
    }
}
