using static MedGan.Phantoms.Anatomy.Shapes;

namespace MedGan.Phantoms.Anatomy;

/// <summary>What lies in front of and below the brain cavity: orbits with eyes, nose, sinuses, soft tissue.</summary>
internal sealed class Face(PhantomPatient patient)
{
    private readonly float _frontalSinus = (float)patient.FrontalSinus;
    private readonly float _phase = (float)patient.Fold.Phase.Y;

    /// <summary>The tissue where a structure of the face has its say; <paramref name="cavity"/> is the distance to the brain cavity.</summary>
    public bool TryAt(float x, float y, float z, float cavity, float headMm, out Tissue tissue)
    {
        tissue = Tissue.Air;
        if (y > -22 || z > 14)
            return false;
        if (z < -12 && Orbit(x, y, z, out tissue))
            return true;
        var side = MathF.Abs(x);
        var septum = side < 0.8f;
        if (_frontalSinus > 0.3f && cavity is > 1.5f and < 7 && Inside(side - 7, y + 84, z + 6, 13 * _frontalSinus, 12, 9 * _frontalSinus))
        {
            tissue = septum ? Tissue.CorticalBone : Tissue.Air;
            return true;
        }
        if (z < -22 && Inside(side - 6, y + 60, z + 33, 6.5f, 19, 10))
        {
            tissue = MathF.Abs(Gyroid(x * 0.55f + _phase, y * 0.55f, z * 0.55f)) < 0.3f ? Tissue.CorticalBone : Tissue.Air;
            return true;
        }
        if (Inside(side - 6, y + 28, z + 44, 8, 9, 9) || Inside(side - 27, y + 56, z + 62, 13, 15, 17))
        {
            tissue = septum ? Tissue.CorticalBone : Tissue.Air;
            return true;
        }
        // The nose stands out before the face.
        if (cavity > headMm && Inside(x, y + 92, z + 46, 11, 18, 22))
        {
            tissue = Ellipsoid(x, y + 92, z + 46, 11, 18, 22) > -2 ? Tissue.Skin : Tissue.Muscle;
            return true;
        }
        return false;
    }

    /// <summary>Soft tissue of the deep face: muscle with fat between, and some bone.</summary>
    public Tissue Deep(float x, float y, float z)
    {
        if (y > 10 && x * x + (y - 34) * (y - 34) < 22 * 22)
            return Tissue.CorticalBone;
        // Muscles of chewing: bundles with fat between them, the rami of the jaw outside.
        var g = Gyroid(x * 0.33f + _phase, y * 0.22f, z * 0.1f);
        var ramus = MathF.Abs(x) - 46;
        return MathF.Abs(ramus) < 3 && y is > -20 and < 2 && z < -40 ? Tissue.CorticalBone : g > 0.8f ? Tissue.Fat : Tissue.Muscle;
    }

    private static bool Orbit(float x, float y, float z, out Tissue tissue)
    {
        tissue = Tissue.Air;
        var side = MathF.Abs(x);
        // The cone narrows backwards and turns inward, its wall is thin bone.
        var axis = 31 - 0.32f * (y + 66);
        var radius = 18 - 0.35f * MathF.Max(0, y + 66);
        float u = side - axis, v = z + 31;
        if (y is < -88 or > -24 || radius < 3)
            return false;
        var wall = MathF.Sqrt(u * u + v * v) - radius;
        if (wall > 1.8f)
            return false;
        var eye = Ellipsoid(side - 31, y + 72, z + 31, 12, 12, 12);
        if (eye < 0)
            tissue = Inside(side - 31, y + 80.5f, z + 31, 4.5f, 2.2f, 4.5f) ? Tissue.Lens : eye > -1.2f ? Tissue.Muscle : Tissue.Vitreous;
        else if (y < -78)
            return false;
        else if (wall > 0)
            tissue = Tissue.CorticalBone;
        else if (u * u + v * v < 2.3f * 2.3f && y > -60)
            tissue = Tissue.White;
        else
            tissue = wall > -4 && y > -62 && (MathF.Abs(u) > 0.8f * radius - 3 || MathF.Abs(v) > 0.8f * radius - 3) ? Tissue.Muscle : Tissue.Fat;
        return true;
    }
}
