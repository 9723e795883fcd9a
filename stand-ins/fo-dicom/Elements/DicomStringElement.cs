using System.Text;
using FellowOakDicom.IO;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>An attribute whose value is one text. Bytes that were read stay as they are until the character set changes.</summary>
public abstract class DicomStringElement : DicomElement
{
    private Encoding[] encodings;
    private string value;

    protected DicomStringElement(DicomTag tag, string value) : base(tag, null) => this.value = value ?? string.Empty;

    protected DicomStringElement(DicomTag tag, Encoding[] encodings, IByteBuffer buffer) : base(tag, buffer) =>
        this.encodings = encodings;

    /// <summary>The character sets that the bytes are in; setting others encodes anew.</summary>
    public Encoding[] TargetEncodings
    {
        get => encodings;
        protected internal set
        {
            if (ReferenceEquals(encodings, value) || (encodings is not null && value is not null && encodings.SequenceEqual(value))) return;
            if (HasBuffer && ValueRepresentation.IsStringEncoded)
            {
                _ = StringValue;
                Buffer = null;
            }
            encodings = value;
        }
    }

    public override int Count => StringValue.Length == 0 ? 0 : 1;

    protected string StringValue
    {
        get => value ??= DicomEncoding.Decode(Buffer.Data, UsedEncodings, ValueRepresentation).TrimEnd((char)ValueRepresentation.PaddingValue, '\0');
    }

    private Encoding[] UsedEncodings => ValueRepresentation.IsStringEncoded && encodings is { Length: > 0 } ? encodings : DicomEncoding.DefaultArray;

    public override T Get<T>(int item = -1) =>
        typeof(T) == typeof(string) && item <= 0 ? (T)(object)StringValue : Convert<T>(item);

    protected override void ValidateString() => ValueRepresentation.ValidateString(StringValue);

    private protected override IByteBuffer MakeBuffer() =>
        new MemoryByteBuffer(ByteConverter.Padded(DicomEncoding.Encode(value, UsedEncodings, ValueRepresentation), ValueRepresentation.PaddingValue));

    private protected override object ValueAt(int index, Type type) =>
        type == typeof(string) || type == typeof(object) ? StringValue : throw CannotConvert(type);
}

/// <summary>An attribute whose values are texts with a backslash between them.</summary>
public abstract class DicomMultiStringElement : DicomStringElement
{
    private string[] values;

    protected DicomMultiStringElement(DicomTag tag, params string[] values) : base(tag, values is null ? string.Empty : string.Join('\\', values)) { }
    protected DicomMultiStringElement(DicomTag tag, Encoding[] encodings, IByteBuffer buffer) : base(tag, encodings, buffer) { }

    public override int Count => Values.Length;

    private protected string[] Values => values ??= StringValue.Length == 0 ? [] : StringValue.Split('\\');

    public override T Get<T>(int item = -1)
    {
        if (typeof(T) == typeof(string) && item == -1) return (T)(object)StringValue;
        return Convert<T>(item);
    }

    protected override void ValidateString()
    {
        foreach (var value in Values) ValueRepresentation.ValidateString(value);
    }

    private protected override object ValueAt(int index, Type type)
    {
        if (type == typeof(string) || type == typeof(object)) return Values[index];
        if (type.IsEnum && Enum.TryParse(type, Values[index].Trim().Replace(" ", string.Empty), true, out var parsed)) return parsed;
        throw CannotConvert(type);
    }
}
