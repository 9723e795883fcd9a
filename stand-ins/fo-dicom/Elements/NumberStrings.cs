using System.Globalization;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>Decimal string (DS): 16 characters at most.</summary>
public sealed class DicomDecimalString : DicomMultiStringElement
{
    public DicomDecimalString(DicomTag tag, params decimal[] values) : base(tag, Array.ConvertAll(values ?? [], ToDecimalString)) { }
    public DicomDecimalString(DicomTag tag, params string[] values) : base(tag, values) { }
    public DicomDecimalString(DicomTag tag, IByteBuffer data) : base(tag, DicomEncoding.DefaultArray, data) { }

    public override DicomVR ValueRepresentation => DicomVR.DS;

    /// <summary>The value in 16 characters, with as many digits as fit.</summary>
    public static string ToDecimalString(decimal value)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        for (var digits = 16; text.Length > 16; digits--) text = value.ToString($"G{digits}", CultureInfo.InvariantCulture);
        return text;
    }

    private protected override object ValueAt(int index, Type type)
    {
        if (type == typeof(string)) return Values[index];
        var text = Values[index].Trim();
        const NumberStyles any = NumberStyles.Float;
        if (type == typeof(double) && double.TryParse(text, any, CultureInfo.InvariantCulture, out var d)) return d;
        if (type == typeof(float) && float.TryParse(text, any, CultureInfo.InvariantCulture, out var f)) return f;
        if (!decimal.TryParse(text, any, CultureInfo.InvariantCulture, out var value))
            throw new DicomDataException($"{Tag} holds no decimal number at index {index}");
        return type == typeof(object) ? value : ChangeType(value, type);
    }
}

/// <summary>Integer string (IS): 12 characters at most, 32 bits.</summary>
public sealed class DicomIntegerString : DicomMultiStringElement
{
    public DicomIntegerString(DicomTag tag, params int[] values)
        : base(tag, Array.ConvertAll(values ?? [], v => v.ToString(CultureInfo.InvariantCulture))) { }
    public DicomIntegerString(DicomTag tag, params string[] values) : base(tag, values) { }
    public DicomIntegerString(DicomTag tag, IByteBuffer data) : base(tag, DicomEncoding.DefaultArray, data) { }

    public override DicomVR ValueRepresentation => DicomVR.IS;

    private protected override object ValueAt(int index, Type type)
    {
        if (type == typeof(string)) return Values[index];
        const NumberStyles styles = NumberStyles.Integer | NumberStyles.AllowDecimalPoint;
        if (!int.TryParse(Values[index].Trim(), styles, CultureInfo.InvariantCulture, out var value))
            throw new DicomDataException($"{Tag} holds no integer at index {index}");
        return type == typeof(object) ? value : ChangeType(value, type);
    }
}
