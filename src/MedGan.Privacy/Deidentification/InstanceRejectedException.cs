namespace MedGan.Privacy.Deidentification;

/// <summary>Why an instance was not accepted.</summary>
public enum RejectReason
{
    /// <summary>Not a DICOM file.</summary>
    NotDicom,
    /// <summary>It ends too early, or its pixel data is missing or too short.</summary>
    Truncated,
    /// <summary>Not a CT or MR Image Storage instance.</summary>
    UnsupportedSopClass,
    /// <summary>A transfer syntax whose stream cannot be searched for hidden text.</summary>
    UnsupportedTransferSyntax,
    /// <summary>No Study, Series or SOP Instance UID.</summary>
    MissingUid,
    /// <summary>It says that its pixels hold burned-in annotation.</summary>
    BurnedInAnnotation,
    /// <summary>It says that it is synthetic: a set of this service that a PACS sent back, say.</summary>
    Synthetic,
    /// <summary>More frames, samples, bits or pixels than a CT or MR slice has, or a contradictory description of them.</summary>
    UnsupportedImage,
    /// <summary>Larger than this service accepts.</summary>
    TooLarge,
    /// <summary>Sequences nested deeper than any real object's.</summary>
    NestedTooDeep,
    /// <summary>It could not be processed for another reason.</summary>
    Failed,
}

/// <summary>An instance that is not accepted. The detail is a sentence without any value of the instance.</summary>
public sealed class InstanceRejectedException(RejectReason reason, string detail) : Exception(detail)
{
    /// <summary>The kind of reason.</summary>
    public RejectReason Reason { get; } = reason;

    /// <summary>A sentence that may be shown; it holds nothing that was read from the instance.</summary>
    public string Detail { get; } = detail;

    /// <summary>Failure Reason (0008,1197) for a STOW-RS answer (PS3.18 I.2.2, PS3.4 GG.4.2).</summary>
    public ushort FailureReason => Reason switch
    {
        RejectReason.UnsupportedSopClass => 0x0122,
        RejectReason.UnsupportedTransferSyntax => 0xC122,
        RejectReason.TooLarge => 0xA700,
        RejectReason.Synthetic or RejectReason.NotDicom or RejectReason.Truncated or RejectReason.NestedTooDeep => 0xC000,
        RejectReason.MissingUid or RejectReason.UnsupportedImage => 0xA900,
        _ => 0x0110,
    };
}
