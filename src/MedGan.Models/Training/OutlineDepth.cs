namespace MedGan.Models.Training;

/// <summary>
/// How deep each pixel lies below the body's outline: what CT and MR of unpaired patients have in common. Given to generators and discriminators as a
/// second channel, it lets a discriminator see that bone lies where skin should be - without it, a translation that paints the bright scalp of MR
/// as bright bone is consistent, and wrong.
/// The body is what exceeds <see cref="Threshold"/> (air is near -1 in both modalities), closed, its largest part, its holes filled.
/// </summary>
public static class OutlineDepth
{
    /// <summary>Between air and body, in [-1, 1] units: -410 HU in MedGan's CT, 0.24 of the MR unit.</summary>
    public const float Threshold = -0.6f;

    private const int Closing = 2;
    private const double ScaleShare = 1 / 16.0; // of the width: 16 mm in a field of view of 256 mm

    /// <summary>Writes sign(d) (1 - exp(-|d| / (size / 16))), d being the distance in pixels to the outline, positive inside: -1 .. 1.</summary>
    /// <param name="pixels">size * size values in [-1, 1].</param>
    /// <param name="depth">size * size values.</param>
    /// <param name="size">Pixels per side.</param>
    public static void Of(ReadOnlySpan<float> pixels, Span<float> depth, int size)
    {
        var body = Body(pixels, size);
        var inside = DistanceTransform.Squared(body, size, to: false);
        var outside = DistanceTransform.Squared(body, size, to: true);
        for (var i = 0; i < depth.Length; i++)
        {
            var distance = Math.Sqrt(body[i] ? inside[i] : outside[i]);
            var value = (float)(1 - Math.Exp(-distance / (ScaleShare * size)));
            depth[i] = body[i] ? value : -value;
        }
    }

    private static bool[] Body(ReadOnlySpan<float> pixels, int size)
    {
        var above = new bool[size * size];
        for (var i = 0; i < above.Length; i++) above[i] = pixels[i] > Threshold;
        // closing: within the radius of the body, and not within it of what that leaves; beyond the image's edge the body does not shrink
        var toBody = DistanceTransform.Squared(above, size, to: true);
        var grown = Array.ConvertAll(toBody, d => d <= Closing * Closing);
        var toRest = DistanceTransform.Squared(grown, size, to: false);
        var closed = new bool[above.Length];
        for (var i = 0; i < closed.Length; i++) closed[i] = above[i] || toRest[i] > Closing * Closing;
        return Filled(Largest(closed, size), size);
    }

    // the largest 4-connected part
    private static bool[] Largest(bool[] mask, int size)
    {
        var seen = new bool[mask.Length];
        var best = new List<int>();
        for (var start = 0; start < mask.Length; start++)
        {
            if (!mask[start] || seen[start]) continue;
            var part = Flood(start, mask, seen, size);
            if (part.Count > best.Count) best = part;
        }
        var largest = new bool[mask.Length];
        foreach (var i in best) largest[i] = true;
        return largest;
    }

    // everything that the outside, entered from the image's edge, does not reach
    private static bool[] Filled(bool[] mask, int size)
    {
        var rest = Array.ConvertAll(mask, inside => !inside);
        var reached = new bool[mask.Length];
        for (var i = 0; i < size; i++)
            foreach (var edge in (ReadOnlySpan<int>)[i, (size - 1) * size + i, i * size, i * size + size - 1])
                if (rest[edge] && !reached[edge]) Flood(edge, rest, reached, size);
        return Array.ConvertAll(reached, outside => !outside);
    }

    private static List<int> Flood(int start, bool[] mask, bool[] seen, int size)
    {
        var part = new List<int> { start };
        seen[start] = true;
        for (var next = 0; next < part.Count; next++)
        {
            var (row, column) = (part[next] / size, part[next] % size);
            Visit(row - 1, column);
            Visit(row + 1, column);
            Visit(row, column - 1);
            Visit(row, column + 1);
        }
        return part;

        void Visit(int row, int column)
        {
            var i = row * size + column;
            if (row < 0 || column < 0 || row >= size || column >= size || !mask[i] || seen[i]) return;
            seen[i] = true;
            part.Add(i);
        }
    }
}
