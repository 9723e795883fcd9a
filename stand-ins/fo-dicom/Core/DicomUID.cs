using System.Collections.Concurrent;
using System.Numerics;

namespace FellowOakDicom;

/// <summary>What a registered UID names (PS3.6 Annex A).</summary>
public enum DicomUidType
{
    TransferSyntax, SOPClass, MetaSOPClass, ServiceClass, SOPInstance, ApplicationContextName, ApplicationHostingModel, CodingScheme,
    FrameOfReference, LDAP, MappingResource, ContextGroupName, Unknown,
}

/// <summary>A unique identifier (PS3.5 section 9). The fields come from Tables/uids.tsv (PS3.6 Annex A).</summary>
public sealed partial class DicomUID
{
    /// <exception cref="DicomDataException">Longer than 64 characters.</exception>
    public DicomUID(string uid, string name, DicomUidType type, bool retired = false) =>
        (UID, Name, Type, IsRetired) = (uid, name, type, retired);

    public string UID { get; }
    public string Name { get; }
    public DicomUidType Type { get; }
    public bool IsRetired { get; }

    /// <summary>Whether the SOP class stores images.</summary>
    public bool IsImageStorage => Type == DicomUidType.SOPClass && Name.Contains("Image Storage", StringComparison.Ordinal);

    public static bool operator ==(DicomUID a, DicomUID b) => a is null ? b is null : a.Equals(b);
    public static bool operator !=(DicomUID a, DicomUID b) => !(a == b);
    public override bool Equals(object obj) => obj is DicomUID other && UID == other.UID;
    public override int GetHashCode() => UID?.GetHashCode() ?? 0;
    public override string ToString() => $"{Name} [{UID}]";

    /// <summary>The registered UID, or one of unknown name.</summary>
    public static DicomUID Parse(string s) => Parse(s, "Unknown", DicomUidType.Unknown);

    public static DicomUID Parse(string s, string name = "Unknown", DicomUidType type = DicomUidType.Unknown)
    {
        var uid = s.TrimEnd(' ', '\0');
        return Registry.ByUid.TryGetValue(uid, out var known) ? known : new DicomUID(uid, name, type);
    }

    /// <summary>Digits and dots, no leading zero in a component, 64 characters at most (PS3.5 section 9.1).</summary>
    public static bool IsValidUid(string uid)
    {
        if (string.IsNullOrEmpty(uid) || uid.Length > 64) return false;
        return uid.Split('.').All(c => c.Length > 0 && c.All(char.IsAsciiDigit) && (c.Length == 1 || c[0] != '0'));
    }

    public static void Register(DicomUID uid) => Registry.ByUid[uid.UID] = uid;
    public static IEnumerable<DicomUID> Enumerate() => Registry.ByUid.Values;

    /// <summary>A new UID under 2.25, from a random UUID.</summary>
    public static DicomUID Generate() => DicomUIDGenerator.GenerateDerivedFromUUID();

    private static class Registry
    {
        internal static readonly ConcurrentDictionary<string, DicomUID> ByUid = new(TableRows.Read("uids.tsv")
            .Select(r => KeyValuePair.Create(r[0], new DicomUID(r[0], r[4], Enum.Parse<DicomUidType>(r[1]), r[2] == "R"))));

        internal static DicomUID Known(string uid) => ByUid[uid];
    }
}

/// <summary>Makes UIDs; the same source UID always gets the same replacement.</summary>
public class DicomUIDGenerator
{
    private readonly ConcurrentDictionary<string, DicomUID> replacements = new();

    public DicomUIDGenerator() { }

    public DicomUID Generate(DicomUID sourceUid) => replacements.GetOrAdd(sourceUid.UID, _ => GenerateDerivedFromUUID());

    /// <summary>2.25 and the UUID as one decimal integer (PS3.5 section B.2).</summary>
    public static DicomUID GenerateDerivedFromUUID()
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.NewGuid().TryWriteBytes(bytes, bigEndian: true, out _);
        var number = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        return new DicomUID($"2.25.{number}", "SOP Instance UID", DicomUidType.SOPInstance);
    }
}
