using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>Unique identifier (UI).</summary>
public sealed class DicomUniqueIdentifier : DicomMultiStringElement
{
    public DicomUniqueIdentifier(DicomTag tag, params string[] values) : base(tag, values) { }
    public DicomUniqueIdentifier(DicomTag tag, params DicomUID[] values) : base(tag, Array.ConvertAll(values ?? [], v => v?.UID ?? string.Empty)) { }
    public DicomUniqueIdentifier(DicomTag tag, params DicomTransferSyntax[] values) : base(tag, Array.ConvertAll(values ?? [], v => v?.UID.UID ?? string.Empty)) { }
    public DicomUniqueIdentifier(DicomTag tag, IByteBuffer data) : base(tag, DicomEncoding.DefaultArray, data) { }

    public override DicomVR ValueRepresentation => DicomVR.UI;

    private protected override object ValueAt(int index, Type type) =>
        type == typeof(DicomUID) ? DicomUID.Parse(Values[index])
        : type == typeof(DicomTransferSyntax) ? DicomTransferSyntax.Parse(Values[index])
        : base.ValueAt(index, type);
}

/// <summary>Attribute tag (AT).</summary>
public sealed class DicomAttributeTag : DicomElement
{
    public DicomAttributeTag(DicomTag tag, params DicomTag[] values)
        : base(tag, IO.ByteConverter.ToByteBuffer((values ?? []).SelectMany(t => new[] { t.Group, t.Element }).ToArray())) { }
    public DicomAttributeTag(DicomTag tag, IByteBuffer data) : base(tag, data) { }

    public override DicomVR ValueRepresentation => DicomVR.AT;
    public override int Count => (int)(Buffer.Size / 4);
    public IEnumerable<DicomTag> Values => Get<DicomTag[]>();

    public override T Get<T>(int item = -1) => Convert<T>(item);

    private protected override object ValueAt(int index, Type type)
    {
        var words = IO.ByteConverter.ToArray<ushort>(Buffer);
        var value = new DicomTag(words[2 * index], words[(2 * index) + 1]);
        if (type == typeof(DicomTag) || type == typeof(object)) return value;
        return type == typeof(string) ? value.ToString() : ChangeType(value.Value, type);
    }
}
