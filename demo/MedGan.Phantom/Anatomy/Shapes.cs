using System.Runtime.CompilerServices;

namespace MedGan.Phantoms.Anatomy;

/// <summary>Signed distances, in mm and negative inside, of the surfaces that heads are made of.</summary>
internal static class Shapes
{
    /// <summary>First-order distance to an ellipsoid: exact on the surface, with the right gradient there (f/|grad f| for f = |p/r| - 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Ellipsoid(float x, float y, float z, float rx, float ry, float rz)
    {
        float ux = x / rx, uy = y / ry, uz = z / rz;
        var k0 = MathF.Sqrt(ux * ux + uy * uy + uz * uz);
        float vx = ux / rx, vy = uy / ry, vz = uz / rz;
        var k1 = MathF.Sqrt(vx * vx + vy * vy + vz * vz);
        return k1 < 1e-6f ? -MathF.Min(rx, MathF.Min(ry, rz)) : k0 * (k0 - 1) / k1;
    }

    /// <summary>True inside an ellipsoid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Inside(float x, float y, float z, float rx, float ry, float rz)
    {
        float ux = x / rx, uy = y / ry, uz = z / rz;
        return ux * ux + uy * uy + uz * uz < 1;
    }

    /// <summary>0 below 0, 1 above 1, smooth between.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SmoothStep(float t)
    {
        t = Math.Clamp(t, 0, 1);
        return t * t * (3 - 2 * t);
    }

    /// <summary>The gyroid sin x cos y + sin y cos z + sin z cos x: its zero set is one smooth sheet folded through all of space.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Gyroid(float x, float y, float z)
    {
        var (sx, cx) = MathF.SinCos(x);
        var (sy, cy) = MathF.SinCos(y);
        var (sz, cz) = MathF.SinCos(z);
        return sx * cy + sy * cz + sz * cx;
    }
}
