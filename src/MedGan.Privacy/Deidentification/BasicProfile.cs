using System.Globalization;
using FellowOakDicom;

namespace MedGan.Privacy.Deidentification;

/// <summary>What the profile does with an attribute (PS3.15 E.1).</summary>
internal enum ProfileAction
{
    /// <summary>X: removed.</summary>
    Remove,
    /// <summary>Z: emptied.</summary>
    Empty,
    /// <summary>D: replaced by a dummy value.</summary>
    Dummy,
    /// <summary>U: replaced by a keyed UID.</summary>
    ReplaceUid,
    /// <summary>A date, moved by the patient's shift (Retain Longitudinal Temporal Information with Modified Dates Option).</summary>
    ShiftDate,
}

/// <summary>
/// The Basic Application Level Confidentiality Profile: table E.1-1 of PS3.15. Compound actions (X/Z, X/D, Z/D, X/Z/D, X/Z/U*) are
/// decided by the type that the attribute has in the CT and MR Image IODs (PS3.3 A.3, A.4): optional (3) is removed, type 2 is
/// emptied.
/// </summary>
internal static class BasicProfile
{
    // Of the compound attributes, those that have type 2 or 2C in the CT or MR Image IOD.
    private static readonly HashSet<uint> type2 = [0x00080023, 0x00080033, 0x00100020, 0x00180010];

    // Dates of a study, series and image; all others follow the basic profile although the option would allow more.
    private static readonly HashSet<uint> keptDates = [0x00080012, 0x00080020, 0x00080021, 0x00080022, 0x00080023, 0x0008002A];

    private static readonly Dictionary<uint, ProfileAction> actions = Load();

    /// <summary>How many attributes the table lists.</summary>
    public static int Count => actions.Count;

    /// <summary>The action for a listed attribute; null if the table does not list it.</summary>
    public static ProfileAction? For(DicomTag tag) => actions.TryGetValue(Number(tag), out var action) ? action : null;

    /// <summary>Group and element as one number.</summary>
    public static uint Number(DicomTag tag) => (uint)tag.Group << 16 | tag.Element;

    private static Dictionary<uint, ProfileAction> Load()
    {
        var result = new Dictionary<uint, ProfileAction>();
        foreach (string[] row in Tables.Rows("basic-profile.tsv"))
        {
            uint tag = uint.Parse(row[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            // The clinical trial (0012) and specimen modules are optional in both IODs: they go as a whole instead of getting dummies.
            if (tag >> 16 == 0x0012 || tag is >= 0x00400512 and <= 0x00400610) { result.Add(tag, ProfileAction.Remove); continue; }
            bool date = row.Length > 2 && row[2] == "date";
            result.Add(tag, date && keptDates.Contains(tag) ? ProfileAction.ShiftDate : row[1] switch
            {
                "X" => ProfileAction.Remove,
                "Z" => ProfileAction.Empty,
                "D" => ProfileAction.Dummy,
                "U" => ProfileAction.ReplaceUid,
                "X/Z" or "X/D" or "Z/D" or "X/Z/D" or "X/Z/U" => type2.Contains(tag) ? ProfileAction.Empty : ProfileAction.Remove,
                _ => throw new InvalidDataException($"basic-profile.tsv holds an unknown action for {row[0]}."),
            });
        }
        return result;
    }
}

/// <summary>The embedded tables of this folder.</summary>
internal static class Tables
{
    /// <summary>The rows of a table, split at tabs, without comments.</summary>
    public static IEnumerable<string[]> Rows(string name)
    {
        using var stream = typeof(Tables).Assembly.GetManifestResourceStream(name) ?? throw new InvalidDataException($"{name} is not embedded.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            if (line.Length > 0 && line[0] != '#') yield return line.Split('\t');
    }
}
