using static MedGan.Phantoms.Anatomy.Shapes;

namespace MedGan.Phantoms.Anatomy;

/// <summary>A tumour with oedema, a haemorrhage or an infarct, with an irregular edge.</summary>
internal sealed class Lesions(PhantomPatient patient)
{
    private readonly float _x = (float)patient.LesionCentreMm.X, _y = (float)patient.LesionCentreMm.Y, _z = (float)patient.LesionCentreMm.Z;
    private readonly float _r = (float)patient.LesionRadiusMm;

    public bool TryAt(float x, float y, float z, float warp, out Tissue tissue)
    {
        tissue = Tissue.Air;
        if (patient.Lesion == LesionKind.None)
            return false;
        float dx = x - _x, dy = y - _y, dz = z - _z;
        if (dx * dx + dy * dy + dz * dz > 9 * _r * _r)
            return false;
        switch (patient.Lesion)
        {
            case LesionKind.Infarct:
                // A wedge whose base is the surface.
                var outward = MathF.Abs(x) - MathF.Abs(_x);
                if (Inside(outward - 8, dy, dz, 24, 0.9f * _r + 0.4f * outward + warp, 1.1f * _r + 0.3f * outward))
                    tissue = Tissue.Infarct;
                break;
            case LesionKind.Haemorrhage:
                tissue = Rim(dx, dy, dz, warp, 1, Tissue.Blood, 1.25f);
                break;
            default:
                tissue = Rim(dx, dy, dz, warp, 1, Tissue.Tumour, 1.75f);
                break;
        }
        return tissue != Tissue.Air;
    }

    private Tissue Rim(float dx, float dy, float dz, float warp, float core, Tissue inner, float rim)
    {
        var distance = Ellipsoid(dx, dy, dz, _r, 1.2f * _r, 0.9f * _r) + 0.6f * warp;
        return distance < (core - 1) * _r ? inner : distance < (rim - 1) * _r ? Tissue.Oedema : Tissue.Air;
    }
}
