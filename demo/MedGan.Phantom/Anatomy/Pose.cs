using MedGan.Dicom.Volumes;

namespace MedGan.Phantoms.Anatomy;

/// <summary>Takes points of the scanner into a patient's head: shift, rotation, size, asymmetry, then smooth deformation.</summary>
internal sealed class Pose
{
    private readonly PhantomPatient _p;
    private readonly Vector3d _x, _y, _z;

    public Pose(PhantomPatient patient)
    {
        _p = patient;
        (_x, _y, _z) = Axes(patient.Rotation);
    }

    /// <summary>Rows of the rotation matrix Rz Ry Rx of three angles.</summary>
    public static (Vector3d X, Vector3d Y, Vector3d Z) Axes(Vector3d angles)
    {
        var (sa, ca) = Math.SinCos(angles.X);
        var (sb, cb) = Math.SinCos(angles.Y);
        var (sc, cc) = Math.SinCos(angles.Z);
        return (new(cb * cc, sa * sb * cc - ca * sc, ca * sb * cc + sa * sc),
                new(cb * sc, sa * sb * sc + ca * cc, ca * sb * sc - sa * cc),
                new(-sb, sa * cb, ca * cb));
    }

    public (float X, float Y, float Z) ToHead(Vector3d scanner)
    {
        var q = scanner - _p.ShiftMm;
        q = new(_x.Dot(q) / _p.Scale.X, _y.Dot(q) / _p.Scale.Y, _z.Dot(q) / _p.Scale.Z);
        q = q with { X = q.X * (1 + _p.Asymmetry * Math.Tanh(q.X / 30)) };
        var (x, y, z) = ((float)q.X, (float)q.Y, (float)q.Z);
        return Warp(_p.Deformation, x, y, z);
    }

    public static (float X, float Y, float Z) Warp(IReadOnlyList<DeformationWave> waves, float x, float y, float z)
    {
        float dx = 0, dy = 0, dz = 0;
        for (var i = 0; i < waves.Count; i++)
        {
            var (k, phase, a) = waves[i];
            var s = MathF.Sin((float)k.X * x + (float)k.Y * y + (float)k.Z * z + (float)phase);
            dx += (float)a.X * s;
            dy += (float)a.Y * s;
            dz += (float)a.Z * s;
        }
        return (x + dx, y + dy, z + dz);
    }
}
