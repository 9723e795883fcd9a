namespace MedGan.Dicom.Volumes;

/// <summary>The head without the air outside: the largest connected part above a threshold, without thin head rests, its holes filled slice by slice.</summary>
public static class BodyMask
{
    /// <summary>Between air and skin in CT.</summary>
    public const float CtThresholdHu = -300;

    /// <summary>Above the noise of air in normalised MR.</summary>
    public const float MrThreshold = 0.12f;

    private const double ThinMm = 2.5;

    /// <summary>True for each voxel, [slice, row, column], that belongs to the body.</summary>
    public static bool[] Of(Volume v)
    {
        var g = v.Geometry;
        var threshold = v.Modality == Modality.CT ? CtThresholdHu : MrThreshold;
        var solid = new bool[g.Length];
        for (var i = 0; i < solid.Length; i++)
            solid[i] = v.Voxels[i] > threshold;
        int columns = Radius(g.ColumnSpacingMm), rows = Radius(g.RowSpacingMm);
        bool[] mask;
        if (v.Modality == Modality.CT)
        {
            // Opening in the plane: what is thinner than twice the radius - head rests, noise - is not a body.
            mask = Spread(solid, g, columns, rows, erode: true);
            KeepLargest(mask, g);
            mask = Spread(mask, g, columns, rows, erode: false);
            for (var i = 0; i < mask.Length; i++)
                mask[i] &= solid[i];
        }
        else
        {
            // Closing: the skull is dark and the scalp a thin ring, with gaps that a hole would leak through.
            mask = Spread(Spread(solid, g, columns, rows, erode: false), g, columns, rows, erode: true);
            KeepLargest(mask, g);
        }
        FillHolesOfSlices(mask, g);
        return mask;

        static int Radius(double spacingMm) => (int)Math.Ceiling(ThinMm / spacingMm);
    }

    // Erosion: a box about the pixel is all body. Dilation: any of it is. Beyond the edge of the picture counts as what the pixel is.
    private static bool[] Spread(bool[] source, VolumeGeometry g, int columnRadius, int rowRadius, bool erode)
    {
        var half = new bool[source.Length];
        var result = new bool[source.Length];
        var wanted = !erode;
        for (var line = 0; line < source.Length; line += g.Columns)
            Runs(source, half, line, 1, g.Columns, columnRadius, wanted);
        for (var slice = 0; slice < source.Length; slice += g.SliceLength)
            for (var x = 0; x < g.Columns; x++)
                Runs(half, result, slice + x, g.Columns, g.Rows, rowRadius, wanted);
        return result;
    }

    private static void Runs(bool[] source, bool[] target, int start, int step, int count, int radius, bool wanted)
    {
        var until = -1;
        for (var i = 0; i < Math.Min(radius, count); i++)
            if (source[start + i * step] == wanted)
                until = i + radius;
        for (var i = 0; i < count; i++)
        {
            if (i + radius < count && source[start + (i + radius) * step] == wanted)
                until = i + 2 * radius;
            target[start + i * step] = i <= until ? wanted : !wanted;
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

    private static void FillHolesOfSlices(bool[] mask, VolumeGeometry g)
    {
        for (var k = 0; k < g.Slices; k++)
            FillHoles(mask.AsSpan(k * g.SliceLength, g.SliceLength), g.Columns, g.Rows);
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
