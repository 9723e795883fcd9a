using FellowOakDicom;

namespace MedGan.Privacy.Deidentification;

/// <summary>
/// De-identifies CT and MR images by the Basic Application Level Confidentiality Profile (PS3.15 annex E) with the Retain
/// Longitudinal Temporal Information with Modified Dates Option, as an allow-list: a new object is built of what the profile
/// or the list of kept attributes names; anything else never gets into it. Dates are moved by a whole number of days per patient,
/// times of day are dropped. Pixels are not searched for text here: (0028,0301) is therefore absent afterwards.
/// </summary>
/// <param name="projectKey">The project's key; see <see cref="PseudonymKey.ForProject"/>.</param>
public sealed class Deidentifier(PseudonymKey projectKey)
{
    private const int DeepestNesting = 8;

    private static readonly Dictionary<string, string> accepted = new()
    {
        [DicomUID.CTImageStorage.UID] = "CT",
        [DicomUID.MRImageStorage.UID] = "MR",
    };

    private static readonly Dictionary<string, string> refusedByName = new()
    {
        [DicomUID.EnhancedCTImageStorage.UID] = "Enhanced CT Image Storage is not accepted yet.",
        [DicomUID.EnhancedMRImageStorage.UID] = "Enhanced MR Image Storage is not accepted yet.",
        [DicomUID.SecondaryCaptureImageStorage.UID] = "Secondary captures are not accepted: they often show names in the picture.",
    };

    /// <summary>Makes a de-identified instance; the file itself is left as it is.</summary>
    /// <exception cref="InstanceRejectedException">The instance is not accepted.</exception>
    public DeidentifiedInstance Apply(DicomFile file)
    {
        try
        {
            return Make(file);
        }
        catch (Exception error) when (error is not (InstanceRejectedException or OutOfMemoryException))
        {
            // The message of a parser may quote values of the instance, so it goes nowhere.
            throw new InstanceRejectedException(RejectReason.Failed, "The instance holds values that cannot be processed.");
        }
    }

    private DeidentifiedInstance Make(DicomFile file)
    {
        var source = file.Dataset;
        if (file.IsPartial) throw new InstanceRejectedException(RejectReason.Truncated, "The instance ends before its end.");
        string sopClass = Single(source, DicomTag.SOPClassUID);
        if (!accepted.TryGetValue(sopClass, out string? modality))
            throw new InstanceRejectedException(RejectReason.UnsupportedSopClass,
                refusedByName.GetValueOrDefault(sopClass, "Only CT Image Storage and MR Image Storage instances are accepted."));
        string study = Single(source, DicomTag.StudyInstanceUID);
        if (study.Length == 0 || Single(source, DicomTag.SeriesInstanceUID).Length == 0 || Single(source, DicomTag.SOPInstanceUID).Length == 0)
            throw new InstanceRejectedException(RejectReason.MissingUid, "The Study, Series or SOP Instance UID is missing.");
        if (Single(source, DicomTag.BurnedInAnnotation).Equals("YES", StringComparison.OrdinalIgnoreCase))
            throw new InstanceRejectedException(RejectReason.BurnedInAnnotation, "The instance says that its picture holds burned-in annotation.");
        if (Single(source, DicomTag.SyntheticData).Equals("YES", StringComparison.OrdinalIgnoreCase))
            throw new InstanceRejectedException(RejectReason.Synthetic, "The instance says that it is synthetic: it shows no patient to learn from.");
        var syntax = file.FileMetaInfo?.TransferSyntax ?? source.InternalTransferSyntax;
        var target = PixelDataRule.Target(syntax);

        var pseudonyms = new Pseudonyms(projectKey, Person(source, study));
        var filter = new AttributeFilter(pseudonyms, DeepestNesting);
        var result = filter.Apply(source, new DicomDataset(target).NotValidated());
        result.AddOrUpdate(PixelDataRule.Make(source, syntax));
        Identify(result, modality, pseudonyms);
        return new DeidentifiedInstance(Part10(result), pseudonyms.Patient, filter.Actions);
    }

    /// <summary>
    /// What is known of whose the instance is: the Patient ID; without one the name and the birth date, else the study. Two people
    /// taken for one play the same part in a training; one person taken for two might be trained on and held out.
    /// </summary>
    private static string Person(DicomDataset source, string study)
    {
        string id = Single(source, DicomTag.PatientID);
        if (id.Length > 0) return "id " + id;
        string name = Single(source, DicomTag.PatientName).TrimEnd('^', ' ').ToUpperInvariant(), born = Single(source, DicomTag.PatientBirthDate);
        return name.Length + born.Length > 0 ? $"person {name}\n{born}" : "study " + study;
    }

    private static void Identify(DicomDataset result, string modality, Pseudonyms pseudonyms)
    {
        result.AddOrUpdate(new DicomCodeString(DicomTag.SpecificCharacterSet, "ISO_IR 192"));
        result.AddOrUpdate(new DicomCodeString(DicomTag.Modality, modality));
        result.AddOrUpdate(new DicomPersonName(DicomTag.PatientName, pseudonyms.Patient));
        result.AddOrUpdate(new DicomLongString(DicomTag.PatientID, pseudonyms.Patient));
        result.AddOrUpdate(new DicomCodeString(DicomTag.PatientIdentityRemoved, "YES"));
        result.AddOrUpdate(new DicomLongString(DicomTag.DeidentificationMethod, "MedGan: PS3.15 Basic Profile as an allow-list", "dates moved by whole days, times of day dropped"));
        result.AddOrUpdate(new DicomSequence(DicomTag.DeidentificationMethodCodeSequence,
            Code("113100", "Basic Application Confidentiality Profile"),
            Code("113107", "Retain Longitudinal Temporal Information Modified Dates Option")));
        result.AddOrUpdate(new DicomCodeString(DicomTag.LongitudinalTemporalInformationModified, "MODIFIED"));
    }

    private static DicomDataset Code(string value, string meaning) => new DicomDataset().NotValidated().Add(
        new DicomShortString(DicomTag.CodeValue, value),
        new DicomShortString(DicomTag.CodingSchemeDesignator, "DCM"),
        new DicomLongString(DicomTag.CodeMeaning, meaning));

    private static DicomFile Part10(DicomDataset result)
    {
        var file = new DicomFile(result);
        // Otherwise the library names this machine.
        file.FileMetaInfo.SourceApplicationEntityTitle = "MEDGAN";
        return file;
    }

    private static string Single(DicomDataset source, DicomTag tag) =>
        source.FirstOrDefault(item => item.Tag == tag) is DicomElement element && KeptValue.Values(element) is [var first, ..] ? first : "";
}
