using MedGan.Dicom.Volumes;

namespace MedGan.Phantoms;

/// <summary>The axial grid a head is imaged on, centred in the scanner.</summary>
/// <param name="Columns">Columns and rows of a slice.</param>
/// <param name="Slices">Number of slices.</param>
/// <param name="PixelSpacingMm">Size of a square pixel.</param>
/// <param name="SliceSpacingMm">Distance, and thickness, of slices.</param>
public sealed record PhantomGrid(int Columns = 128, int Slices = 24, double PixelSpacingMm = 1.9, double SliceSpacingMm = 5)
{
    /// <summary>128 x 128 pixels of 1.9 mm, 24 slices of 5 mm: from the orbits to the vertex.</summary>
    public static PhantomGrid Default { get; } = new();

    /// <summary>The grid in patient coordinates; the head's centre is at the origin, the slab reaches from 50 mm below it to 70 mm above.</summary>
    public VolumeGeometry Geometry
    {
        get
        {
            // Positions are written as decimal strings; rounded so that they are read back the same.
            var edge = Math.Round(-(Columns - 1) / 2.0 * PixelSpacingMm, 6);
            var bottom = Math.Round(8 - (Slices - 1) / 2.0 * SliceSpacingMm, 6);
            return new VolumeGeometry(Columns, Columns, Slices, new(edge, edge, bottom),
                new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), PixelSpacingMm, PixelSpacingMm, SliceSpacingMm);
        }
    }
}
