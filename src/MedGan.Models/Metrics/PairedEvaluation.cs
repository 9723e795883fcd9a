namespace MedGan.Models.Metrics;

/// <summary>Image by image: the mean of each metric over the pairs.</summary>
internal sealed class PairedEvaluation
{
    private readonly (GreyImage Real, GreyImage Generated)[] pairs;
    private readonly EvaluationOptions options;

    public PairedEvaluation(IReadOnlyList<GreyImage> real, IReadOnlyList<GreyImage> generated, EvaluationOptions options)
    {
        if (real.Count != generated.Count) throw new ArgumentException($"Pairs need as many generated images as real ones, not {generated.Count} and {real.Count}.");
        pairs = [.. real.Zip(generated)];
        this.options = options;
        foreach (var (i, (one, other)) in pairs.Index())
            if (one.Height != other.Height || one.Width != other.Width)
                throw new ArgumentException($"Pair {i}: the real image is {one.Height} x {one.Width}, the generated one {other.Height} x {other.Width}.");
    }

    public void Measure(Evaluation.Measured measured)
    {
        var patients = new PatientBootstrap([.. pairs.Select(p => p.Real.PatientId ?? p.Generated.PatientId)]);
        void Add(string name, string unit, Metric metric) => measured.AddMean(name, Each(metric), patients, unit);
        Add("mae", options.Unit, (x, y, mask, _) => ImageErrors.Mae(x, y, mask));
        foreach (var band in options.Bands) Add($"mae-{band.Name.Replace(' ', '-')}", options.Unit, (x, y, mask, _) => ImageErrors.Mae(x, y, mask, band));
        Add("psnr", "dB", (x, y, mask, _) => ImageErrors.Psnr(x, y, mask, options.Range));
        const int window = StructuralSimilarity.Window;
        if (pairs.Any(p => Math.Min(p.Real.Height, p.Real.Width) < window)) measured.Omit($"an image is smaller than {window} x {window}", "ssim", "ms-ssim");
        else
        {
            Add("ssim", "", (x, y, mask, width) => ImageErrors.Ssim(x, y, mask, width, options.Range));
            Add("ms-ssim", "", (x, y, mask, width) => MultiScaleSimilarity.Of(x, y, mask, width, options.Range));
        }
        Add("gradient-mae", options.Unit.Length > 0 ? $"{options.Unit}/pixel" : "1/pixel", (x, y, mask, width) => EdgeErrors.GradientMae(x, y, mask, width));
        Add("edge-correlation", "", (x, y, mask, width) => EdgeErrors.Correlation(x, y, mask, width));
        if (options.BoneThreshold is { } bone) Add("dice-bone", "", (x, y, mask, _) => DiceOverlap.Above(x, y, mask, bone));
    }

    private delegate double Metric(float[] generated, float[] real, bool[] mask, int width);

    private double[] Each(Metric metric)
    {
        var values = new double[pairs.Length];
        Parallel.For(0, pairs.Length, i => values[i] = metric(pairs[i].Generated.Pixels, pairs[i].Real.Pixels, pairs[i].Real.Mask ?? [], pairs[i].Real.Width));
        return values;
    }
}
