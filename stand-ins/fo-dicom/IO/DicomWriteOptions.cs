namespace FellowOakDicom.IO.Writer;

/// <summary>How a data set is written.</summary>
public class DicomWriteOptions
{
    public DicomWriteOptions() { }

    public DicomWriteOptions(DicomWriteOptions options) => (ExplicitLengthSequences, ExplicitLengthSequenceItems, KeepGroupLengths) =
        (options.ExplicitLengthSequences, options.ExplicitLengthSequenceItems, options.KeepGroupLengths);

    public static DicomWriteOptions Default { get; } = new();

    /// <summary>Sequences get their length instead of a delimiter.</summary>
    public bool ExplicitLengthSequences { get; set; }

    /// <summary>Items get their length instead of a delimiter.</summary>
    public bool ExplicitLengthSequenceItems { get; set; }

    /// <summary>Group lengths (gggg,0000), which are retired, are written; else they are left out.</summary>
    public bool KeepGroupLengths { get; set; }
}
