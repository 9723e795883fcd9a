using System.Globalization;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>An attribute with a value field of its own.</summary>
public abstract class DicomElement : DicomItem
{
    private IByteBuffer buffer;

    protected DicomElement(DicomTag tag, IByteBuffer data) : base(tag) => buffer = data;

    /// <summary>The encoded value, little endian.</summary>
    public IByteBuffer Buffer { get => buffer ??= MakeBuffer(); protected set => buffer = value; }

    /// <summary>In bytes.</summary>
    public uint Length => (uint)Buffer.Size;

    /// <summary>How many values there are.</summary>
    public abstract int Count { get; }

    /// <summary>One value, or all of them where <typeparamref name="T"/> is an array; -1 stands for the first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such value.</exception>
    /// <exception cref="InvalidCastException">The value has no such form.</exception>
    public abstract T Get<T>(int item = -1);

    public override void Validate()
    {
        ValidateString();
        ValidateVM();
    }

    protected virtual void ValidateString() { }

    protected virtual void ValidateVM()
    {
        if (Tag.IsPrivate || Count == 0) return;
        var entry = Tag.DictionaryEntry;
        if (!ReferenceEquals(entry, DicomDictionary.UnknownTag) && !entry.ValueMultiplicity.Allows(Count))
            throw new DicomValidationException(string.Empty, ValueRepresentation, $"{Tag} holds {Count} values, but its multiplicity is {entry.ValueMultiplicity}");
    }

    private protected virtual IByteBuffer MakeBuffer() => EmptyBuffer.Value;

    private protected bool HasBuffer => buffer is not null;

    // The value at an index in the asked-for type; throws InvalidCastException where there is no such form.
    private protected abstract object ValueAt(int index, Type type);

    private protected T Convert<T>(int item)
    {
        if (typeof(T) == typeof(IByteBuffer)) return (T)Buffer;
        if (typeof(T).IsArray && typeof(T) != typeof(object))
        {
            var type = typeof(T).GetElementType();
            var values = Array.CreateInstance(type, Count);
            for (var i = 0; i < values.Length; i++) values.SetValue(ValueAt(i, type), i);
            return (T)(object)values;
        }
        if (item == -1) item = 0;
        if (item < 0 || item >= Count) throw new ArgumentOutOfRangeException(nameof(item), "Index is outside the range of available value items");
        return (T)ValueAt(item, typeof(T));
    }

    private protected object ChangeType(object value, Type type)
    {
        if (type.IsInstanceOfType(value)) return value;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum) return Enum.ToObject(type, value);
        if (value is IConvertible && (type.IsPrimitive || type == typeof(decimal) || type == typeof(string)))
            return System.Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
        throw CannotConvert(type);
    }

    private protected InvalidCastException CannotConvert(Type type) =>
        new($"Unable to convert DICOM {ValueRepresentation.Code} value to '{type.Name}'");
}

/// <summary>An attribute whose values are numbers of fixed size.</summary>
public abstract class DicomValueElement<Tv> : DicomElement where Tv : struct
{
    protected DicomValueElement(DicomTag tag, params Tv[] values) : base(tag, IO.ByteConverter.ToByteBuffer(values ?? [])) { }
    protected DicomValueElement(DicomTag tag, IByteBuffer data) : base(tag, data) { }

    public override int Count => (int)(Buffer.Size / ValueRepresentation.UnitSize);

    public override T Get<T>(int item = -1)
    {
        if (typeof(T) == typeof(Tv[])) return (T)(object)IO.ByteConverter.ToArray<Tv>(Buffer);
        if (typeof(T) == typeof(byte[]) && !ValueRepresentation.Is16bitLength) return (T)(object)Buffer.Data;
        return Convert<T>(item);
    }

    private protected override object ValueAt(int index, Type type) =>
        ChangeType(IO.ByteConverter.Get<Tv>(Buffer, index), type);
}
