namespace MedGan.Dicom.Web;

/// <summary>One object of an upload or download as it came: unchecked, not de-identified, in memory only.</summary>
/// <param name="Index">Its place among the objects of the body, from 0.</param>
/// <param name="Content">Its bytes, at position 0.</param>
public readonly record struct DicomPart(int Index, MemoryStream Content);
