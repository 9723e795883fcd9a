using System.Globalization;
using FellowOakDicom;
using MedGan.Dicom.Synthetic;

namespace MedGan.Phantoms.Series;

/// <summary>The header of a made-up examination, as full of identifying values as a real one: names, dates, UIDs, private tags, nested sequences.</summary>
internal sealed class PhantomHeader(PhantomPatient patient, PhantomModality modality)
{
    private const string PrivateCreator = "PHANTOM WORKS 1.0";

    private readonly PhantomIdentity _who = PhantomIdentity.Of(patient, modality);

    public string FrameOfReferenceUid => Uid("frame");

    public DicomDataset Create(int k)
    {
        var ct = modality == PhantomModality.Ct;
        var at = _who.StudyAt.AddMinutes(4).AddSeconds(2 * k);
        var d = new DicomDataset(DicomTransferSyntax.ExplicitVRLittleEndian);
        d.Add(DicomTag.SpecificCharacterSet, "ISO_IR 100");
        d.Add(DicomTag.SOPClassUID, ct ? DicomUID.CTImageStorage : DicomUID.MRImageStorage);
        d.Add(DicomTag.SOPInstanceUID, Uid("instance", k.ToString(CultureInfo.InvariantCulture)));
        d.Add(DicomTag.ImageType, "ORIGINAL", "PRIMARY", ct ? "AXIAL" : "OTHER");
        d.Add(DicomTag.InstanceNumber, (k + 1).ToString(CultureInfo.InvariantCulture));
        AddPatient(d);
        AddStudy(d);
        AddSeries(d, ct);
        d.Add(DicomTag.AcquisitionNumber, "1");
        d.Add(DicomTag.AcquisitionDate, Date(at));
        d.Add(DicomTag.AcquisitionTime, Time(at));
        d.Add(DicomTag.ContentDate, Date(at));
        d.Add(DicomTag.ContentTime, Time(at));
        d.Add(DicomTag.InstanceCreationDate, Date(at));
        d.Add(DicomTag.InstanceCreationTime, Time(at));
        if (ct)
            AddCtTechnique(d);
        else
            AddMrTechnique(d);
        d.Add(new DicomLongString(new DicomTag(0x0029, 0x0010), PrivateCreator));
        d.Add(new DicomLongString(new DicomTag(0x0029, 0x1001, PrivateCreator), $"{_who.PatientName} {_who.PatientId}"));
        d.Add(new DicomLongString(new DicomTag(0x0029, 0x1002, PrivateCreator), _who.DeviceSerial));
        return d;
    }

    private void AddPatient(DicomDataset d)
    {
        var age = _who.StudyAt.Year - _who.BirthDate.Year;
        d.Add(DicomTag.PatientName, _who.PatientName);
        d.Add(DicomTag.PatientID, _who.PatientId);
        d.Add(DicomTag.PatientBirthDate, _who.BirthDate.ToString("yyyyMMdd", CultureInfo.InvariantCulture));
        d.Add(DicomTag.PatientSex, _who.Sex);
        d.Add(DicomTag.PatientAge, age.ToString("D3", CultureInfo.InvariantCulture) + "Y");
        d.Add(DicomTag.PatientAddress, _who.Address);
        d.Add(DicomTag.PatientTelephoneNumbers, _who.Telephone);
        d.Add(DicomTag.OtherPatientNames, $"PHANTOM-FORMERLY^{_who.PatientName.Split('^')[1]}");
        d.Add(DicomTag.PatientComments, $"Digital head of {_who.PatientName}; there is no such person");
        d.Add(new DicomSequence(DicomTag.OtherPatientIDsSequence, new DicomDataset(
            new DicomLongString(DicomTag.PatientID, _who.PatientId + "-OLD"),
            new DicomLongString(DicomTag.IssuerOfPatientID, _who.Institution),
            new DicomCodeString(DicomTag.TypeOfPatientID, "TEXT"))));
    }

    private void AddStudy(DicomDataset d)
    {
        d.Add(DicomTag.StudyInstanceUID, Uid("study"));
        d.Add(DicomTag.StudyDate, Date(_who.StudyAt));
        d.Add(DicomTag.StudyTime, Time(_who.StudyAt));
        d.Add(DicomTag.StudyID, "S" + _who.Accession);
        d.Add(DicomTag.AccessionNumber, _who.Accession);
        d.Add(DicomTag.StudyDescription, $"Head of {_who.PatientName.Split('^')[1]}");
        d.Add(DicomTag.ReferringPhysicianName, _who.Referrer);
        d.Add(new DicomSequence(DicomTag.ReferencedStudySequence, new DicomDataset(
            new DicomUniqueIdentifier(DicomTag.ReferencedSOPClassUID, "1.2.840.10008.3.1.2.3.1"),
            new DicomUniqueIdentifier(DicomTag.ReferencedSOPInstanceUID, Uid("referenced study")))));
    }

