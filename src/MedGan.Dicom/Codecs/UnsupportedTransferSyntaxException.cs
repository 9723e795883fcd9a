namespace MedGan.Dicom.Codecs;

/// <summary>Pixel data in an encoding that is not read; <see cref="TransferSyntax"/> names it.</summary>
public sealed class UnsupportedTransferSyntaxException(string transferSyntax)
    : Exception($"Pixel data in {transferSyntax} is not read yet.")
{
    /// <summary>Name and UID of the transfer syntax.</summary>
    public string TransferSyntax { get; } = transferSyntax;
}

/// <summary>Pixel data that contradicts its own description: too short, of an unsupported depth, or not grey.</summary>
public sealed class PixelDataException(string message, Exception? inner = null) : Exception(message, inner);
