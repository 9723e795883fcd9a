using System.Globalization;

namespace MedGan.Jobs.PrivacyGate;

/// <summary>The name of one generated image in the privacy report: its synthetic series and slice.</summary>
internal readonly record struct ImageId(Guid Series, int Slice)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Series:N}/{Slice}");

    public static ImageId Parse(string id)
    {
        var at = id.IndexOf('/', StringComparison.Ordinal);
        return new ImageId(Guid.ParseExact(id.AsSpan(0, at), "N"), int.Parse(id.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture));
    }
}
