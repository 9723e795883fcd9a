using MedGan.Dicom.Volumes;

namespace MedGan.Dicom.Files.Nifti;

/// <summary>Places of voxels: NIfTI's coordinates run to the right, front and head, DICOM's to the left, back and head.</summary>
internal static class NiftiSpace
{
    // The directions of a grid are written with few digits; beyond this cosine they are not perpendicular.
    private const double PerpendicularTolerance = 0.01;

    /// <summary>The best of the header's transforms, 3 x 4 in mm: sform, else qform, else the voxel sizes alone (nifti1.h, methods 3, 2 and 1).</summary>
    public static double[] Affine(NiftiFields f)
    {
        double[] affine = f.Short(254) > 0 ? [.. Row(f, 280), .. Row(f, 296), .. Row(f, 312)]
            : f.Short(252) > 0 ? Quaternion(f)
            : [f.Real(80), 0, 0, 0, 0, f.Real(84), 0, 0, 0, 0, f.Real(88), 0];
        var toMm = (f.Byte(123) & 7) switch { 1 => 1000, 3 => 0.001, _ => 1.0 };
        return [.. affine.Select(value => value * toMm)];

        static double[] Row(NiftiFields f, int at) => [f.Real(at), f.Real(at + 4), f.Real(at + 8), f.Real(at + 12)];
    }

    private static double[] Quaternion(NiftiFields f)
    {
        double b = f.Real(256), c = f.Real(260), d = f.Real(264), a = Math.Sqrt(Math.Max(0, 1 - b * b - c * c - d * d));
        double x = f.Real(80), y = f.Real(84), z = f.Real(88) * (f.Real(76) < 0 ? -1 : 1);
        return
        [
            (a * a + b * b - c * c - d * d) * x, 2 * (b * c - a * d) * y, 2 * (b * d + a * c) * z, f.Real(268),
            2 * (b * c + a * d) * x, (a * a + c * c - b * b - d * d) * y, 2 * (c * d - a * b) * z, f.Real(272),
            2 * (b * d - a * c) * x, 2 * (c * d + a * b) * y, (a * a + d * d - b * b - c * c) * z, f.Real(276),
        ];
    }

    /// <summary>(b, c, d) of the unit quaternion of a rotation, and qfac: -1 where the third direction has to be turned round to make it one.</summary>
    /// <param name="x">Direction of i, in NIfTI's coordinates.</param>
    /// <param name="y">Direction of j.</param>
    /// <param name="z">Direction of k.</param>
    public static (double B, double C, double D, double Factor) QuaternionOf(Vector3d x, Vector3d y, Vector3d z)
    {
        var factor = x.Cross(y).Dot(z) < 0 ? -1.0 : 1;
        z *= factor;
        // The largest of the four squares is the safe one to divide by.
        double[] squares = [1 + x.X + y.Y + z.Z, 1 + x.X - y.Y - z.Z, 1 - x.X + y.Y - z.Z, 1 - x.X - y.Y + z.Z];
        var largest = Array.IndexOf(squares, squares.Max());
        var s = 2 * Math.Sqrt(squares[largest]);
        var (a, b, c, d) = largest switch
        {
            0 => (s / 4, (y.Z - z.Y) / s, (z.X - x.Z) / s, (x.Y - y.X) / s),
            1 => ((y.Z - z.Y) / s, s / 4, (y.X + x.Y) / s, (z.X + x.Z) / s),
            2 => ((z.X - x.Z) / s, (y.X + x.Y) / s, s / 4, (z.Y + y.Z) / s),
            _ => ((x.Y - y.X) / s, (z.X + x.Z) / s, (z.Y + y.Z) / s, s / 4),
        };
        return a < 0 ? (-b, -c, -d, factor) : (b, c, d, factor);
    }

    /// <summary>
    /// The axes of the stored array taken in the order, and in the senses, that come closest to left, back and head: slices are then axial, whatever order the file has.
    /// </summary>
    /// <exception cref="ImageFileException">The grid is not rectangular.</exception>
    public static (VolumeGeometry Geometry, int First, int[] Strides) Axial(NiftiHeader header)
    {
        var m = header.Affine;
        Vector3d[] axes = [.. Enumerable.Range(0, 3).Select(i => new Vector3d(-m[i], -m[4 + i], m[8 + i]))];
        var lengths = Array.ConvertAll(axes, axis => axis.Length);
        if (m.Any(value => !double.IsFinite(value)) || lengths.Any(length => length is not (> 1e-3 and < 1e3)))
            throw new ImageFileException("The NIfTI file places its voxels nowhere: the transform is not one.");
        Vector3d[] directions = [.. axes.Select(axis => axis.Normalized())];
        if (new[] { (0, 1), (0, 2), (1, 2) }.Any(pair => Math.Abs(directions[pair.Item1].Dot(directions[pair.Item2])) > PerpendicularTolerance))
            throw new ImageFileException("The grid of the NIfTI file is sheared (gantry tilt?); only rectangular grids are read.");

        int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        var order = orders.MaxBy(o => Math.Abs(directions[o[0]].X) + Math.Abs(directions[o[1]].Y) + Math.Abs(directions[o[2]].Z))!;
        var origin = new Vector3d(-m[3], -m[7], m[11]);
        int[] stored = [1, header.Sides[0], header.Sides[0] * header.Sides[1]];
        var (first, strides) = (0, new int[3]);
        for (var a = 0; a < 3; a++)
        {
            var axis = order[a];
            var along = a switch { 0 => directions[axis].X, 1 => directions[axis].Y, _ => directions[axis].Z };
            strides[a] = along < 0 ? -stored[axis] : stored[axis];
            if (along >= 0)
                continue;
            first += (header.Sides[axis] - 1) * stored[axis];
            origin += axes[axis] * (header.Sides[axis] - 1);
            directions[axis] *= -1;
        }
        // Exactly perpendicular, as a geometry is.
        var row = directions[order[0]];
        var column = (directions[order[1]] - row * row.Dot(directions[order[1]])).Normalized();
        var geometry = new VolumeGeometry(header.Sides[order[0]], header.Sides[order[1]], header.Sides[order[2]], origin, row, column, row.Cross(column),
            lengths[order[0]], lengths[order[1]], lengths[order[2]]);
        return (geometry, first, strides);
    }
}
