namespace MedGan.Dicom.Files;

/// <summary>A file that is not the image it should be: damaged, cut off, too large, or of a kind that is not read. The message is one plain sentence without the file's name.</summary>
public sealed class ImageFileException(string message, Exception? inner = null) : Exception(message, inner);
