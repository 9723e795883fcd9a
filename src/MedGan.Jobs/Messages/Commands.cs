using MassTransit;

namespace MedGan.Jobs.Messages;

/// <summary>Asks for a synthetic set, as POST .../generations does.</summary>
/// <param name="Project">The project.</param>
/// <param name="Training">A completed training of it.</param>
[EntityName("medgan.request-synthetic-set.v1")]
public sealed record RequestSyntheticSet(string Project, Guid Training);

/// <summary>Asks for a study of a picture archive to be fetched into a cohort by WADO-RS, as an upload of it would come in.</summary>
/// <param name="Project">The project.</param>
/// <param name="Cohort">The cohort; made when it is new.</param>
/// <param name="Pacs">A name of the section "MedGan:Pacs".</param>
/// <param name="StudyInstanceUid">The archive's own UID.</param>
/// <param name="SeriesInstanceUid">One series of it; null: all.</param>
[EntityName("medgan.ingest-study.v1")]
public sealed record IngestStudy(string Project, string Cohort, string Pacs, string StudyInstanceUid, string? SeriesInstanceUid = null);
