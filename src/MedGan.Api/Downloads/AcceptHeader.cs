using System.Globalization;
using MedGan.Api.Problems;
using MedGan.Dicom.Web;

namespace MedGan.Api.Downloads;

/// <summary>What a client takes, most wanted first (RFC 9110 section 12.5.1; PS3.18 section 8.7.5).</summary>
public sealed class AcceptHeader
{
    /// <summary>The one transfer syntax in which released data is kept.</summary>
    public const string ExplicitLittleEndian = "1.2.840.10008.1.2.1";

    private readonly IReadOnlyList<ContentTypeHeader> ranges;

    private AcceptHeader(IReadOnlyList<ContentTypeHeader> ranges) => this.ranges = ranges;

    /// <summary>Reads the header of a request; PS3.18's query parameter "accept" goes before it.</summary>
    public static AcceptHeader Of(HttpRequest request)
    {
        var text = request.Query["accept"] is { Count: > 0 } query ? query.ToString() : request.Headers.Accept.ToString();
        var ranges = SplitAtCommas(text)
            .Select(ContentTypeHeader.Parse)
            .Where(r => r.MediaType.Length > 0 && Quality(r) > 0)
            .OrderByDescending(Quality)
            .ToList();
        return new AcceptHeader(ranges.Count == 0 && text.Length == 0 ? [ContentTypeHeader.Parse("*/*")] : ranges);
    }

    /// <summary>The first of the client's wishes that is on offer. An offer is a media type, for a multipart one with its part type: "multipart/related;application/dicom".</summary>
    /// <exception cref="RefusedException">406: none is.</exception>
    public string Choose(params string[] offers) =>
        ranges.Select(range => offers.FirstOrDefault(offer => Takes(range, offer))).FirstOrDefault(offer => offer is not null)
        ?? throw new RefusedException(StatusCodes.Status406NotAcceptable, "None of the accepted types is on offer", $"On offer here: {string.Join(", ", offers)}.");

    private static bool Takes(ContentTypeHeader range, string offer)
    {
        var (type, part) = offer.Split(';') is [var outer, var inner] ? (outer, inner) : (offer, null);
        var matches = range.MediaType == "*/*" || range.MediaType == type
            || (range.MediaType.EndsWith("/*", StringComparison.Ordinal) && type.StartsWith(range.MediaType[..^1], StringComparison.Ordinal));
        return matches
            && (part is null || range["type"] is null or "*/*" || string.Equals(range["type"], part, StringComparison.OrdinalIgnoreCase))
            && range["transfer-syntax"] is null or "*" or ExplicitLittleEndian;
    }

    private static double Quality(ContentTypeHeader range) =>
        range["q"] is not { } q ? 1 : double.TryParse(q, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : 0;

    private static IEnumerable<string> SplitAtCommas(string text)
    {
        var start = 0;
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                quoted = !quoted;
            }
            else if (text[i] == ',' && !quoted)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }
        yield return text[start..];
    }
}
