namespace MedGan.Dicom.Volumes;

/// <summary>Makes a rectangular, evenly spaced grid of a stack: shears out what a tilted gantry left, then interpolates between unevenly spaced slices.</summary>
internal static class StackStraightening
{
    /// <summary>Sideways shifts below this part of a pixel are left as they are.</summary>
    private const double NegligiblePixels = 0.1;

    public static (VolumeGeometry Geometry, float[] Voxels) Apply(SliceStack stack, IReadOnlyList<float[]> slices, float outside, List<string> notes)
    {
        var h = stack.Slices[0];
        var g = new VolumeGeometry(h.Columns, h.Rows, slices.Count, h.PositionMm, h.RowDirection, h.ColumnDirection, stack.Normal,
            h.ColumnSpacingMm, h.RowSpacingMm, stack.AlongMm[^1] / (slices.Count - 1));
        if (stack.ShearMm > NegligiblePixels * Math.Min(g.ColumnSpacingMm, g.RowSpacingMm))
            (g, slices) = Unshear(stack, g, slices, outside, notes);
        return stack.IsEven ? (g, [.. slices.SelectMany(s => s)]) : Respace(stack, g, slices, notes);
    }

    // Every slice moves, in its own plane, to where it truly lies; the matrix grows so that nothing is cut off.
    private static (VolumeGeometry, IReadOnlyList<float[]>) Unshear(
        SliceStack stack, VolumeGeometry g, IReadOnlyList<float[]> slices, float outside, List<string> notes)
    {
        double[] u = [.. stack.ShiftColumnsMm.Select(s => s / g.ColumnSpacingMm)], v = [.. stack.ShiftRowsMm.Select(s => s / g.RowSpacingMm)];
        double left = u.Min(), top = v.Min();
        int columns = g.Columns + (int)Math.Ceiling(u.Max() - left - 1e-6), rows = g.Rows + (int)Math.Ceiling(v.Max() - top - 1e-6);
        var moved = new float[slices.Count][];
        for (var k = 0; k < slices.Count; k++)
        {
            moved[k] = new float[columns * rows];
            AxisWeights.Apply(slices[k], g.Columns,
                AxisWeights.Create(rows, top - v[k], 1, g.Rows, cubic: false),
                AxisWeights.Create(columns, left - u[k], 1, g.Columns, cubic: false), moved[k], outside);
        }
        var lean = Math.Atan2(stack.ShearMm, stack.AlongMm[^1]) * 180 / Math.PI;
        notes.Add(FormattableString.Invariant(
            $"Gantry tilt of {lean:0.0} degrees removed: slices shifted in their plane by up to {stack.ShearMm:0.0} mm, the matrix grew from {g.Columns} x {g.Rows} to {columns} x {rows}."));
        return (g with { Columns = columns, Rows = rows, OriginMm = g.PositionMm(left, top, 0) }, moved);
    }

    private static (VolumeGeometry, float[]) Respace(SliceStack stack, VolumeGeometry g, IReadOnlyList<float[]> slices, List<string> notes)
    {
        var spacing = stack.SpacingMm;
        var count = (int)Math.Floor(stack.AlongMm[^1] / spacing + 1e-3) + 1;
        var length = g.SliceLength;
        var voxels = new float[checked(count * length)];
        for (int k = 0, below = 0; k < count; k++)
        {
            var t = Math.Min(k * spacing, stack.AlongMm[^1]);
            while (below < slices.Count - 2 && stack.AlongMm[below + 1] <= t)
                below++;
            var part = (float)((t - stack.AlongMm[below]) / (stack.AlongMm[below + 1] - stack.AlongMm[below]));
            float[] a = slices[below], b = slices[below + 1];
            for (var i = 0; i < length; i++)
                voxels[k * length + i] = a[i] + part * (b[i] - a[i]);
        }
        notes.Add(FormattableString.Invariant(
            $"Uneven slice spacing ({stack.SmallestGapMm:0.##} to {stack.LargestGapMm:0.##} mm): {slices.Count} slices interpolated linearly to {count} slices every {spacing:0.##} mm."));
        return (g with { Slices = count, SliceSpacingMm = spacing }, voxels);
    }
}
