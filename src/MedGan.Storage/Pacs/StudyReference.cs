using System.Text.RegularExpressions;

namespace MedGan.Storage.Pacs;

/// <summary>A study of a picture archive, or one series of it, by the archive's own identifiers. They lead to a person: only sealed forms are stored.</summary>
public sealed partial record StudyReference(string StudyInstanceUid, string? SeriesInstanceUid)
{
    /// <summary>Whether both are UIDs as PS3.5 section 9.1 has them.</summary>
    public bool IsValid => StudyInstanceUid is not null && Uid().IsMatch(StudyInstanceUid) && (SeriesInstanceUid is null || Uid().IsMatch(SeriesInstanceUid));

    /// <summary>What WADO-RS calls it (PS3.18 section 10.4).</summary>
    public string Path => SeriesInstanceUid is null ? $"studies/{StudyInstanceUid}" : $"studies/{StudyInstanceUid}/series/{SeriesInstanceUid}";

    /// <summary>Nothing: it leads to a person.</summary>
    public override string ToString() => "a study of a picture archive";

    [GeneratedRegex(@"\A(?=.{1,64}\z)(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))+\z")]
    private static partial Regex Uid();
}
