namespace MedGan.Jobs.Images.Folders;

/// <summary>The order of names in which "slice 2" comes before "slice 10": digits compare as numbers, everything else by its code.</summary>
public sealed class NaturalOrder : IComparer<string?>
{
    public static NaturalOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
            return x is null ? y is null ? 0 : -1 : 1;
        int i = 0, j = 0;
        while (i < x.Length && j < y.Length)
        {
            var (a, b) = (Digits(x, i), Digits(y, j));
            ReadOnlySpan<char> n = x.AsSpan(i, a).TrimStart('0'), m = y.AsSpan(j, b).TrimStart('0');
            var order = a > 0 && b > 0
                ? n.Length != m.Length ? n.Length - m.Length : n.SequenceCompareTo(m)
                : x[i] - y[j];
            if (order != 0)
                return order;
            (i, j) = (i + Math.Max(1, a), j + Math.Max(1, b));
        }
        var rest = x.Length - i - (y.Length - j);
        // "01" and "1" are the same number but not the same name.
        return rest != 0 ? rest : string.CompareOrdinal(x, y);
    }

    private static int Digits(string text, int at)
    {
        var end = at;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return end - at;
    }
}
