using FellowOakDicom;
using MedGan.Privacy.Deidentification;

namespace MedGan.Tests.Privacy.Deidentification;

/// <summary>Shortcuts from an original to what leaves the de-identifier.</summary>
internal static class Deidentified
{
    public static readonly PseudonymKey Key = PseudonymKey.FromBytes(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());

    public static byte[] Bytes(DicomFile file, PseudonymKey? key = null)
    {
        using var stream = new MemoryStream();
        new Deidentifier(key ?? Key).Apply(file).WriteTo(stream);
        return stream.ToArray();
    }

    public static DicomDataset Dataset(DicomFile file, PseudonymKey? key = null) => DicomFile.Open(new MemoryStream(Bytes(file, key)), FileReadOption.ReadAll).Dataset;

    public static DicomDataset Dataset(RawDicom file, PseudonymKey? key = null) => Dataset(file.Open(), key);

    public static string Text(this DicomDataset dataset, uint tag) => dataset.TryGetString(tag, out string value) ? value : "(absent)";

    public static InstanceRejectedException Rejection(RawDicom file) =>
        Xunit.Assert.Throws<InstanceRejectedException>(() => new Deidentifier(Key).Apply(file.Open()));
}
