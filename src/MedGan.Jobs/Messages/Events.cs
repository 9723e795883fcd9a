using MassTransit;

namespace MedGan.Jobs.Messages;

/// <summary>A study of an upload can be used: at least one of its series became a checked volume.</summary>
/// <param name="Project">The project.</param>
/// <param name="Cohort">The cohort.</param>
/// <param name="StudyInstanceUid">The replaced UID.</param>
/// <param name="Series">Its series, with what became of each.</param>
[EntityName("medgan.study-ingested.v1")]
public sealed record StudyIngested(string Project, string Cohort, string StudyInstanceUid, IReadOnlyList<IngestedSeries> Series);

/// <summary>One series of an ingested study.</summary>
/// <param name="Id">Its id in the API.</param>
/// <param name="SeriesInstanceUid">The replaced UID.</param>
/// <param name="Modality">CT or MR.</param>
/// <param name="Instances">How many instances it has.</param>
/// <param name="Rejected">Why it cannot be used; null when it can.</param>
public sealed record IngestedSeries(Guid Id, string SeriesInstanceUid, string Modality, int Instances, string? Rejected);

/// <summary>No series of a study can be used.</summary>
/// <param name="Project">The project.</param>
/// <param name="Cohort">The cohort.</param>
/// <param name="StudyInstanceUid">The replaced UID.</param>
/// <param name="Reasons">Why, a sentence for each series.</param>
[EntityName("medgan.study-rejected.v1")]
public sealed record StudyRejected(string Project, string Cohort, string StudyInstanceUid, IReadOnlyList<string> Reasons);

/// <summary>A training has a model that can generate.</summary>
/// <param name="Project">The project.</param>
/// <param name="Training">Its id in the API.</param>
/// <param name="Name">As the researcher named it.</param>
/// <param name="Steps">How many steps it took.</param>
/// <param name="SnapshotSha256">Of the data it was trained on.</param>
/// <param name="WeightsSha256">Of the generators' weights.</param>
[EntityName("medgan.training-completed.v1")]
public sealed record TrainingCompleted(string Project, Guid Training, string Name, long Steps, string SnapshotSha256, string WeightsSha256);

/// <summary>A synthetic set can be downloaded.</summary>
/// <param name="Project">The project.</param>
/// <param name="Set">Its id in the API.</param>
/// <param name="Training">The training whose model generated it.</param>
/// <param name="Released">How many images the privacy gate released.</param>
/// <param name="Withheld">How many it withheld.</param>
/// <param name="Series">The series that hold released images.</param>
[EntityName("medgan.synthetic-set-released.v1")]
public sealed record SyntheticSetReleased(string Project, Guid Set, Guid Training, int Released, int Withheld, IReadOnlyList<ReleasedSeries> Series);

/// <summary>One series of a released set.</summary>
/// <param name="StudyInstanceUid">Synthetic UID.</param>
/// <param name="SeriesInstanceUid">Synthetic UID.</param>
/// <param name="Modality">CT or MR.</param>
/// <param name="Instances">How many instances can be downloaded.</param>
public sealed record ReleasedSeries(string StudyInstanceUid, string SeriesInstanceUid, string Modality, int Instances);

/// <summary>The privacy gate released nothing of a synthetic set; its report says why.</summary>
/// <param name="Project">The project.</param>
/// <param name="Set">Its id in the API.</param>
/// <param name="Training">The training whose model generated it.</param>
/// <param name="Withheld">How many images were withheld.</param>
[EntityName("medgan.synthetic-set-withheld.v1")]
public sealed record SyntheticSetWithheld(string Project, Guid Set, Guid Training, int Withheld);

/// <summary>A command was not carried out, and will not be.</summary>
/// <param name="Project">The project it named.</param>
/// <param name="Command">The contract of the command.</param>
/// <param name="MessageId">The command's message id.</param>
/// <param name="Reason">Why: a plain sentence.</param>
[EntityName("medgan.command-refused.v1")]
public sealed record CommandRefused(string Project, string Command, Guid MessageId, string Reason);

/// <summary>A picture archive has acknowledged every released instance of a set.</summary>
/// <param name="Project">The project.</param>
/// <param name="Set">The set.</param>
/// <param name="Pacs">A name of the section "MedGan:Pacs".</param>
/// <param name="Instances">How many.</param>
[EntityName("medgan.synthetic-set-delivered.v1")]
public sealed record SyntheticSetDelivered(string Project, Guid Set, string Pacs, int Instances);
