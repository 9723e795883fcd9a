namespace FellowOakDicom;

/// <summary>The root of all errors of this library.</summary>
public class DicomException : Exception
{
    public DicomException(string message) : base(message) { }
    public DicomException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>A data set does not hold what was asked for, or cannot hold what was given.</summary>
public class DicomDataException : DicomException
{
    public DicomDataException(string message) : base(message) { }
    public DicomDataException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>A file could not be read or written; <see cref="File"/> holds what was read so far.</summary>
public class DicomFileException : DicomDataException
{
    public DicomFileException(DicomFile file, string message) : base(message) => File = file;
    public DicomFileException(DicomFile file, string message, Exception innerException) : base(message, innerException) => File = file;

    public DicomFile File { get; }
}

/// <summary>A value is not allowed in its VR (PS3.5 section 6.2). The message never holds the value.</summary>
public class DicomValidationException : DicomDataException
{
    private readonly string reason;

    public DicomValidationException(string content, DicomVR vr, string message) : base(message) =>
        (Content, VR, reason) = (content, vr, message);

    public string Content { get; }
    public DicomVR VR { get; }
    public override string Message => $"Content does not validate VR {VR?.Code}: {reason}";
}
