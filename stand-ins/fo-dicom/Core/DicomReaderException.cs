namespace FellowOakDicom.IO.Reader
{
    /// <summary>The bytes are not a well-formed data set.</summary>
    public class DicomReaderException : DicomException
    {
        public DicomReaderException(string message) : base(message) { }
        public DicomReaderException(string message, Exception innerException) : base(message, innerException) { }
    }
}

namespace FellowOakDicom.IO
{
    /// <summary>The bytes ended before the data set did.</summary>
    public class DicomIoException : DicomException
    {
        public DicomIoException(string message) : base(message) { }
        public DicomIoException(string message, Exception innerException) : base(message, innerException) { }
    }
}
