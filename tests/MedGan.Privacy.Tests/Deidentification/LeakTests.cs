using System.Text;
using FellowOakDicom;
using MedGan.Privacy.Deidentification;
using Xunit;

namespace MedGan.Tests.Privacy.Deidentification;

/// <summary>Attacks: whatever can hold a marker holds one, and no byte of any of them may come out.</summary>
public sealed class LeakTests
{
    private const string Marker = "QZXV";
    private static readonly string[] forbidden = [Marker, "77777", "19391231", "1.2.3.4.", "PAT-4711", "Muster", "Erika", "19390412", "085Y", "Kopf", "20240229", "20240301", "20240302", "101500"];

    [Fact]
    public void Deidentifier_MarkerInEveryAttributeOfTheDictionary_LetsNothingThrough()
    {
        var file = Poisoned(0);
        AssertClean(Deidentified.Bytes(file.Open()));
    }

    [Fact]
    public void Deidentifier_MarkerInEveryAttributeThreeSequencesDeep_LetsNothingThrough()
    {
        var file = RawDicom.Slice();
        foreach (uint kept in KeptAttribute.All.Where(rule => rule.Value.Kind == KeptKind.Items).Select(rule => rule.Key))
            file.Sequence(kept, new RawDicom().Sequence(0x00189321, new RawDicom().Sequence(0x00189325, Attributes(new RawDicom(), 1))));
        byte[] bytes = Deidentified.Bytes(file.Open());
        AssertClean(bytes);
        Assert.True(DicomFile.Open(new MemoryStream(bytes), FileReadOption.ReadAll).Dataset.Contains(new DicomTag(0x0018, 0x9321)), "Kept sequences were not walked.");
    }

    [Fact]
    public void Deidentifier_PreambleMetaOverlaysCurvesPrivateIconPaddingAndTrailingBytes_AreGone()
    {
        byte[] marker = Encoding.ASCII.GetBytes(Marker + Marker);
        var file = RawDicom.Slice();
        file.Preamble = [.. Enumerable.Repeat(Encoding.ASCII.GetBytes(Marker), 32).SelectMany(m => m)];
        file.SourceAe = Marker + "AE";
        file.Bytes(0x00090010, "LO", marker).Bytes(0x00091001, "UN", marker).Bytes(0x00291010, "OB", marker).Text(0x7FE10010, "LO", Marker)
            .Bytes(0x60003000, "OW", marker).Text(0x60000022, "LO", Marker).Bytes(0x600E3000, "OB", marker).Text(0x60020045, "LO", Marker)
            .Bytes(0x50003000, "OW", marker).Text(0x50000022, "LO", Marker)
            .Bytes(0x00080000, "UL", marker[..4]).Sequence(0x00880200, new RawDicom().Bytes(0x7FE00010, "OW", marker))
            .Sequence(0x00189321, new RawDicom().Bytes(0x7FE00010, "OW", marker).Text(0x00191001, "LO", Marker).Bytes(0x60003000, "OW", marker))
            .Bytes(0xFFFAFFFA, "OB", marker).Bytes(0xFFFCFFFC, "OB", marker);
        byte[] bytes = Deidentified.Bytes(file.Open());
        AssertClean(bytes);
        Assert.All(bytes[..128], b => Assert.Equal(0, b));
        Assert.All(DicomFile.Open(new MemoryStream(bytes)).Dataset, item => Assert.True(item.Tag.Group % 2 == 0 && item.Tag.Group is not (>= 0x5000 and < 0x7000) && item.Tag.Element != 0));
    }

    [Fact]
    public void Deidentifier_KeptAttributesUnderWrongRepresentations_AreNotCopied()
    {
        byte[] marker = Encoding.ASCII.GetBytes(Marker + Marker);
        foreach (uint tag in KeptAttribute.All.Keys.Where(tag => tag >> 16 != 0x0028 && tag != 0x00080016))
            foreach (string vr in new[] { "UN", "OB", "LO", "UT", "ST", "PN", "CS", "DS", "IS", "US", "FD", "UI", "AT" })
                AssertClean(Deidentified.Bytes(RawDicom.Slice().Bytes(tag, vr, marker).Open()), $"({tag:X8} as {vr})");
    }

