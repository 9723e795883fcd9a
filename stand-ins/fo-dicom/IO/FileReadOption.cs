namespace FellowOakDicom;

/// <summary>What becomes of large values when a file is read.</summary>
public enum FileReadOption
{
    /// <summary>As <see cref="ReadAll"/>.</summary>
    Default,

    /// <summary>They stay in the file, which must stay as it is, until they are asked for.</summary>
    ReadLargeOnDemand,
    ReadAll,

    /// <summary>They are left out.</summary>
    SkipLargeTags,
}

/// <summary>Where the reader is, for the function that may stop it.</summary>
public class ParseState
{
    public ParseState() { }
    public DicomTag PreviousTag { get; set; }
    public DicomTag Tag { get; set; }
    public int SequenceDepth { get; set; }
}

/// <summary>What a file looked like.</summary>
public enum DicomFileFormat
{
    Unknown,

    /// <summary>Preamble, DICM and file meta information.</summary>
    DICOM3,
    DICOM3NoPreamble,
    DICOM3NoFileMetaInfo,
    ACRNEMA1,
    ACRNEMA2,
}
