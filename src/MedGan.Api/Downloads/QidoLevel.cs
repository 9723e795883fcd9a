namespace MedGan.Api.Downloads;

/// <summary>What a search returns: one answer a study, a series or an instance, with these attributes unless more are asked for.</summary>
public sealed record QidoLevel(string Name, IReadOnlyList<string> Attributes)
{
    private static readonly string[] StudyAttributes =
    [
        "00080005", "00080020", "00080030", "00080050", "00080090", "00080201", "00081030",
        "00100010", "00100020", "00100030", "00100040", "0020000D", "00200010",
    ];

    private static readonly string[] SeriesAttributes =
        ["00080005", "00080060", "00080201", "0008103E", "0020000D", "0020000E", "00200011", "00400244", "00400245"];

    private static readonly string[] InstanceAttributes =
    [
        "00080005", "00080016", "00080018", "00080201", "0020000D", "0020000E", "00200013",
        "00280008", "00280010", "00280011", "00280100",
    ];

    /// <summary>PS3.18 table 10.6.3-3.</summary>
    public static readonly QidoLevel Studies = new("studies", StudyAttributes);

    /// <summary>PS3.18 table 10.6.3-4, with the study's attributes where the search is over all studies.</summary>
    public static readonly QidoLevel Series = new("series", [.. StudyAttributes.Union(SeriesAttributes)]);

    /// <summary>PS3.18 table 10.6.3-5, with those of study and series.</summary>
    public static readonly QidoLevel Instances = new("instances", [.. StudyAttributes.Union(SeriesAttributes).Union(InstanceAttributes)]);
}