    private void AddSeries(DicomDataset d, bool ct)
    {
        d.Add(DicomTag.Modality, ct ? "CT" : "MR");
        d.Add(DicomTag.SeriesInstanceUID, Uid("series"));
        d.Add(DicomTag.SeriesNumber, ct ? "2" : "4");
        d.Add(DicomTag.SeriesDate, Date(_who.StudyAt.AddMinutes(3)));
        d.Add(DicomTag.SeriesTime, Time(_who.StudyAt.AddMinutes(3)));
        d.Add(DicomTag.SeriesDescription, modality switch { PhantomModality.Ct => "Head 5.0", PhantomModality.MrT1 => "t1_se_tra", _ => "t2_tse_tra" });
        d.Add(DicomTag.ProtocolName, "Head routine");
        d.Add(DicomTag.BodyPartExamined, "HEAD");
        d.Add(DicomTag.PatientPosition, "HFS");
        d.Add(DicomTag.OperatorsName, _who.Operator);
        d.Add(DicomTag.PerformingPhysicianName, _who.Referrer + "-P");
        d.Add(DicomTag.Manufacturer, "Phantom Works");
        d.Add(DicomTag.ManufacturerModelName, ct ? "Imaginary CT 64" : "Imaginary MR 1.5");
        d.Add(DicomTag.DeviceSerialNumber, _who.DeviceSerial);
        d.Add(DicomTag.SoftwareVersions, "pw 1.0");
        d.Add(DicomTag.StationName, ct ? "PHCT01" : "PHMR01");
        d.Add(DicomTag.InstitutionName, _who.Institution);
        d.Add(DicomTag.InstitutionAddress, "9 Invented Square, Nowhereton");
        d.Add(DicomTag.InstitutionalDepartmentName, "Department of Phantoms");
        d.Add(new DicomSequence(DicomTag.RequestAttributesSequence, new DicomDataset(
            new DicomShortString(DicomTag.RequestedProcedureID, "RP" + _who.Accession),
            new DicomShortString(DicomTag.ScheduledProcedureStepID, "SP" + _who.Accession),
            new DicomLongString(DicomTag.RequestedProcedureDescription, $"Head for {_who.Referrer}"),
            new DicomSequence(DicomTag.ScheduledProtocolCodeSequence, new DicomDataset(
                new DicomShortString(DicomTag.CodeValue, "PH-HEAD"),
                new DicomShortString(DicomTag.CodingSchemeDesignator, "99PHANTOM"),
                new DicomLongString(DicomTag.CodeMeaning, $"Head protocol of {_who.Operator}"))))));
    }

    private void AddCtTechnique(DicomDataset d)
    {
        d.Add(DicomTag.KVP, "120");
        d.Add(DicomTag.XRayTubeCurrent, "240");
        d.Add(DicomTag.ExposureTime, "1000");
        d.Add(DicomTag.Exposure, "240");
        d.Add(DicomTag.GantryDetectorTilt, "0");
        d.Add(DicomTag.ConvolutionKernel, "PH30");
        d.Add(DicomTag.DataCollectionDiameter, "500");
    }

    private void AddMrTechnique(DicomDataset d)
    {
        var (tr, te) = Scanners.MrScanner.Timing(modality);
        var t2 = modality == PhantomModality.MrT2;
        d.Add(DicomTag.ScanningSequence, "SE");
        d.Add(DicomTag.SequenceVariant, t2 ? "SK" : "NONE");
        d.Add(DicomTag.ScanOptions, "");
        d.Add(DicomTag.MRAcquisitionType, "2D");
        d.Add(DicomTag.RepetitionTime, ImageModules.Decimals(tr));
        d.Add(DicomTag.EchoTime, ImageModules.Decimals(te));
        d.Add(DicomTag.EchoTrainLength, t2 ? "15" : "1");
        d.Add(DicomTag.MagneticFieldStrength, "1.5");
        d.Add(DicomTag.ImagingFrequency, "63.87");
        d.Add(DicomTag.FlipAngle, "90");
        d.Add(DicomTag.NumberOfAverages, "1");
    }

    private string Uid(string purpose, string part = "") =>
        SyntheticUid.Create("phantom " + purpose, patient.Seed.ToString(CultureInfo.InvariantCulture), modality.ToString(), part);

    private static string Date(DateTime at) => at.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static string Time(DateTime at) => at.ToString("HHmmss", CultureInfo.InvariantCulture);
}
