using System.Security.Cryptography;
using System.Text;
using MedGan.Dicom.Volumes;
using MedGan.Storage.Records;

namespace MedGan.Jobs.Train;

/// <summary>One stored object, by its identifier (ours) and its content.</summary>
public sealed record SnapshotInstance(string SopInstanceUid, string Sha256);

/// <summary>One series that a training used, the volume it was read from, and the part its patient plays.</summary>
/// <param name="Id">Ours.</param>
/// <param name="Modality">CT or MR.</param>
/// <param name="Patient">The patient's pseudonym.</param>
/// <param name="Study">Study Instance UID, replaced.</param>
/// <param name="Split">The part that the patient plays.</param>
/// <param name="VolumePath">Where its volume lies.</param>
/// <param name="Instances">What it was read from.</param>
/// <param name="RegisteredTo">The series of the other modality on the same voxels, where the training learns from pairs and this one is the target.</param>
public sealed record SnapshotSeries(
    Guid Id, Modality Modality, string Patient, string Study, SourceSplit Split, string VolumePath, IReadOnlyList<SnapshotInstance> Instances, Guid? RegisteredTo = null);

/// <summary>Exactly the data that a training saw, fixed before its first step.</summary>
public sealed record CohortSnapshot(IReadOnlyList<SnapshotSeries> Series)
{
    /// <summary>
    /// SHA-256 (lower-case hex) over one line "modality SOP-instance-UID object-SHA-256" for each instance, sorted by
    /// ordinal value and ended by a line feed: the same objects give the same hash, in whatever order they were uploaded.
    /// </summary>
    public string Sha256()
    {
        var lines = Series
            .SelectMany(series => series.Instances.Select(i => $"{series.Modality} {i.SopInstanceUid} {i.Sha256}\n"))
            .Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }

    /// <summary>The series of one modality.</summary>
    public IEnumerable<SnapshotSeries> Of(Modality modality) => Series.Where(series => series.Modality == modality);
}
