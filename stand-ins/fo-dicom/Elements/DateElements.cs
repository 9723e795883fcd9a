using System.Globalization;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>From a minimum to a maximum, both included.</summary>
public class DicomRange<T> where T : IComparable<T>
{
    public DicomRange(T min, T max) => (Minimum, Maximum) = (min, max);

    public T Minimum { get; set; }
    public T Maximum { get; set; }

    public bool Contains(T value) => Minimum.CompareTo(value) <= 0 && Maximum.CompareTo(value) >= 0;

    /// <summary>Widens the range to hold the value.</summary>
    public void Join(T value)
    {
        if (Minimum.CompareTo(value) > 0) Minimum = value;
        if (Maximum.CompareTo(value) < 0) Maximum = value;
    }
}

/// <summary>A range of dates or times as in queries; its open ends are the extreme values of <see cref="DateTime"/>.</summary>
public class DicomDateRange : DicomRange<DateTime>
{
    public DicomDateRange() : base(DateTime.MinValue, DateTime.MaxValue) { }
    public DicomDateRange(DateTime min, DateTime max) : base(min, max) { }

    public override string ToString() => ToString("yyyyMMddHHmmss");

    public string ToString(string format)
    {
        var from = Minimum == DateTime.MinValue ? string.Empty : Minimum.ToString(format, CultureInfo.InvariantCulture);
        var to = Maximum == DateTime.MaxValue ? string.Empty : Maximum.ToString(format, CultureInfo.InvariantCulture);
        return from == to ? from : $"{from}-{to}";
    }
}

/// <summary>An attribute whose values are dates or times.</summary>
public abstract class DicomDateElement : DicomMultiStringElement
{
    protected DicomDateElement(DicomTag tag, string[] dateFormats, params DateTime[] values)
        : base(tag, Array.ConvertAll(values ?? [], v => v.ToString(dateFormats[0], CultureInfo.InvariantCulture))) => DateFormats = dateFormats;
    protected DicomDateElement(DicomTag tag, string[] dateFormats, params string[] values) : base(tag, values) => DateFormats = dateFormats;
    protected DicomDateElement(DicomTag tag, string[] dateFormats, DicomDateRange range) : base(tag, range.ToString(dateFormats[0])) => DateFormats = dateFormats;
    protected DicomDateElement(DicomTag tag, string[] dateFormats, IByteBuffer buffer) : base(tag, DicomEncoding.DefaultArray, buffer) => DateFormats = dateFormats;

    /// <summary>The forms that are understood; the first is the one written.</summary>
    protected string[] DateFormats { get; }

    private protected override object ValueAt(int index, Type type)
    {
        if (type == typeof(DateTime) || type == typeof(DateTime?)) return Parse(Values[index]);
        if (type == typeof(DicomDateRange)) return Range(Values[index]);
        return base.ValueAt(index, type);
    }

    private DicomDateRange Range(string text)
    {
        var dash = text.IndexOf('-');
        if (dash < 0) return new DicomDateRange(Parse(text), Parse(text));
        var (from, to) = (text[..dash].Trim(), text[(dash + 1)..].Trim());
        return new DicomDateRange(from.Length == 0 ? DateTime.MinValue : Parse(from), to.Length == 0 ? DateTime.MaxValue : Parse(to));
    }

    private DateTime Parse(string text) =>
        DateTime.TryParseExact(text.Trim(), DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.NoCurrentDateDefault, out var value)
            ? value : throw new DicomDataException($"{Tag} holds no {ValueRepresentation.Code} that could be understood");
}

/// <summary>Date (DA).</summary>
public sealed class DicomDate : DicomDateElement
{
    private static readonly string[] Formats = ["yyyyMMdd", "yyyy.MM.dd", "yyyy/MM/dd", "yyyy", "yyyyMM", "yyyy.MM"];

    public DicomDate(DicomTag tag, params DateTime[] values) : base(tag, Formats, values) { }
    public DicomDate(DicomTag tag, params string[] values) : base(tag, Formats, values) { }
    public DicomDate(DicomTag tag, DicomDateRange range) : base(tag, Formats, range) { }
    public DicomDate(DicomTag tag, IByteBuffer data) : base(tag, Formats, data) { }

    public override DicomVR ValueRepresentation => DicomVR.DA;
}

/// <summary>Time (TM).</summary>
public sealed class DicomTime : DicomDateElement
{
    private static readonly string[] Formats =
        ["HHmmss", "HH", "HHmm", "HHmmss.f", "HHmmss.ff", "HHmmss.fff", "HHmmss.ffff", "HHmmss.fffff", "HHmmss.ffffff",
         "HH:mm", "HH:mm:ss", "HH:mm:ss.f", "HH:mm:ss.ff", "HH:mm:ss.fff", "HH:mm:ss.ffff", "HH:mm:ss.fffff", "HH:mm:ss.ffffff"];

    public DicomTime(DicomTag tag, params DateTime[] values) : base(tag, Formats, values) { }
    public DicomTime(DicomTag tag, params string[] values) : base(tag, Formats, values) { }
    public DicomTime(DicomTag tag, DicomDateRange range) : base(tag, Formats, range) { }
    public DicomTime(DicomTag tag, IByteBuffer data) : base(tag, Formats, data) { }

    public override DicomVR ValueRepresentation => DicomVR.TM;
}

/// <summary>Date and time (DT), with or without an offset from UTC.</summary>
public sealed class DicomDateTime : DicomDateElement
{
    private static readonly string[] Local =
        ["yyyyMMddHHmmss", "yyyyMMddHHmmss.ffffff", "yyyyMMddHHmmss.fffff", "yyyyMMddHHmmss.ffff", "yyyyMMddHHmmss.fff", "yyyyMMddHHmmss.ff",
         "yyyyMMddHHmmss.f", "yyyyMMddHHmm", "yyyyMMddHH", "yyyyMMdd", "yyyyMM", "yyyy"];
    private static readonly string[] Formats = [.. Local, .. Local.Select(f => f + "zzz")];

    public DicomDateTime(DicomTag tag, params DateTime[] values) : base(tag, Formats, values) { }
    public DicomDateTime(DicomTag tag, params string[] values) : base(tag, Formats, values) { }
    public DicomDateTime(DicomTag tag, DicomDateRange range) : base(tag, Formats, range) { }
    public DicomDateTime(DicomTag tag, IByteBuffer data) : base(tag, Formats, data) { }

    public override DicomVR ValueRepresentation => DicomVR.DT;
}
