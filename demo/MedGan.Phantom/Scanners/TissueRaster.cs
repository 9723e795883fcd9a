using MedGan.Dicom.Volumes;
using MedGan.Phantoms.Anatomy;

namespace MedGan.Phantoms.Scanners;

/// <summary>The tissues met by a grid's voxels, several samples a voxel, so that a voxel at a border is a mixture.</summary>
internal sealed class TissueRaster
{
    // Sample points within a voxel, in parts of it: two layers, each with four points off the lattice of the other.
    private static readonly Vector3d[] Samples =
    [
        new(-.375, -.125, -.25), new(.125, -.375, -.25), new(.375, .125, -.25), new(-.125, .375, -.25),
        new(-.125, -.375, .25), new(.375, -.125, .25), new(.125, .375, .25), new(-.375, .125, .25),
    ];

    private readonly byte[] _labels;

    private TissueRaster(VolumeGeometry geometry, byte[] labels) => (Geometry, _labels) = (geometry, labels);

    public VolumeGeometry Geometry { get; }

    public static TissueRaster Of(PhantomPatient patient, PhantomGrid grid)
    {
        var g = grid.Geometry;
        var head = new Head(patient);
        var labels = new byte[g.Length * Samples.Length];
        Parallel.For(0, g.Slices, k =>
        {
            var next = k * g.SliceLength * Samples.Length;
            for (var row = 0; row < g.Rows; row++)
                for (var column = 0; column < g.Columns; column++)
                    foreach (var s in Samples)
                        labels[next++] = (byte)head.At(g.PositionMm(column + s.X, row + s.Y, k + s.Z));
        });
        return new TissueRaster(g, labels);
    }

    /// <summary>The mean over each voxel of a property of its tissues.</summary>
    public float[] Mean(Func<Tissue, float> property)
    {
        var table = new float[TissueProperties.Count];
        for (var t = 0; t < table.Length; t++)
            table[t] = property((Tissue)t) / Samples.Length;
        var result = new float[Geometry.Length];
        for (var i = 0; i < result.Length; i++)
        {
            float sum = 0;
            foreach (var label in _labels.AsSpan(i * Samples.Length, Samples.Length))
                sum += table[label];
            result[i] = sum;
        }
        return result;
    }
}
