using System.Globalization;
using FellowOakDicom;

namespace MedGan.Privacy.Deidentification;

/// <summary>What a kept attribute may hold.</summary>
internal enum KeptKind
{
    /// <summary>Numbers of a plausible size.</summary>
    Number,
    /// <summary>Terms of a list.</summary>
    Terms,
    /// <summary>Directions of PatientOrientation.</summary>
    Letters,
    /// <summary>A UID that the standard itself defines.</summary>
    Uid,
    /// <summary>A sequence; its items go through the same rules.</summary>
    Items,
}

/// <summary>One row of kept-attributes.tsv.</summary>
/// <param name="Kind">What it may hold.</param>
/// <param name="MostValues">Its largest value multiplicity.</param>
/// <param name="Otherwise">"remove", "empty" or "=" and a dummy, for values that are not acceptable.</param>
/// <param name="Terms">The accepted terms.</param>
internal sealed record KeptAttribute(KeptKind Kind, int MostValues, string Otherwise, HashSet<string> Terms)
{
    private static readonly Dictionary<uint, KeptAttribute> all = Load();

    /// <summary>Every kept attribute.</summary>
    public static IReadOnlyDictionary<uint, KeptAttribute> All => all;

    /// <summary>The rule for an attribute; null if it is not kept.</summary>
    public static KeptAttribute? For(DicomTag tag) => all.GetValueOrDefault(BasicProfile.Number(tag));

    private static Dictionary<uint, KeptAttribute> Load() => Tables.Rows("kept-attributes.tsv").ToDictionary(
        row => uint.Parse(row[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        row => new KeptAttribute(Enum.Parse<KeptKind>(row[1], ignoreCase: true), int.Parse(row[2], CultureInfo.InvariantCulture), row[3],
            row.Length > 4 ? [.. row[4].Split('|')] : []));
}
