namespace MedGan.Dicom.Synthetic;

/// <summary>What names a synthetic series. All identifiers are our own; none may be, or be derived without a key from, an original one.</summary>
/// <param name="PatientId">The invented patient, at most 64 characters.</param>
/// <param name="StudyInstanceUid">From <see cref="SyntheticUid"/>.</param>
/// <param name="SeriesInstanceUid">From <see cref="SyntheticUid"/>.</param>
/// <param name="FrameOfReferenceUid">The same for all series of the study.</param>
/// <param name="SeriesNumber">Number within the study.</param>
/// <param name="ModelName">The model that made the images, at most 64 characters.</param>
/// <param name="ModelVersion">Its version, at most 64 characters.</param>
/// <param name="MadeAt">When.</param>
/// <param name="Judged">Whether a privacy gate has judged the images and released them.</param>
public sealed record SyntheticStudy(
    string PatientId, string StudyInstanceUid, string SeriesInstanceUid, string FrameOfReferenceUid,
    int SeriesNumber, string ModelName, string ModelVersion, DateTimeOffset MadeAt, bool Judged = true);
