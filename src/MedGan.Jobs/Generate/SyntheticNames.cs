using System.Globalization;
using System.Security.Cryptography;
using MedGan.Dicom.Synthetic;
using MedGan.Jobs.Train;

namespace MedGan.Jobs.Generate;

/// <summary>
/// The identifiers of a set's synthetic patients, studies and series. They follow from ids of ours alone, so a stage that
/// is repeated after a crash gives the same ones; and nothing of a source study can be computed from them.
/// </summary>
internal sealed class SyntheticNames
{
    private readonly Guid set;
    private readonly Dictionary<string, int> patients;
    private readonly Dictionary<(string, string), Guid> studies;

    public SyntheticNames(Guid set, CohortSnapshot snapshot)
    {
        this.set = set;
        patients = snapshot.Series.Select(series => series.Patient).Distinct().Order(StringComparer.Ordinal)
            .Select((patient, index) => (patient, index)).ToDictionary(p => p.patient, p => p.index + 1);
        studies = snapshot.Series.GroupBy(series => (series.Patient, series.Study)).ToDictionary(g => g.Key, g => g.Min(series => series.Id));
    }

    /// <summary>The row's id.</summary>
    public Guid Id(SnapshotSeries source) =>
        new(SHA256.HashData([.. set.ToByteArray(), .. source.Id.ToByteArray()]).AsSpan(0, 16));

    /// <summary>Patient ID (0010,0020): one for each source patient, numbered within the set.</summary>
    public string Patient(SnapshotSeries source) =>
        string.Create(CultureInfo.InvariantCulture, $"SYN-{set.ToString("N")[..8]}-{patients[source.Patient]:0000}");

    /// <summary>Study Instance UID (0020,000D): one for each source study.</summary>
    public string Study(SnapshotSeries source) =>
        SyntheticUid.Create("study", set.ToString("N"), studies[(source.Patient, source.Study)].ToString("N"));

    /// <summary>Series Instance UID (0020,000E).</summary>
    public string Series(SnapshotSeries source) => SyntheticUid.Create("series", set.ToString("N"), source.Id.ToString("N"));

    /// <summary>Frame of Reference UID (0020,0052), shared by the series of a study.</summary>
    public static string FrameOfReference(string syntheticStudy) => SyntheticUid.Create("frame-of-reference", syntheticStudy);
}
