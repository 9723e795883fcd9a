using MedGan.Dicom.Volumes;
using MedGan.Jobs.Images;
using MedGan.Models.Training;
using MedGan.Models.Training.Contrastive;
using MedGan.Models.Training.Paired;
using MedGan.Storage.Queue;

namespace MedGan.Jobs.Train;

/// <summary>A plan's method on the cohorts of a training.</summary>
/// <param name="Method">What is trained; owned by its trainer.</param>
/// <param name="Validate">A figure of held-out patients, less being better; null where there is none.</param>
/// <param name="Columns">What each column of its samples is.</param>
/// <param name="Rows">What each row of them shows.</param>
internal sealed record CohortMethod(ITrainingMethod Method, Func<double>? Validate, string[] Columns, IReadOnlyList<SampleRow> Rows)
{
    private const int SamplesPerModality = 4;

    /// <exception cref="JobFailedException">The cohorts do not carry the method; the message says why.</exception>
    public static CohortMethod Of(TrainingPlan plan, Modality source, CohortImages cohort) => plan switch
    {
        CycleGanPlan both => BothWays(both, cohort),
        PairedTranslationPlan paired => FromPairs(paired, source, cohort),
        ContrastiveTranslationPlan contrastive => Unpaired(contrastive, source, cohort),
        _ => throw new JobFailedException(WhyNot(plan)!),
    };

    /// <summary>Why the service does not train by a plan; null where it does.</summary>
    public static string? WhyNot(TrainingPlan plan) => plan is CycleGanPlan or PairedTranslationPlan or ContrastiveTranslationPlan ? null
        : $"The service does not train by {plan.Method}; medgan train does, on folders of images.";

    private static CohortMethod BothWays(CycleGanPlan plan, CohortImages cohort)
    {
        var (cts, mrs) = (Shown(cohort, Modality.CT), Shown(cohort, Modality.MR));
        var method = new CycleGanMethod(
            plan, CohortImages.ForTrainer(cohort.Training(Modality.CT)), CohortImages.ForTrainer(cohort.Training(Modality.MR)),
            new SampleImages([.. cts.Select(image => image.Slice.Pixels)], [.. mrs.Select(image => image.Slice.Pixels)]));
        return new CohortMethod(method, null, ["real", "synthetic", "cycle"],
        [
            .. cts.Select(_ => new SampleRow("CT > MR", [Modality.CT, Modality.MR, Modality.CT])),
            .. mrs.Select(_ => new SampleRow("MR > CT", [Modality.MR, Modality.CT, Modality.MR])),
        ]);
    }

    private static CohortMethod FromPairs(PairedTranslationPlan plan, Modality source, CohortImages cohort)
    {
        PairedImage[] Pairs(IEnumerable<CohortImage> sources) =>
            [.. sources.Select(image => (image, Target: cohort.PartnerOf(image))).Where(pair => pair.Target is not null)
                .Select(pair => new PairedImage(pair.image.Patient, cohort.Stack(pair.image, plan.Slices / 2), pair.Target!.Slice.Pixels))];
        var (training, heldOut) = (Pairs(cohort.Training(source)), Pairs(cohort.HeldOut(source)));
        var method = new PairedTranslationMethod(plan, training, heldOut);
        return new CohortMethod(method, heldOut.Length == 0 ? null : () => method.Error(heldOut), ["source", "synthetic", "real"], OneWay(source, 2));
    }

    private static CohortMethod Unpaired(ContrastiveTranslationPlan plan, Modality source, CohortImages cohort)
    {
        TrainingImage[] Sources(IEnumerable<CohortImage> images) => [.. images.Select(image => new TrainingImage(image.Patient, cohort.Stack(image, plan.Slices / 2)))];
        var method = new ContrastiveTranslationMethod(plan, Sources(cohort.Training(source)), CohortImages.ForTrainer(cohort.Training(Other(source))), Sources(cohort.HeldOut(source)));
        return new CohortMethod(method, null, ["source", "synthetic"], OneWay(source, 1));
    }

    // as many rows as the methods show at most; of the source and so many images of the other modality
    private static SampleRow[] OneWay(Modality source, int targets) =>
        [.. Enumerable.Repeat(new SampleRow($"{source} > {Other(source)}", [source, .. Enumerable.Repeat(Other(source), targets)]), SamplesPerModality)];

    /// <summary>Held-out patients where there are any, spread over their slices.</summary>
    private static IReadOnlyList<CohortImage> Shown(CohortImages cohort, Modality modality) =>
        TrainingImages.Spread(cohort.HeldOut(modality) is { Count: > 0 } heldOut ? heldOut : cohort.Training(modality), SamplesPerModality);

    private static Modality Other(Modality modality) => Generate.SyntheticVolume.Other(modality);
}
