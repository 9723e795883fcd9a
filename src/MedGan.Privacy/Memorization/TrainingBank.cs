namespace MedGan.Privacy.Memorization;

/// <summary>The training vectors of one view, ready to be searched.</summary>
internal sealed class TrainingBank
{
    private readonly float[] vectors;
    private readonly int stride;
    private readonly int length;

    public TrainingBank(IReadOnlyList<float[]> views)
    {
        length = views[0].Length;
        stride = Correlation.PaddedLength(length);
        Count = views.Count;
        vectors = new float[checked(stride * Count)];
        for (int i = 0; i < Count; i++)
        {
            if (views[i].Length != length) throw new InvalidDataException("The vectors of one view differ in length.");
            Correlation.Standardise(views[i], vectors.AsSpan(i * stride, stride));
        }
    }

    public int Count { get; }

    /// <summary>The training image closest to any of the four mirrored forms of a query.</summary>
    public NearestMatch Nearest(IReadOnlyList<float[]> forms)
    {
        var query = new float[4][];
        for (int form = 0; form < 4; form++)
        {
            if (forms[form].Length != length) throw new InvalidDataException("A query's vector has another length than the training vectors.");
            query[form] = new float[stride];
            Correlation.Standardise(forms[form], query[form]);
        }
        var best = new NearestMatch(double.NegativeInfinity, 0, Mirror.None);
        for (int i = 0; i < Count; i++)
        {
            var (a, b, c, d) = Correlation.Dot4(vectors.AsSpan(i * stride, stride), query[0], query[1], query[2], query[3]);
            if (a > best.Correlation) best = new(a, i, Mirror.None);
            if (b > best.Correlation) best = new(b, i, Mirror.LeftRight);
            if (c > best.Correlation) best = new(c, i, Mirror.UpDown);
            if (d > best.Correlation) best = new(d, i, Mirror.HalfTurn);
        }
        if (!double.IsFinite(best.Correlation)) throw new InvalidDataException("A correlation is not a number.");
        return best with { Correlation = Math.Clamp(best.Correlation, -1, 1) };
    }
}

/// <summary>The closest training image in one view.</summary>
/// <param name="Correlation">-1 to 1.</param>
/// <param name="TrainingIndex">Its index among the training images.</param>
/// <param name="Mirror">The form of the judged image in which it is closest.</param>
internal readonly record struct NearestMatch(double Correlation, int TrainingIndex, Mirror Mirror);
