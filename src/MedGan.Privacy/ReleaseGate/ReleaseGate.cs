using MedGan.Privacy.Memorization;

namespace MedGan.Privacy.ReleaseGate;

/// <summary>
/// Holds every generated image against every training image and lets only those through that are no closer to one than
/// real images of unseen patients are. Fails closed: whatever cannot be judged is withheld.
/// </summary>
public sealed class ReleaseGate
{
    private readonly GateKey key;
    private readonly GateOptions options;
    private readonly EmbedImages embed;
    private readonly TimeProvider clock;

    /// <summary>A gate that seals with the given key and embeds images with the given function.</summary>
    public ReleaseGate(GateKey key, GateOptions options, EmbedImages embed, TimeProvider? clock = null)
    {
        var errors = options.Validate();
        if (errors.Count > 0) throw new ArgumentException(string.Join(' ', errors), nameof(options));
        (this.key, this.options, this.embed, this.clock) = (key, options, embed, clock ?? TimeProvider.System);
    }

    /// <summary>Opens the seal of a released image and checks that this is the content it was made for.</summary>
    /// <exception cref="SealBrokenException">The seal does not hold.</exception>
    public ReleasedInstance Reopen(string sealJson, ReadOnlySpan<byte> content) => Reopen(key, sealJson, content);

    /// <inheritdoc cref="Reopen(string, ReadOnlySpan{byte})"/>
    public static ReleasedInstance Reopen(GateKey key, string sealJson, ReadOnlySpan<byte> content) => ReleasedInstance.Open(key, sealJson, content);

    /// <summary>Judges a set of generated images. Throws only when cancelled.</summary>
    /// <param name="input">Training, held-out and generated images.</param>
    /// <param name="progress">Told values from 0 to 1.</param>
    /// <param name="ct">Stops the work; nothing is released then.</param>
    public GateOutcome Judge(GateInput input, IProgress<double>? progress = null, CancellationToken ct = default)
    {
        try
        {
            string? unusable = WhyUnusable(input);
            return unusable is null ? Compare(input, progress, ct) : Outcome(input, Blocked(unusable));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error) // Whatever went wrong: nothing leaves. The message may hold anything, so only the kind is told.
        {
            string detail = error is InvalidDataException ? error.Message : $"An error of the kind {error.GetType().Name} occurred inside the gate.";
            return Outcome(input, Blocked(detail + " No image could be judged."));
        }
    }

    private GateOutcome Compare(GateInput input, IProgress<double>? progress, CancellationToken ct)
    {
        var planted = SelfTest.Choose(input.Training, options);
        var comparable = input.Generated.Where(image => ImageCheck.WhyUnusable(image, input.Size) is null).ToList();
        int work = Math.Max(1, input.HeldOut.Count + planted.Count * Alteration.All.Count + comparable.Count), finished = 0;
        void Done(int count) => progress?.Report(Math.Min(1, (double)(finished += count) / work));

        var detectors = new Detectors(input.Size, input.Training, embed, ct);
        var (calibration, calibrationReport, whyNot) = Calibration.Make(input, detectors, options, Done, ct);
        var findings = new Findings { Calibration = calibrationReport };
        if (calibration is null) return Outcome(input, findings with { WhyNot = [whyNot!] });

        findings = findings with
        {
            FalseAlarm = calibration.MeasureFalseAlarms(input.HeldOutKind, options.LeastHeldOutImages),
            SelfTest = SelfTest.Run(planted, input.Size, detectors, calibration.Thresholds, options.SelfTestSeed, Done, ct),
        };
        var missed = findings.SelfTest.Where(copies => copies.Deciding && copies.Found.Count < copies.Found.Of).ToList();
        if (planted.Count == 0) findings = findings with { WhyNot = ["No training image shows anything, so the gate could not test itself."] };
        else if (missed.Count > 0)
            findings = findings with { WhyNot = [.. missed.Select(copies => $"The gate missed planted copies ({copies.Copy}): it found {copies.Found}.")] };

        var matches = detectors.Search([.. comparable.Select(image => image.Pixels)], Done, ct);
        if (input.HeldOutKind == HeldOutKind.SameModality)
        {
            var shown = comparable.Zip(matches).Where(pair => !ImageCheck.IsEmpty(pair.First.Pixels, options.EmptyForegroundFraction) && !ImageCheck.IsFlat(pair.First.Pixels));
            findings = findings with { SetCloseness = calibration.Compare([.. shown.Select(pair => pair.Second)]) };
        }
        var evidence = comparable.Zip(matches, (image, match) => (image, Evidence: Describe(input, image, match, calibration.Thresholds)));
        progress?.Report(1);
        return Outcome(input, findings with { Evidence = evidence.ToDictionary(e => (object)e.image, e => e.Evidence, ReferenceEqualityComparer.Instance) });
    }

