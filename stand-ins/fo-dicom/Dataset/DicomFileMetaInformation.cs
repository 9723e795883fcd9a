namespace FellowOakDicom;

/// <summary>Group 0002 (PS3.10 section 7.1).</summary>
public class DicomFileMetaInformation : DicomDataset
{
    public DicomFileMetaInformation() { }

    /// <summary>For writing this data set; names this host as the source.</summary>
    public DicomFileMetaInformation(DicomDataset dataset)
    {
        AutoValidate = false;
        Identify();
        if (dataset.TryGetSingleValue(DicomTag.SOPClassUID, out DicomUID sopClass)) MediaStorageSOPClassUID = sopClass;
        if (dataset.TryGetSingleValue(DicomTag.SOPInstanceUID, out DicomUID instance)) MediaStorageSOPInstanceUID = instance;
        TransferSyntax = dataset.InternalTransferSyntax;
        SourceApplicationEntityTitle = CreateSourceApplicationEntityTitle();
    }

    /// <summary>For writing again what was read: this library is the writer now, and this host the source unless one is named.</summary>
    public DicomFileMetaInformation(DicomFileMetaInformation metaInfo)
    {
        AutoValidate = false;
        foreach (var item in metaInfo) AddOrUpdate(item);
        Identify();
        if (!Contains(DicomTag.SourceApplicationEntityTitle)) SourceApplicationEntityTitle = CreateSourceApplicationEntityTitle();
    }

    public byte[] Version { get => GetValues<byte>(DicomTag.FileMetaInformationVersion); set => AddOrUpdate(DicomTag.FileMetaInformationVersion, value); }
    public DicomUID MediaStorageSOPClassUID { get => Uid(DicomTag.MediaStorageSOPClassUID); set => AddOrUpdate(DicomTag.MediaStorageSOPClassUID, value); }
    public DicomUID MediaStorageSOPInstanceUID { get => Uid(DicomTag.MediaStorageSOPInstanceUID); set => AddOrUpdate(DicomTag.MediaStorageSOPInstanceUID, value); }
    public DicomTransferSyntax TransferSyntax { get => GetSingleValue<DicomTransferSyntax>(DicomTag.TransferSyntaxUID); set => AddOrUpdate(DicomTag.TransferSyntaxUID, value.UID); }
    public DicomUID ImplementationClassUID { get => Uid(DicomTag.ImplementationClassUID); set => AddOrUpdate(DicomTag.ImplementationClassUID, value); }
    public string ImplementationVersionName { get => Text(DicomTag.ImplementationVersionName); set => AddOrUpdate(DicomTag.ImplementationVersionName, value); }
    public string SourceApplicationEntityTitle { get => Text(DicomTag.SourceApplicationEntityTitle); set => AddOrUpdate(DicomTag.SourceApplicationEntityTitle, value); }
    public string SendingApplicationEntityTitle { get => Text(DicomTag.SendingApplicationEntityTitle); set => AddOrUpdate(DicomTag.SendingApplicationEntityTitle, value); }
    public string ReceivingApplicationEntityTitle { get => Text(DicomTag.ReceivingApplicationEntityTitle); set => AddOrUpdate(DicomTag.ReceivingApplicationEntityTitle, value); }

    public override string ToString() => "DICOM File Meta Info";

    /// <summary>The name of this host, in the letters and the length that AE allows.</summary>
    protected static string CreateSourceApplicationEntityTitle()
    {
        var name = new string([.. Environment.MachineName.Where(c => c is > ' ' and < (char)127 and not '\\')]);
        return name.Length > 16 ? name[..16] : name;
    }

    private void Identify()
    {
        Version = [0, 1];
        ImplementationClassUID = DicomImplementation.ClassUID;
        ImplementationVersionName = DicomImplementation.Version;
    }

    private DicomUID Uid(DicomTag tag) => GetSingleValue<DicomUID>(tag);
    private string Text(DicomTag tag) => GetSingleValueOrDefault<string>(tag, null);
}
