namespace MedGan.Dicom.Volumes;

/// <summary>Why a series cannot become a volume.</summary>
public enum SeriesRejectReason
{
    /// <summary>There is no image in it.</summary>
    Empty,
    /// <summary>Neither CT Image Storage nor MR Image Storage, single frame.</summary>
    UnsupportedObject,
    /// <summary>Enhanced or otherwise multi-frame objects are not read yet.</summary>
    MultiFrame,
    /// <summary>A localizer (scout): a single overview image, not a stack.</summary>
    Localizer,
    /// <summary>Position, orientation or spacing is missing or impossible.</summary>
    NoGeometry,
    /// <summary>Slices differ in modality, matrix, pixel spacing or orientation.</summary>
    MixedSlices,
    /// <summary>Several slices lie at the same place.</summary>
    DuplicateSlices,
    /// <summary>Too few slices for a volume.</summary>
    TooFewSlices,
    /// <summary>Slices are missing: a gap too wide to interpolate over honestly.</summary>
    MissingSlices,
    /// <summary>The pixel data is compressed in a way that is not read yet.</summary>
    UnsupportedTransferSyntax,
    /// <summary>The pixel data is not grey, has an unsupported depth, or is shorter than it says.</summary>
    BadPixelData,
    /// <summary>The header says that identifying text is part of the picture (0028,0301).</summary>
    BurnedInAnnotation,
}

/// <summary>A series that cannot become a volume. <see cref="Detail"/> is a plain sentence and holds no header value that could identify anybody.</summary>
public sealed class SeriesRejectedException(SeriesRejectReason reason, string detail, Exception? inner = null) : Exception(detail, inner)
{
    /// <summary>The kind of failure.</summary>
    public SeriesRejectReason Reason { get; } = reason;

    /// <summary>What is wrong, in a plain sentence.</summary>
    public string Detail { get; } = detail;
}