    [Fact]
    public void Deidentifier_OverlongTextsAndManyValues_AreNotCopied()
    {
        string longText = string.Concat(Enumerable.Repeat(Marker, 300));
        var file = RawDicom.Slice().Text(0x00080070, "LO", longText).Text(0x00080008, "CS", @"ORIGINAL\PRIMARY\" + longText + @"\QZXV").Text(0x00180015, "CS", longText)
            .Text(0x00281050, "DS", "40" + longText).Text(0x00200020, "CS", @"QZXV\L").Text(0x00201040, "LO", longText).Text(0x00180060, "DS", "120 " + Marker);
        AssertClean(Deidentified.Bytes(file.Open()));
    }

    [Fact]
    public void Deidentifier_BitsAboveTheStoredOnes_AreCleared()
    {
        // Old overlays lie in the bits above BitsStored: here one letter per pair of pixels.
        var file = RawDicom.Slice();
        byte[] pixels = new byte[32];
        for (int i = 0; i < 16; i++) (pixels[2 * i], pixels[2 * i + 1]) = ((byte)i, (byte)(0xF0 | 3));
        var result = Deidentified.Dataset(file.Bytes(0x7FE00010, "OW", pixels));
        Assert.Equal(Enumerable.Range(0, 16).Select(i => (ushort)(0x0300 | i)), result.GetValues<ushort>(DicomTag.PixelData));
    }

    [Fact]
    public void Deidentifier_BytesBehindTheImage_AreCutOff()
    {
        byte[] pixels = [.. new byte[32], .. Encoding.ASCII.GetBytes(Marker + Marker)];
        var bytes = Deidentified.Bytes(RawDicom.Slice().Bytes(0x7FE00010, "OW", pixels).Open());
        AssertClean(bytes);
    }

    [Fact]
    public void Deidentifier_JpegCommentsAndApplicationSegments_AreCutOut()
    {
        byte[] marker = Encoding.ASCII.GetBytes(Marker + Marker);
        byte[] Segment(byte code) => [0xFF, code, 0, (byte)(2 + marker.Length), .. marker];
        byte[] table = [0xFF, 0xC4, 0, 5, 1, 2, 3], scan = [0xFF, 0xDA, 0, 4, 1, 2, 0x11, 0xFF, 0x00, 0x22, 0xFF, 0xD1, 0x33];
        byte[] stream = [0xFF, 0xD8, .. Segment(0xE1), .. table, .. Segment(0xFE), .. scan, .. Segment(0xFE), .. scan, 0xFF, 0xD9, .. marker];
        byte[] bytes = Deidentified.Bytes(RawDicom.Slice().Encapsulated("1.2.840.10008.1.2.4.70", stream[..22], stream[22..]).Open());
        AssertClean(bytes);
        var fragments = Assert.IsAssignableFrom<DicomFragmentSequence>(DicomFile.Open(new MemoryStream(bytes), FileReadOption.ReadAll).Dataset.GetDicomItem<DicomItem>(DicomTag.PixelData));
        byte[] expected = [0xFF, 0xD8, .. table, .. scan, .. scan, 0xFF, 0xD9];
        Assert.Equal(expected, Assert.Single(fragments.Fragments).Data[..expected.Length]);
    }

    [Fact]
    public void Deidentifier_BytesBesideRleSegments_AreCutOut()
    {
        byte[] marker = Encoding.ASCII.GetBytes(Marker + Marker);
        byte[] segment = [unchecked((byte)-15), 7]; // sixteen times 7
        byte[] stream = [.. BitConverter.GetBytes(2), .. BitConverter.GetBytes(72), .. BitConverter.GetBytes(82), .. marker, .. new byte[44], .. marker, .. segment, .. marker, .. segment, .. marker];
        byte[] bytes = Deidentified.Bytes(RawDicom.Slice().Encapsulated("1.2.840.10008.1.2.5", stream).Open());
        AssertClean(bytes);
        var data = Assert.Single(DicomFile.Open(new MemoryStream(bytes), FileReadOption.ReadAll).Dataset.GetDicomItem<DicomFragmentSequence>(DicomTag.PixelData).Fragments).Data;
        Assert.Equal([.. BitConverter.GetBytes(2), .. BitConverter.GetBytes(64), .. BitConverter.GetBytes(66), .. new byte[52], .. segment, .. segment], data);
    }

    private static RawDicom Poisoned(int depth)
    {
        var valid = RawDicom.Slice();
        var file = Attributes(RawDicom.Slice(), depth);
        file.SourceAe = Marker;
        foreach (var (tag, vr, value) in new (uint, string, string)[] { (0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"), (0x0020000D, "UI", "1.2.3.4.5"), (0x0020000E, "UI", "1.2.3.4.5.6"), (0x00080018, "UI", "1.2.3.4.5.6.7"), (0x00280301, "CS", "NO") })
            file.Text(tag, vr, value);
        foreach (var (tag, value) in new (uint, ushort)[] { (0x00280002, 1), (0x00280010, 4), (0x00280011, 4), (0x00280100, 16), (0x00280101, 12), (0x00280102, 11), (0x00280103, 0) })
            file.Us(tag, value);
        return file.Text(0x00280008, "IS", "1").Bytes(0x7FE00010, "OW", new byte[32]);
    }

    /// <summary>Every attribute of the dictionary, in its first VR, with the marker in it.</summary>
    private static RawDicom Attributes(RawDicom file, int depth)
    {
        int count = 0;
        foreach (var entry in DicomDictionary.Default)
        {
            uint tag = (uint)entry.Tag.Group << 16 | entry.Tag.Element;
            if (entry.Tag.Group < 0x0008 || entry.Tag.IsPrivate || entry.Tag.Group == 0xFFFE || entry.ValueRepresentations.Length == 0) continue;
            string vr = entry.ValueRepresentations[0].Code;
            if (vr == "NONE") continue;
            count++;
            if (vr == "SQ")
            {
                if (depth < 1) file.Sequence(tag, new RawDicom().Text(0x00080100, "SH", Marker).Text(0x00080104, "LO", Marker).Text(0x0040A160, "UT", Marker).Text(0x00081155, "UI", "1.2.3.4.8"));
                continue;
            }
            file.Bytes(tag, vr, Encoding.ASCII.GetBytes(vr switch
            {
                "DA" => "19391231",
                "TM" => "101500",
                "DT" => "19391231101500",
                "AS" => "085Y",
                "UI" => "1.2.3.4.8",
                "DS" or "IS" => "7777777777",
                "US" or "SS" => "QZ",
                "UL" or "SL" or "FL" or "AT" => Marker,
                "OW" or "OB" or "OF" or "OD" or "OL" or "OV" or "UN" or "FD" or "UV" or "SV" => Marker + Marker,
                _ => Marker + "NAME",
            }));
        }
        Assert.True(count > 4000, $"The dictionary gave only {count} attributes.");
        return file;
    }

    private static void AssertClean(byte[] bytes, string where = "")
    {
        string text = Encoding.Latin1.GetString(bytes);
        foreach (string word in forbidden) Assert.False(text.Contains(word, StringComparison.OrdinalIgnoreCase), $"'{word}' came through. {where}");
    }
}
