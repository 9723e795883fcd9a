using FellowOakDicom;
using MedGan.Dicom.Web;
using MedGan.Privacy.Deidentification;

namespace MedGan.Storage.Intake;

/// <summary>
/// Where identity ends: bytes from outside go in, a <see cref="DeidentifiedInstance"/> or a rejection comes out. All in memory; nothing of
/// the original is written, logged or kept.
/// </summary>
public static class Admission
{
    private const int Preamble = 128;

    /// <summary>Parses and de-identifies one object.</summary>
    /// <exception cref="InstanceRejectedException">It is no DICOM file, a broken one, or one that cannot be de-identified.</exception>
    public static DeidentifiedInstance Admit(DicomPart uploaded, Deidentifier deidentifier)
    {
        if (!HasPart10Header(uploaded.Content))
        {
            throw new InstanceRejectedException(RejectReason.NotDicom, "The object is not a DICOM file (PS3.10).");
        }
        DicomFile file;
        try
        {
            file = DicomFile.Open(uploaded.Content);
        }
        catch (DicomException)
        {
            // The reader's own message may repeat a value, so only our sentence goes on.
            throw new InstanceRejectedException(RejectReason.Truncated, "The DICOM file is truncated or damaged.");
        }
        return deidentifier.Apply(file);
    }

    private static bool HasPart10Header(MemoryStream content) =>
        content.Length >= Preamble + 4 && content.GetBuffer().AsSpan(Preamble, 4).SequenceEqual("DICM"u8);
}
