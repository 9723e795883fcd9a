namespace MedGan.Dicom.Volumes;

/// <summary>The head without the air outside: the largest connected part above a threshold, its holes filled slice by slice.</summary>
public static class BodyMask
{
    /// <summary>Between air and skin in CT.</summary>
    public const float CtThresholdHu = -300;

    /// <summary>Above the noise of air in normalised MR.</summary>
    public const float MrThreshold = 0.12f;

    /// <summary>True for each voxel, [slice, row, column], that belongs to the body.</summary>
    public static bool[] Of(Volume v)
    {
        var g = v.Geometry;
        var threshold = v.Modality == Modality.CT ? CtThresholdHu : MrThreshold;
        var mask = new bool[g.Length];
        for (var k = 0; k < g.Slices; k++)
            Majority(v.Slice(k), threshold, g.Columns, g.Rows, mask.AsSpan(k * g.SliceLength, g.SliceLength));
        KeepLargest(mask, g);
        for (var k = 0; k < g.Slices; k++)
            FillHoles(mask.AsSpan(k * g.SliceLength, g.SliceLength), g.Columns, g.Rows);
        return mask;
    }

    // A pixel counts when at least five of its 3x3 neighbourhood exceed the threshold: specks of noise and the thin edges of a head rest go.
    private static void Majority(ReadOnlySpan<float> slice, float threshold, int columns, int rows, Span<bool> mask)
    {
        for (var y = 0; y < rows; y++)
            for (var x = 0; x < columns; x++)
            {
                var count = 0;
                for (var dy = -1; dy <= 1; dy++)
                    for (var dx = -1; dx <= 1; dx++)
                        if (slice[Math.Clamp(y + dy, 0, rows - 1) * columns + Math.Clamp(x + dx, 0, columns - 1)] > threshold)
                            count++;
                mask[y * columns + x] = count >= 5;
            }
    }

    private static void KeepLargest(bool[] mask, VolumeGeometry g)
    {
        var label = new int[mask.Length];
        var queue = new int[mask.Length];
        int labels = 0, best = 0, bestCount = 0;
        for (var seed = 0; seed < mask.Length; seed++)
        {
            if (!mask[seed] || label[seed] != 0)
                continue;
            int head = 0, tail = 0;
            label[seed] = ++labels;
            queue[tail++] = seed;
            while (head < tail)
            {
                var i = queue[head++];
                int x = i % g.Columns, y = i / g.Columns % g.Rows, z = i / g.SliceLength;
                Visit(i - 1, x > 0);
                Visit(i + 1, x < g.Columns - 1);
                Visit(i - g.Columns, y > 0);
                Visit(i + g.Columns, y < g.Rows - 1);
                Visit(i - g.SliceLength, z > 0);
                Visit(i + g.SliceLength, z < g.Slices - 1);
            }
            if (tail > bestCount)
                (best, bestCount) = (labels, tail);

            void Visit(int j, bool inside)
            {
                if (inside && mask[j] && label[j] == 0)
                {
                    label[j] = labels;
                    queue[tail++] = j;
                }
            }
        }
        for (var i = 0; i < mask.Length; i++)
            mask[i] = best != 0 && label[i] == best;
    }

    // Whatever cannot be reached from the border of the slice without crossing the body is part of it.
    private static void FillHoles(Span<bool> mask, int columns, int rows)
    {
        var outside = new bool[mask.Length];
        var stack = new Stack<int>();
        for (var x = 0; x < columns; x++)
        {
            stack.Push(x);
            stack.Push((rows - 1) * columns + x);
        }
        for (var y = 0; y < rows; y++)
        {
            stack.Push(y * columns);
            stack.Push(y * columns + columns - 1);
        }
        while (stack.TryPop(out var i))
        {
            if (mask[i] || outside[i])
                continue;
            outside[i] = true;
            int x = i % columns, y = i / columns;
            if (x > 0)
                stack.Push(i - 1);
            if (x < columns - 1)
                stack.Push(i + 1);
            if (y > 0)
                stack.Push(i - columns);
            if (y < rows - 1)
                stack.Push(i + columns);
        }
        for (var i = 0; i < mask.Length; i++)
            mask[i] = !outside[i];
    }
}
