using static MedGan.Phantoms.Anatomy.Shapes;

namespace MedGan.Phantoms.Anatomy;

/// <summary>
/// The head of one patient as a function from points to tissue. Coordinates in mm about the middle of the brain:
/// x to the left, y to the back, z up. The brain cavity is an egg-shaped ellipsoid over a stepped base; skull, scalp
/// and face are shells and ellipsoids around it.
/// </summary>
internal sealed class Head(PhantomPatient patient)
{
    private readonly Pose _pose = new(patient);
    private readonly Brain _brain = new(patient);
    private readonly Face _face = new(patient);
    private readonly float _skull = (float)patient.SkullMm, _scalp = (float)patient.ScalpMm, _egg = (float)patient.Egg;
    private readonly float _phase = (float)patient.Fold.Phase.X;

    /// <summary>The tissue at a point of the scanner, in mm.</summary>
    public Tissue At(Dicom.Volumes.Vector3d scannerMm)
    {
        var (x, y, z) = _pose.ToHead(scannerMm);
        // Below its equator the cavity's ellipsoid is stretched: the head goes on into face and neck.
        var vertical = z > 0 ? z : z * 0.66f;
        var cavity = Ellipsoid(x / (1 + _egg * y / 84), y, vertical, 66, 83, 72);
        if (cavity > 40)
            return Tissue.Air;
        var below = Floor(x, y) - z;
        var skull = _skull * (1 + 0.22f * MathF.Sin(0.045f * y + _phase) + 0.15f * MathF.Sin(0.06f * x + 0.05f * z + 2 * _phase));
        if (y > 50)
            skull += 2.5f * SmoothStep((y - 50) / 30);
        if (_face.TryAt(x, y, z, cavity, skull + _scalp, out var tissue))
            return tissue;
        if (cavity >= 0)
            return Around(x, y, z, cavity, below, skull);
        if (below > 0)
            return below < 3.5f ? BoneOrAirCells(x, y, z) : _face.Deep(x, y, z);
        if (z < -28 && Petrous(x, y, z))
            return BoneOrAirCells(x, y, z);
        return _brain.At(x, y, z, MathF.Min(-cavity, -below));
    }

    /// <summary>
    /// The skull base: anterior, middle and posterior fossa, each deeper than the one before, and the foramen magnum.
    /// The roofs of the orbits bulge upwards, the middle fossa hollows out on both sides of the sella.
    /// </summary>
    private static float Floor(float x, float y)
    {
        if (Canal(x, y))
            return -200;
        var side = MathF.Abs(x);
        float middle = SmoothStep((y + 46) / 20), posterior = SmoothStep((y - 6) / 18);
        var anterior = -27 + 11 * SmoothStep((side - 6) / 22) + 0.12f * (y + 60);
        var hollow = -30 - 17 * SmoothStep((side - 9) / 20) + 5 * SmoothStep((side - 42) / 20);
        var deep = -66 + 0.006f * ((y - 45) * (y - 45) + x * x);
        return anterior + (hollow - anterior) * middle + (deep - hollow) * posterior;
    }

    private static bool Canal(float x, float y) => x * x + (y - 34) * (y - 34) < 15 * 15;

    private Tissue Around(float x, float y, float z, float cavity, float below, float skull)
    {
        if (cavity < skull && below < 6)
        {
            var table = 0.28f * skull;
            return cavity < table || cavity > skull - table ? Tissue.CorticalBone
                : below > 0 ? BoneOrAirCells(x, y, z) : Tissue.Diploe;
        }
        if (cavity < skull)
            return _face.Deep(x, y, z);
        var depth = skull + _scalp - cavity;
        // The temporal muscle fills the hollow beside the orbit.
        var muscle = SmoothStep((MathF.Abs(x) - 34) / 26) * SmoothStep((y + 62) / 26) * SmoothStep((34 - y) / 30) * (1 - SmoothStep((z + 4) / 30));
        var outer = depth + 7 * muscle;
        if (outer < 0)
            return Tissue.Air;
        if (outer < 2)
            return Tissue.Skin;
        var fromBone = cavity - skull;
        return fromBone < 1.2f + 8 * muscle || (y > 40 && z < -25 && fromBone < 5) ? Tissue.Muscle : Tissue.Fat;
    }

    /// <summary>The petrous pyramids: two ridges that run forward and inward between middle and posterior fossa.</summary>
    private static bool Petrous(float x, float y, float z)
    {
        float side = MathF.Abs(x) - 38, forward = y - 14;
        float along = 0.76f * side + 0.65f * forward, across = -0.65f * side + 0.76f * forward;
        return Inside(along, across, z + 42, 27, 7.5f, 11);
    }

    private Tissue BoneOrAirCells(float x, float y, float z) =>
        MathF.Abs(x) > 40 && y is > 12 and < 42 && Gyroid(x * 0.9f + _phase, y * 0.9f, z * 0.9f) > 0.2f ? Tissue.Air : Tissue.CorticalBone;
}
