using System.Buffers.Binary;
using System.Text;
using FellowOakDicom;

namespace MedGan.Tests.Privacy.Deidentification;

/// <summary>Writes Part 10 files byte by byte, so that a test can also say what a library would refuse to write.</summary>
internal sealed class RawDicom
{
    private const string LongVrs = "OB OD OF OL OV OW SQ SV UC UN UR UT UV";
    private readonly SortedDictionary<uint, byte[]> elements = [];

    public byte[] Preamble { get; set; } = new byte[128];
    public string TransferSyntax { get; set; } = "1.2.840.10008.1.2.1";
    public string SourceAe { get; set; } = "";
    public byte[] Trailing { get; set; } = [];

    /// <summary>A small CT slice with the attributes that a CT must have.</summary>
    public static RawDicom Slice(string sopClass = "1.2.840.10008.5.1.4.1.1.2", string patient = "PAT-4711")
    {
        var file = new RawDicom();
        file.Text(0x00080008, "CS", @"ORIGINAL\PRIMARY\AXIAL").Text(0x00080016, "UI", sopClass).Text(0x00080018, "UI", "1.2.3.4.5.6.7")
            .Text(0x00080020, "DA", "20240229").Text(0x00080021, "DA", "20240301").Text(0x00080030, "TM", "101500")
            .Text(0x0008002A, "DT", "20240302101500.25+0100").Text(0x00080060, "CS", sopClass.EndsWith(".4", StringComparison.Ordinal) ? "MR" : "CT")
            .Text(0x00080070, "LO", "SIEMENS").Text(0x00081030, "LO", "Kopf nativ").Text(0x00100010, "PN", "Muster^Erika").Text(0x00100020, "LO", patient)
            .Text(0x00100030, "DA", "19390412").Text(0x00100040, "CS", "F").Text(0x00101010, "AS", "085Y").Text(0x00180050, "DS", "4.5")
            .Text(0x0020000D, "UI", "1.2.3.4.5").Text(0x0020000E, "UI", "1.2.3.4.5.6").Text(0x00200011, "IS", "3").Text(0x00200013, "IS", "12")
            .Text(0x00200032, "DS", @"-125.0000000\-123.5404569\60.6960586").Text(0x00200037, "DS", @"1\0\0\0\0.9483237\-0.3173047").Text(0x00200052, "UI", "1.2.3.4.9")
            .Us(0x00280002, 1).Text(0x00280004, "CS", "MONOCHROME2").Us(0x00280010, 4).Us(0x00280011, 4).Text(0x00280030, "DS", @"0.4882812\0.4882812")
            .Us(0x00280100, 16).Us(0x00280101, 12).Us(0x00280102, 11).Us(0x00280103, 0).Text(0x00281052, "DS", "-1024").Text(0x00281053, "DS", "1");
        return file.Bytes(0x7FE00010, "OW", [.. Enumerable.Range(0, 32).Select(i => (byte)(i % 2 == 0 ? 3 * i : i % 16))]);
    }

    public RawDicom Text(uint tag, string vr, string value) => Bytes(tag, vr, Encoding.Latin1.GetBytes(value));

    public RawDicom Us(uint tag, ushort value) => Bytes(tag, "US", BitConverter.GetBytes(value));

    public RawDicom Bytes(uint tag, string vr, byte[] value)
    {
        byte[] even = value.Length % 2 == 0 ? value : [.. value, vr is "UI" or "OB" or "UN" ? (byte)0 : (byte)' '];
        elements[tag] = [.. Header(tag, vr, (uint)even.Length), .. even];
        return this;
    }

    public RawDicom Sequence(uint tag, params RawDicom[] items)
    {
        byte[] value = [.. items.SelectMany(item => Item(item.Dataset()))];
        elements[tag] = [.. Header(tag, "SQ", (uint)value.Length), .. value];
        return this;
    }

    public RawDicom Encapsulated(string transferSyntax, params byte[][] fragments)
    {
        TransferSyntax = transferSyntax;
        elements[0x7FE00010] = [.. Header(0x7FE00010, "OB", 0xFFFFFFFF), .. Item([]), .. fragments.SelectMany(Item), .. Tag(0xFFFEE0DD), 0, 0, 0, 0];
        return this;
    }

    public bool Has(uint tag) => elements.ContainsKey(tag);

    public RawDicom Without(uint tag)
    {
        elements.Remove(tag);
        return this;
    }

    public byte[] File()
    {
        var meta = new RawDicom().Bytes(0x00020001, "OB", [0, 1]).Text(0x00020002, "UI", "1.2.840.10008.5.1.4.1.1.2").Text(0x00020003, "UI", "1.2.3.4.5.6.7")
            .Text(0x00020010, "UI", TransferSyntax).Text(0x00020012, "UI", "1.2.3.99.1");
        if (SourceAe.Length > 0)
            foreach (uint tag in new uint[] { 0x00020016, 0x00020017, 0x00020018 }) meta.Text(tag, "AE", SourceAe);
        byte[] group2 = meta.Dataset();
        return [.. Preamble, .. "DICM"u8, .. Header(0x00020000, "UL", 4), .. BitConverter.GetBytes(group2.Length), .. group2, .. Dataset(), .. Trailing];
    }

    public DicomFile Open() => DicomFile.Open(new MemoryStream(File()), FileReadOption.ReadAll);

    private byte[] Dataset() => [.. elements.Values.SelectMany(element => element)];

    private static byte[] Item(byte[] content)
    {
        byte[] even = content.Length % 2 == 0 ? content : [.. content, 0];
        return [.. Tag(0xFFFEE000), .. BitConverter.GetBytes(even.Length), .. even];
    }

    private static byte[] Header(uint tag, string vr, uint length) => LongVrs.Contains(vr, StringComparison.Ordinal)
        ? [.. Tag(tag), .. Encoding.ASCII.GetBytes(vr), 0, 0, .. BitConverter.GetBytes(length)]
        : [.. Tag(tag), .. Encoding.ASCII.GetBytes(vr), .. BitConverter.GetBytes((ushort)length)];

    private static byte[] Tag(uint tag)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(tag >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), (ushort)tag);
        return bytes;
    }
}
