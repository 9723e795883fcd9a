namespace MedGan.Api.Uploads;

/// <summary>One object of an upload as it came: unchecked, not de-identified, in memory only.</summary>
/// <param name="Index">Its place among the objects of the request, from 0.</param>
/// <param name="Content">Its bytes, at position 0.</param>
public readonly record struct UploadedObject(int Index, MemoryStream Content);
