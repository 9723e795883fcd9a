using FellowOakDicom;

namespace MedGan.Privacy.Deidentification;

/// <summary>An instance that went through the <see cref="Deidentifier"/>, the only one who makes them.</summary>
public sealed class DeidentifiedInstance
{
    private readonly DicomFile file;

    internal DeidentifiedInstance(DicomFile file, string patientPseudonym, IReadOnlyDictionary<string, int> actions)
    {
        this.file = file;
        PatientPseudonym = patientPseudonym;
        Actions = actions;
        SopClassUid = Text(DicomTag.SOPClassUID);
        SopInstanceUid = Text(DicomTag.SOPInstanceUID);
        StudyInstanceUid = Text(DicomTag.StudyInstanceUID);
        SeriesInstanceUid = Text(DicomTag.SeriesInstanceUID);
        Modality = Text(DicomTag.Modality);
        TransferSyntaxUid = file.FileMetaInfo.TransferSyntax.UID.UID;
    }

    /// <summary>CT or MR Image Storage.</summary>
    public string SopClassUid { get; }

    /// <summary>The new SOP Instance UID.</summary>
    public string SopInstanceUid { get; }

    /// <summary>The new Study Instance UID.</summary>
    public string StudyInstanceUid { get; }

    /// <summary>The new Series Instance UID.</summary>
    public string SeriesInstanceUid { get; }

    /// <summary>The patient's pseudonym, also Patient's Name and Patient ID of the object.</summary>
    public string PatientPseudonym { get; }

    /// <summary>"CT" or "MR".</summary>
    public string Modality { get; }

    /// <summary>The transfer syntax it is written in.</summary>
    public string TransferSyntaxUid { get; }

    /// <summary>How often each action was taken: kept, removed, emptied, dummy, uid, pseudonym, date, private, unacceptable.</summary>
    public IReadOnlyDictionary<string, int> Actions { get; }

    /// <summary>Writes a DICOM file with a zero preamble and file meta information of ours.</summary>
    public void WriteTo(Stream stream) => file.Save(stream);

    private string Text(DicomTag tag) => file.Dataset.GetSingleValue<string>(tag);
}
