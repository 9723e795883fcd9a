namespace MedGan.Dicom.Volumes;

/// <summary>Slices in the order of their position along the common normal, checked to be one stack.</summary>
/// <param name="Slices">In growing order.</param>
/// <param name="Normal">Row direction x column direction.</param>
/// <param name="AlongMm">Distance of each slice from the first, along the normal.</param>
/// <param name="ShiftColumnsMm">How far each slice lies from straight above the first, along its rows.</param>
/// <param name="ShiftRowsMm">The same along its columns: what gantry tilt leaves behind.</param>
internal sealed record SliceStack(IReadOnlyList<SliceHeader> Slices, Vector3d Normal, double[] AlongMm, double[] ShiftColumnsMm, double[] ShiftRowsMm)
{
    /// <summary>Fewer make no volume.</summary>
    public const int MinSlices = 3;

    /// <summary>A gap is too wide to interpolate over where it exceeds both this many of the spacing ...</summary>
    public const double MaxGapRatio = 1.9;

    /// <summary>... and this many slice thicknesses (where the header gives one); or, whatever the header says, <see cref="MaxGapMm"/>.</summary>
    public const double MaxGapThicknesses = 1.25;

    /// <summary>The widest gap that is ever interpolated over, in mm.</summary>
    public const double MaxGapMm = 15;

    public double SmallestGapMm { get; private init; }

    /// <summary>The lower quartile of the gaps: the finer of two spacings in one series, untouched by the odd gap where they meet.</summary>
    public double SpacingMm { get; private init; }

    public double LargestGapMm { get; private init; }

    /// <summary>Spacing counts as even within 1 % (or 0.01 mm: positions are written with few digits).</summary>
    public bool IsEven => LargestGapMm - SmallestGapMm <= Math.Max(0.01, 0.01 * SmallestGapMm);

    /// <summary>The largest sideways shift between any two slices.</summary>
    public double ShearMm => Math.Max(ShiftColumnsMm.Max() - ShiftColumnsMm.Min(), ShiftRowsMm.Max() - ShiftRowsMm.Min());

    public static SliceStack Of(IReadOnlyList<SliceHeader> headers)
    {
        if (headers.Any(h => !h.Matches(headers[0])))
            throw new SeriesRejectedException(SeriesRejectReason.MixedSlices, "The slices differ in modality, matrix, pixel spacing or orientation.");
        if (headers.Count < MinSlices)
            throw new SeriesRejectedException(SeriesRejectReason.TooFewSlices, $"The series has {headers.Count} slices; a volume needs at least {MinSlices}.");
        var normal = headers[0].RowDirection.Cross(headers[0].ColumnDirection).Normalized();
        var sorted = headers.OrderBy(h => normal.Dot(h.PositionMm)).ToArray();
        var first = sorted[0];
        var along = sorted.Select(h => normal.Dot(h.PositionMm - first.PositionMm)).ToArray();
        var gaps = along.Zip(along.Skip(1), (a, b) => b - a).ToArray();
        var spacing = gaps.Order().ElementAt(gaps.Length / 4);
        if (gaps.Min() < Math.Max(0.01, 0.05 * spacing))
            throw new SeriesRejectedException(SeriesRejectReason.DuplicateSlices, "Several slices lie at the same place (several echoes, phases or repetitions in one series?).");
        var stack = new SliceStack(sorted, normal, along,
            [.. sorted.Select(h => first.RowDirection.Dot(h.PositionMm - first.PositionMm))],
            [.. sorted.Select(h => first.ColumnDirection.Dot(h.PositionMm - first.PositionMm))])
        {
            SmallestGapMm = gaps.Min(),
            SpacingMm = spacing,
            LargestGapMm = gaps.Max(),
        };
        stack.RefuseHoles(gaps);
        stack.RefuseZigzag();
        return stack;
    }

    private void RefuseHoles(double[] gaps)
    {
        for (var i = 0; i < gaps.Length; i++)
        {
            double? thickness = Slices[i].ThicknessMm is { } a && Slices[i + 1].ThicknessMm is { } b ? Math.Max(a, b) : null;
            var wide = gaps[i] > MaxGapRatio * SpacingMm && !(gaps[i] <= MaxGapThicknesses * thickness);
            if (wide || (gaps[i] > MaxGapMm && !IsEven))
                throw new SeriesRejectedException(SeriesRejectReason.MissingSlices, FormattableString.Invariant(
                    $"Between slices {i + 1} and {i + 2} there is a gap of {gaps[i]:0.0} mm where {SpacingMm:0.0} mm are usual: slices are missing."));
        }
    }

    // A tilted gantry moves every slice by the same amount per mm; positions that do not lie on a line are no stack.
    private void RefuseZigzag()
    {
        foreach (var shift in (double[][])[ShiftColumnsMm, ShiftRowsMm])
        {
            var slope = shift.Zip(AlongMm, (s, t) => s * t).Sum() / AlongMm.Sum(t => t * t);
            if (shift.Zip(AlongMm, (s, t) => Math.Abs(s - slope * t)).Max() > 1)
                throw new SeriesRejectedException(SeriesRejectReason.MixedSlices, "The slices' positions do not lie on one line.");
        }
    }
}
