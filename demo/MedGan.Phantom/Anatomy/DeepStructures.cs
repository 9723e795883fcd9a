using static MedGan.Phantoms.Anatomy.Shapes;

namespace MedGan.Phantoms.Anatomy;

/// <summary>Ventricles, deep nuclei, corpus callosum and calcifications.</summary>
internal sealed class DeepStructures(PhantomPatient patient)
{
    private readonly float _size = (float)patient.Ventricles;
    private readonly float _left = (float)patient.OccipitalHorns.Left, _right = (float)patient.OccipitalHorns.Right;

    public bool TryAt(float x, float y, float z, out Tissue tissue)
    {
        tissue = Tissue.Air;
        var side = MathF.Abs(x);
        if (side > 42 || y is < -48 or > 72 || z is < -24 or > 42)
            return false;
        if (patient.Calcified && (Inside(x, y - 27, z - 2, 2.6f, 2.6f, 2.8f) || Inside(side - 23, y - 34, z - 10, 2.5f, 4, 3)))
            tissue = Tissue.Calcification;
        else if (Ventricle(x, side, y, z))
            tissue = MathF.Abs(x) < 0.8f && y < 4 && z > 8 ? Tissue.White : Tissue.Csf;
        else if (Nucleus(side, y, z))
            tissue = Tissue.Grey;
        else if (side < 12 && Inside(0, y - 2, z - 6, 1, 44, 26) && z > 2 || Inside(side - 20, y + 1, z - 4, 4.5f, 20, 12))
            tissue = Tissue.White;
        return tissue != Tissue.Air;
    }

    private bool Ventricle(float x, float side, float y, float z)
    {
        var s = _size;
        var bend = 0.012f * (y - 4) * (y - 4) * (y > 4 ? 0.55f : 0.12f);
        var offset = 7 + 3 * s + bend;
        if (Inside(side - offset, y + 22, z - 9 - 0.1f * y, 4.6f * s, 13, 8 * s))
            return true;
        if (Inside(side - offset, y - 3, z - 17, 5.2f * s, 30, 6.5f * s))
            return true;
        if (Inside(side - 23 - s, y - 33, z - 9, 6.5f * s, 11, 8.5f * s))
            return true;
        var horn = x > 0 ? _left : _right;
        if (Inside(side - 24 - s, y - 45, z - 6, 4.2f * s, 15 * horn, 6 * s))
            return true;
        if (Inside(side - 31, y - 6, z + 17, 2.6f * s, 15, 3 * s))
            return true;
        return Inside(x, y - 4, z + 3, 2.4f * s, 13, 9);
    }

    private static bool Nucleus(float side, float y, float z)
    {
        if (Inside(side - 14, y + 20, z - 7, 5.5f, 9, 10) || Inside(side - 17, y - 2, z - 19, 3.6f, 20, 5))
            return true;
        float along = 0.94f * (y - 1) - 0.34f * (side - 26), across = 0.34f * (y - 1) + 0.94f * (side - 26);
        return Inside(across, along, z - 2, 5.5f, 16, 10) || Inside(side - 11, y - 11, z - 3, 8, 13, 9);
    }
}
