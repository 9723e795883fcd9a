namespace MedGan.Storage.Records;

/// <summary>One leaf of the audit log. Rows are only ever added; triggers in the schema refuse anything else.</summary>
public sealed class AuditLeafRecord
{
    /// <summary>Zero-based place in the log, without gaps.</summary>
    public required long Index { get; init; }
    /// <summary>The project the leaf is about; also inside the leaf.</summary>
    public required string Project { get; init; }
    /// <summary>The leaf, canonical JSON.</summary>
    public required string LeafJson { get; init; }
    /// <summary>RFC 6962 leaf hash, SHA-256(0x00 || leaf), lower-case hex.</summary>
    public required string LeafHash { get; init; }
}
