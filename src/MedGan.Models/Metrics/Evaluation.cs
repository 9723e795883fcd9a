namespace MedGan.Models.Metrics;

/// <summary>
/// All metrics of generated against real images. Intervals are percentiles of the bootstrap over patients (over images where patients are unknown):
/// of paired and neighbour metrics, which are means over images, those of the resampled means; of Frechet, kernel and energy distances and of diversity, which
/// resampling itself shifts, moved so that they lie about the value. With two or three patients an interval says little.
/// </summary>
public static class Evaluation
{
    /// <param name="real">Values within [Low, High] of the options.</param>
    /// <param name="generated">The same unit; where <paramref name="paired"/>, the i-th belongs to the i-th real one and has its size.</param>
    /// <param name="paired">Whether to compare image by image too, inside the real image's mask.</param>
    /// <param name="network">For the metrics of distributions; null for none of those that need one.</param>
    /// <param name="options">How to measure.</param>
    /// <param name="ct">Stops between two metrics.</param>
    public static EvaluationReport Of(IReadOnlyList<GreyImage> real, IReadOnlyList<GreyImage> generated, bool paired, IFeatureNetwork? network, EvaluationOptions options, CancellationToken ct)
    {
        options.Check();
        if (real.Count == 0 || generated.Count == 0) throw new ArgumentException($"There are {real.Count} real and {generated.Count} generated images; both must be some.");
        foreach (var image in real.Concat(generated)) image.Check();
        var measured = new Measured(options, ct);
        if (paired) new PairedEvaluation(real, generated, options).Measure(measured);
        new DistributionEvaluation(real, generated, options).Measure(measured, network);
        int? Patients(IReadOnlyList<GreyImage> images) => new PatientBootstrap([.. images.Select(i => i.PatientId)]).Patients;
        return new(real.Count, Patients(real), generated.Count, Patients(generated), options.Low, options.High, options.Unit, options.Confidence, measured.Metrics, measured.Omitted);
    }

    /// <summary>The report as it grows.</summary>
    internal sealed class Measured(EvaluationOptions options, CancellationToken ct)
    {
        public List<MetricValue> Metrics { get; } = [];
        public List<OmittedMetric> Omitted { get; } = [];

        public void Add(string name, double value, Interval? interval, string unit, int images, string? network = null)
        {
            ct.ThrowIfCancellationRequested();
            Metrics.Add(new(name, value, interval?.Low, interval?.High, unit, images, network));
        }

        /// <summary>The mean of the values that are numbers.</summary>
        public void AddMean(string name, IReadOnlyList<double> values, PatientBootstrap patients, string unit, string? network = null)
        {
            var numbers = values.Where(v => !double.IsNaN(v)).ToArray();
            if (numbers.Length == 0) Omit("no image has such a pixel", name);
            else Add(name, numbers.Average(), patients.OfMean(values, options), unit, numbers.Length, network);
        }

        public void Omit(string reason, params IEnumerable<string> names) => Omitted.AddRange(names.Select(name => new OmittedMetric(name, reason)));
    }
}
