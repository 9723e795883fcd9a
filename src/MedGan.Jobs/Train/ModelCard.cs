using System.Text.Json.Nodes;
using MedGan.Dicom.Volumes;
using MedGan.Models.Training;
using MedGan.Models.Training.Paired;
using MedGan.Storage.Records;

namespace MedGan.Jobs.Train;

/// <summary>How many patients and slices one part of a cohort holds.</summary>
public sealed record PartSize(SourceSplit Split, int Patients, int Slices);

/// <summary>One modality's cohort as the training used it.</summary>
public sealed record CardCohort(string Cohort, IReadOnlyList<PartSize> Parts);

/// <summary>What the training was run with.</summary>
public sealed record CardSoftware(string MedGan, string Libtorch, string DotNet, string Device, int Threads);

/// <summary>What a model is: data, configuration, versions, figures, use and limits. The archive carries it as JSON and Markdown.</summary>
public sealed record ModelCard
{
    /// <summary>The training's identifier.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name that the researcher gave.</summary>
    public required string Name { get; init; }

    /// <summary>When the model was finished (UTC).</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>Hash of the data snapshot, see <see cref="CohortSnapshot.Sha256"/>.</summary>
    public required string SnapshotSha256 { get; init; }

    /// <summary>SHA-256 of weights.safetensors.</summary>
    public required string WeightsSha256 { get; init; }

    /// <summary>The CT cohort.</summary>
    public required CardCohort Ct { get; init; }

    /// <summary>The MR cohort.</summary>
    public required CardCohort Mr { get; init; }

    /// <summary>Which modality into which: "CT to MR", "MR to CT".</summary>
    public required IReadOnlyList<string> Translates { get; init; }

    /// <summary>Everything that steered the training, method and seed among it.</summary>
    public required JsonObject Plan { get; init; }

    /// <summary>Versions and device.</summary>
    public required CardSoftware Software { get; init; }

    /// <summary>Optimiser steps taken.</summary>
    public required long Steps { get; init; }

    /// <summary>Seconds of training in all, before and after restarts.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>The losses at the end; null when no step was taken since a restart.</summary>
    public required LossPoint? FinalLosses { get; init; }

    /// <summary>Figures that need no paired truth.</summary>
    public required ModelMetrics Metrics { get; init; }

    /// <summary>What the model is for.</summary>
    public string IntendedUse { get; init; } =
        "Making synthetic CT and MR of the head for research and software testing, behind MedGan's privacy gate. " +
        "Not a medical device: not for diagnosis, treatment planning, dose calculation, or any other decision about a patient.";

    /// <summary>What it cannot do.</summary>
    public required IReadOnlyList<string> Limits { get; init; }

    /// <summary>The directions of a plan's model.</summary>
    /// <param name="plan">Says whether there are two.</param>
    /// <param name="source">What a model of one direction translates.</param>
    internal static IReadOnlyList<string> Directions(TrainingPlan plan, Modality source) =>
        plan is CycleGanPlan ? ["CT to MR", "MR to CT"] : [source == Modality.CT ? "CT to MR" : "MR to CT"];

    /// <summary>What a plan's model cannot do.</summary>
    internal static IReadOnlyList<string> LimitsOf(TrainingPlan plan) =>
    [
        "Slices are translated one by one in the axial plane: nothing makes neighbouring slices agree, but what a model sees of a slice's neighbours.",
        "What lies more than 8 mm outside of the source's head, and every slice without a head, is set to air, not generated.",
        "The in-plane resolution of the content is that of the training grid, however fine the matrix it is written on.",
        "Pathology, implants and anatomy that the training cohorts lack are not to be expected, and may be removed or made up.",
        plan is PairedTranslationPlan
            ? "What was registered only nearly is learnt as blur, or as an edge in the wrong place: the figures are as good as the registration."
            : "Unpaired training knows no voxel-wise truth: its figures bound the model's consistency, not its correctness.",
        "The model itself is not private: it was trained without differential privacy. What was checked is each released image.",
    ];
}
