namespace MedGan.Models.Networks.SuperResolution;

/// <summary>How many times more rows and columns an image shall have. In plane both grow; through plane the rows do, which are the slices of a reformat.</summary>
/// <param name="Rows">1 .. 4.</param>
/// <param name="Columns">1 .. 4.</param>
public readonly record struct Magnification(int Rows, int Columns)
{
    public static Magnification InPlane(int factor) => new(factor, factor);

    public static Magnification ThroughPlane(int factor) => new(factor, 1);

    /// <summary>Pixels made of one.</summary>
    public int Area => Rows * Columns;

    /// <summary>The steps that a network takes: 4 is reached by doubling twice (1609.04802, section 2.1), 2 and 3 at once.</summary>
    public IReadOnlyList<Magnification> Steps =>
        Rows % 2 == 0 && Columns % 2 == 0 && Math.Max(Rows, Columns) == 4 ? [new(2, 2), new(Rows / 2, Columns / 2)]
        : this == ThroughPlane(4) ? [ThroughPlane(2), ThroughPlane(2)]
        : [this];
}
