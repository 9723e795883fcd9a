using static MedGan.Phantoms.Anatomy.Shapes;

namespace MedGan.Phantoms.Anatomy;

/// <summary>Everything inside the skull. The cortex follows a sheet (a warped gyroid) that is that patient's own; sulci narrow with depth.</summary>
internal sealed class Brain(PhantomPatient patient)
{
    private const float CortexMm = 2.8f, SulcusDepthMm = 21;

    private readonly DeepStructures _deep = new(patient);
    private readonly Lesions _lesions = new(patient);
    private readonly (Dicom.Volumes.Vector3d X, Dicom.Volumes.Vector3d Y, Dicom.Volumes.Vector3d Z) _axes = Pose.Axes(patient.Fold.Rotation);
    private readonly float _k = (float)(2 * Math.PI / patient.FoldMm);
    private readonly float _subarachnoid = (float)patient.SubarachnoidMm, _sulcus = (float)patient.SulcusMm;

    /// <summary>The tissue <paramref name="depth"/> mm below the inner surface of the skull.</summary>
    public Tissue At(float x, float y, float z, float depth)
    {
        if (depth < 0.7f)
            return Tissue.Dura;
        var (wx, wy, wz) = Pose.Warp(patient.FoldWarp, x, y, z);
        var surface = depth - _subarachnoid * (0.8f + 0.4f * MathF.Sin(0.07f * wx + 0.09f * wy));
        if (surface < 0)
            return Midline(x, y, z) ? Tissue.Dura : Tissue.Csf;
        if (Infratentorial(x, y, z + 0.6f * (wz - z), out var tentorium))
            return tentorium > -0.7f ? Tissue.Dura : PosteriorFossa(x, y, z, wx, wy, wz, MathF.Min(surface, -tentorium - 1.6f));
        if (tentorium < 1.6f)
            return tentorium < 0.7f ? Tissue.Dura : Tissue.Csf;

        var outside = MathF.Min(surface, tentorium - 1.6f);
        var sheet = Sheet(wx, wy, wz);
        outside = MathF.Min(outside, sheet - _sulcus + 4.2f * (surface / SulcusDepthMm) * (surface / SulcusDepthMm));
        outside = MathF.Min(outside, Sylvian(x + 0.8f * (wx - x), wy, wz + 0.3f * (wx - x)));
        var fissure = MathF.Abs(x + 0.15f * (wx - x)) - 0.7f - 0.35f * _sulcus;
        var divided = Divided(y, z);
        if (divided)
            outside = MathF.Min(outside, fissure);
        if (outside < 0)
            return divided && Midline(x, y, z) && surface > 1 ? Tissue.Dura : Tissue.Csf;

        if (_deep.TryAt(x, y, z, out var tissue) && tissue != Tissue.White && tissue != Tissue.Grey)
            return tissue;
        if (_lesions.TryAt(x, y, z, wx - x, out var lesion))
            return lesion;
        if (tissue is Tissue.Grey or Tissue.White)
            return tissue;
        return outside < CortexMm ? Tissue.Grey : Tissue.White;
    }

    /// <summary>The falx, a thin sheet of dura between the hemispheres.</summary>
    private static bool Midline(float x, float y, float z) => MathF.Abs(x) < 0.7f && z > -10 && (y is < -30 or > 32 || z > 42);

    /// <summary>Where the hemispheres are apart: all but the corpus callosum and what lies below it.</summary>
    private static bool Divided(float y, float z) => !Inside(0, y - 2, z - 6, 1, 42, 24);

    /// <summary>Distance, in mm, to the sheet that the sulci follow; |grad| of the gyroid near its zero set is about 1.35 k.</summary>
    private float Sheet(float x, float y, float z)
    {
        float u = _k * (float)(_axes.X.X * x + _axes.X.Y * y + _axes.X.Z * z) + (float)patient.Fold.Phase.X;
        float v = _k * (float)(_axes.Y.X * x + _axes.Y.Y * y + _axes.Y.Z * z) + (float)patient.Fold.Phase.Y;
        float w = _k * (float)(_axes.Z.X * x + _axes.Z.Y * y + _axes.Z.Z * z) + (float)patient.Fold.Phase.Z;
        return MathF.Abs(Gyroid(u, v, w)) / (1.35f * _k);
    }

    /// <summary>Distance to the CSF of the lateral fissure and before the insula.</summary>
    private float Sylvian(float x, float y, float z)
    {
        if (y is < -30 or > 24)
            return 99;
        var side = MathF.Abs(x) - 38 - 0.06f * y;
        var height = z - 4 - 0.25f * y;
        var fold = side > 0 ? MathF.Abs(height) : 99;
        var insula = MathF.Abs(height) < 13 ? MathF.Abs(side) : 99;
        var ends = MathF.Max(0, MathF.Max(-24 - y, y - 18)) * 0.4f;
        return MathF.Min(fold, insula) - 0.6f - _sulcus + ends;
    }

    /// <summary>Below the tentorium; <paramref name="distance"/> is the height above it (negative below).</summary>
    private static bool Infratentorial(float x, float y, float z, out float distance)
    {
        distance = 99;
        // The tentorium's front edge runs along the petrous ridges.
        if (y < 4 || y < 14 + 0.855f * (MathF.Abs(x) - 38))
            return false;
        var height = -14 - 0.28f * MathF.Abs(x) - 0.12f * (y - 30);
        distance = z - height + 6 * (1 - SmoothStep((y - 4) / 14));
        if (x * x + (y - 20) * (y - 20) < 19 * 19)
        {
            // The notch through which the brain stem passes.
            distance = distance < 0 ? MathF.Min(distance, -5) : 99;
        }
        return distance < 0;
    }

    private Tissue PosteriorFossa(float x, float y, float z, float wx, float wy, float wz, float surface)
    {
        if (Inside(x, y - 38, z + 40, 6 * (float)patient.Ventricles, 5 * (float)patient.Ventricles, 10))
            return Tissue.Csf;
        var stem = Ellipsoid(x, y - 19, z + 38, 15, 13, 36);
        if (stem < 0)
            return Tissue.White;
        if (z < -62)
            return Tissue.Csf;
        var cerebellum = MathF.Max(Ellipsoid(MathF.Abs(x) - 18, y - 46, z + 38, 40, 33, 30), -surface);
        if (cerebellum > 0 || stem < 1.5f)
            return Tissue.Csf;
        // Folia: thin, nearly parallel leaves.
        var leaf = MathF.Abs(MathF.Sin(0.42f * (wz * 1.3f + 0.45f * wy + 0.1f * wx)));
        return cerebellum > -9 - 7 * leaf ? (leaf < 0.16f && cerebellum > -7 ? Tissue.Csf : Tissue.Grey) : Tissue.White;
    }
}