    private Evidence Describe(GateInput input, GateImage image, NearestMatch[] matches, TailThreshold[] thresholds)
    {
        if (ImageCheck.IsEmpty(image.Pixels, options.EmptyForegroundFraction)) return Evidence.Empty;
        if (ImageCheck.IsFlat(image.Pixels)) return Evidence.NotCompared;
        return Evidence.Compared([.. matches.Select((match, view) => new DetectorScore(
            Detectors.Names[view], match.Correlation, thresholds[view].Value, input.Training[match.TrainingIndex].Id, match.Mirror))]);
    }

    /// <summary>Turns what was found into verdicts; this is the only place that releases anything.</summary>
    private GateOutcome Outcome(GateInput input, Findings findings)
    {
        var now = clock.GetUtcNow();
        var released = new List<ReleasedInstance>();
        var withheld = new List<WithheldInstance>();
        var images = new List<ImageReport>();
        var repeated = input.Generated.GroupBy(image => image?.Id).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet();
        foreach (var image in input.Generated)
        {
            string id = image?.Id ?? "";
            var evidence = image is null ? Evidence.NotCompared : findings.Evidence.GetValueOrDefault(image, Evidence.NotCompared);
            var reasons = new List<string>(findings.WhyNot);
            if (ImageCheck.WhyUnusable(image, input.Size) is { } unusable) reasons.Add(unusable);
            else if (findings.WhyNot.Count == 0 && evidence.Kind == EvidenceKind.NotCompared) reasons.Add("The image is nearly constant but not air: there is nothing to compare.");
            if (repeated.Contains(id)) reasons.Add("Several images carry this identifier.");
            if (image is not { ContentSha256.Length: 64 } || !image.ContentSha256.All(char.IsAsciiHexDigit)) reasons.Add("The image carries no SHA-256 of its content, so it cannot be sealed.");
            reasons.AddRange(evidence.Scores.Where(score => score.Exceeds).Select(GateReportText.Reason));

            if (reasons.Count == 0) released.Add(ReleasedInstance.Create(key, id, image!.ContentSha256, evidence, now));
            else withheld.Add(new WithheldInstance(id, reasons, evidence));
            images.Add(new ImageReport(id, reasons.Count == 0 ? Verdict.Released : Verdict.Withheld, evidence, reasons));
        }
        return new GateOutcome(released, withheld, new GateReport
        {
            JudgedAt = now,
            Certified = findings.WhyNot.Count == 0,
            WhyNotCertified = findings.WhyNot,
            TrainingImages = input.Training.Count,
            TrainingPatients = input.Training.Select(image => image?.PatientId).Distinct().Count(),
            Generated = input.Generated.Count,
            Released = released.Count,
            ReleasedEmpty = released.Count(instance => instance.Evidence.Kind == EvidenceKind.Empty),
            Withheld = withheld.Count,
            Calibration = findings.Calibration,
            FalseAlarm = findings.FalseAlarm,
            SelfTest = findings.SelfTest,
            SetCloseness = findings.SetCloseness,
            Images = images,
        });
    }

    private static string? WhyUnusable(GateInput input)
    {
        if (!ImageScales.Accepts(input.Size)) return $"Images of {input.Size} pixels a side cannot be compared.";
        if (input.Training.Count == 0) return "There are no training images to compare with.";
        foreach (var image in input.Training.Concat(input.HeldOut))
            if (ImageCheck.WhyUnusable(image, input.Size) is { } why) return $"A real image cannot be used. {why}";
        return null;
    }

    private static Findings Blocked(string reason) => new() { WhyNot = [reason] };

    private sealed record Findings
    {
        public IReadOnlyList<string> WhyNot { get; init; } = [];
        public CalibrationReport? Calibration { get; init; }
        public FalseAlarmReport? FalseAlarm { get; init; }
        public IReadOnlyList<PlantedCopies> SelfTest { get; init; } = [];
        public IReadOnlyList<SetCloseness> SetCloseness { get; init; } = [];
        public Dictionary<object, Evidence> Evidence { get; init; } = new(ReferenceEqualityComparer.Instance);
    }
}
