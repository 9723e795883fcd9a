namespace FellowOakDicom;

/// <summary>What written files name as their writer (PS3.10 section 7.1).</summary>
public static class DicomImplementation
{
    public static DicomUID ClassUID { get; set; } = new("1.3.6.1.4.1.30071.8", "Implementation Class UID", DicomUidType.Unknown);
    public static string Version { get; set; } = "fo-dicom 5.1.3";
}
