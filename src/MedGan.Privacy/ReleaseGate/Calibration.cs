using MedGan.Privacy.Memorization;

namespace MedGan.Privacy.ReleaseGate;

/// <summary>Thresholds from the similarities of real held-out images to their closest training images.</summary>
internal sealed class Calibration
{
    // A held-out image this close to a training image in every view is the same image under another name.
    private const double Duplicate = 0.9995;
    private readonly IReadOnlyList<(GateImage Image, NearestMatch[] Matches)> scored;
    private readonly double falseAlarm;

    private Calibration(IReadOnlyList<(GateImage, NearestMatch[])> scored, double falseAlarm)
    {
        this.scored = scored;
        this.falseAlarm = falseAlarm;
        Thresholds = Fit(scored);
    }

    /// <summary>One threshold per view.</summary>
    public TailThreshold[] Thresholds { get; }

    /// <summary>True if one view's correlation is over its threshold.</summary>
    public static bool Exceeds(NearestMatch[] matches, TailThreshold[] thresholds) =>
        matches.Where((match, view) => !(match.Correlation <= thresholds[view].Value)).Any();

    /// <summary>Calibrates, or says why that is impossible.</summary>
    public static (Calibration? Calibration, CalibrationReport Report, string? WhyNot) Make(
        GateInput input, Detectors detectors, GateOptions options, Action<int> done, CancellationToken ct)
    {
        var training = input.Training.Select(image => image.PatientId).ToHashSet();
        var strangers = input.HeldOut.Where(image => !training.Contains(image.PatientId)).ToList();
        var usable = strangers.Where(image => !ImageCheck.IsEmpty(image.Pixels, options.EmptyForegroundFraction) && !ImageCheck.IsFlat(image.Pixels)).ToList();
        var matches = detectors.Search([.. usable.Select(image => image.Pixels)], done, ct);
        var all = usable.Zip(matches).ToList();
        var duplicates = all.Where(pair => pair.Second.All(match => match.Correlation >= Duplicate)).ToList();
        var scored = all.Except(duplicates).ToList();
        double falseAlarm = options.FalseAlarmPerImage ?? 1.0 / Math.Max(2, scored.Count);

        Calibration? calibration = scored.Count >= options.LeastHeldOutImages ? new(scored, falseAlarm) : null;
        var report = new CalibrationReport(input.HeldOutKind, scored.Select(pair => pair.First.PatientId).Distinct().Count(), scored.Count,
            strangers.Count - usable.Count, input.HeldOut.Count - strangers.Count, [.. duplicates.Select(pair => pair.First.Id)], falseAlarm,
            calibration?.Describe() ?? []);
        return (calibration, report, calibration is not null ? null
            : $"There is nothing to calibrate the thresholds with: {scored.Count} usable real images of patients outside the training set, at least {options.LeastHeldOutImages} are needed.");
    }

    /// <summary>Leaves one held-out patient out at a time: calibrates on the others and judges the one.</summary>
    public FalseAlarmReport MeasureFalseAlarms(HeldOutKind kind, int leastImages)
    {
        if (kind != HeldOutKind.SameModality)
            return new(null, null, "The false-alarm rate for images of the generated modality cannot be measured: no held-out patient of that modality exists.");
        var patients = scored.GroupBy(pair => pair.Image.PatientId).ToList();
        if (patients.Count < 2)
            return new(null, null, "The false-alarm rate cannot be measured: there is only one held-out patient.");
        int alarms = 0, alarmed = 0;
        foreach (var patient in patients)
        {
            var others = scored.Where(pair => pair.Image.PatientId != patient.Key).ToList();
            if (others.Count < leastImages)
                return new(null, null, "The false-alarm rate cannot be measured: without one of the held-out patients too few images are left to calibrate with.");
            var thresholds = Fit(others);
            int count = patient.Count(pair => Exceeds(pair.Matches, thresholds));
            alarms += count;
            alarmed += count > 0 ? 1 : 0;
        }
        return new(RateEstimate.From(alarms, scored.Count), RateEstimate.From(alarmed, patients.Count), null);
    }

    /// <summary>The three-sample test of the generated images against the held-out ones, per view.</summary>
    public IReadOnlyList<SetCloseness> Compare(IReadOnlyList<NearestMatch[]> generated) => generated.Count == 0 ? [] :
    [
        .. Detectors.Names.Select((name, view) => new SetCloseness(name, ThreeSampleTest.Z(
            [.. generated.Select(matches => 1 - matches[view].Correlation)], [.. scored.Select(pair => 1 - pair.Matches[view].Correlation)]))),
    ];

    /// <summary>The accepted false-alarm probability is shared among the views (Bonferroni).</summary>
    private TailThreshold[] Fit(IReadOnlyList<(GateImage Image, NearestMatch[] Matches)> images) =>
        [.. Detectors.Names.Select((_, view) => TailThreshold.Fit([.. images.Select(i => i.Matches[view].Correlation)], falseAlarm / Detectors.Names.Count))];

    private DetectorThreshold[] Describe() => [.. Detectors.Names.Select((name, view) =>
    {
        double[] rho = [.. scored.Select(pair => pair.Matches[view].Correlation)];
        var threshold = Thresholds[view];
        return new DetectorThreshold(name, TailThreshold.Percentile(rho, 0.5), rho.Max(), threshold.Percentile95, threshold.Tail, threshold.Value);
    })];
}
