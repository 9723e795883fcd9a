using FellowOakDicom;

namespace MedGan.Dicom;

/// <summary>How our processes name themselves in the file meta information of what they write (PS3.10 section 7.1).</summary>
public static class DicomIdentity
{
    /// <summary>Implementation Class UID (0002,0012).</summary>
    public const string ImplementationClassUid = "2.25.251722280463010801373869358150802202897";

    /// <summary>Implementation Version Name (0002,0013).</summary>
    public const string ImplementationVersionName = "MEDGAN_0_1";

    /// <summary>Once per process, before anything is written.</summary>
    public static void Announce()
    {
        DicomImplementation.ClassUID = new DicomUID(ImplementationClassUid, "MedGan", DicomUidType.Unknown);
        DicomImplementation.Version = ImplementationVersionName;
    }
}
