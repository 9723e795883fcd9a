using System.Globalization;
using System.Runtime.InteropServices;
using FellowOakDicom;
using MedGan.Dicom.Volumes;

namespace MedGan.Dicom.Synthetic;

/// <summary>The attributes that every single-frame CT or MR image carries for its place in the patient and its pixels.</summary>
public static class ImageModules
{
    /// <summary>Frame of Reference and Image Plane modules (PS3.3 C.7.4.1, C.7.6.2) of slice <paramref name="k"/>.</summary>
    public static void AddPlane(DicomDataset d, VolumeGeometry g, int k, string frameOfReferenceUid)
    {
        var position = g.PositionMm(0, 0, k);
        d.Add(DicomTag.FrameOfReferenceUID, frameOfReferenceUid);
        d.Add(DicomTag.PositionReferenceIndicator, "");
        d.Add(DicomTag.ImagePositionPatient, Decimals(position.X, position.Y, position.Z));
        d.Add(DicomTag.ImageOrientationPatient, Decimals(
            g.RowDirection.X, g.RowDirection.Y, g.RowDirection.Z, g.ColumnDirection.X, g.ColumnDirection.Y, g.ColumnDirection.Z));
        d.Add(DicomTag.PixelSpacing, Decimals(g.RowSpacingMm, g.ColumnSpacingMm));
        d.Add(DicomTag.SliceThickness, Decimals(g.SliceSpacingMm));
        d.Add(DicomTag.SliceLocation, Decimals(g.SliceDirection.Dot(position)));
    }

    /// <summary>Image Pixel module (PS3.3 C.7.6.3): 16 bits allocated, grey.</summary>
    /// <param name="d">Where to.</param>
    /// <param name="g">Rows and columns.</param>
    /// <param name="stored">Stored values, [row, column]; two's complement where <paramref name="signed"/>.</param>
    /// <param name="bitsStored">Up to 16.</param>
    /// <param name="signed">Pixel Representation.</param>
    public static void AddPixels(DicomDataset d, VolumeGeometry g, ReadOnlySpan<short> stored, ushort bitsStored, bool signed) =>
        AddPixels(d, g.Columns, g.Rows, stored, bitsStored, signed);

    /// <summary>The same of a picture without a place.</summary>
    public static void AddPixels(DicomDataset d, int columns, int rows, ReadOnlySpan<short> stored, ushort bitsStored, bool signed)
    {
        d.Add(DicomTag.SamplesPerPixel, (ushort)1);
        d.Add(DicomTag.PhotometricInterpretation, "MONOCHROME2");
        d.Add(DicomTag.Rows, (ushort)rows);
        d.Add(DicomTag.Columns, (ushort)columns);
        d.Add(DicomTag.BitsAllocated, (ushort)16);
        d.Add(DicomTag.BitsStored, bitsStored);
        d.Add(DicomTag.HighBit, (ushort)(bitsStored - 1));
        d.Add(DicomTag.PixelRepresentation, (ushort)(signed ? 1 : 0));
        d.Add(new DicomOtherWord(DicomTag.PixelData, MemoryMarshal.Cast<short, ushort>(stored).ToArray()));
    }

    /// <summary>Decimal Strings of at most 16 characters (PS3.5 table 6.2-1), as exact as they allow.</summary>
    public static string[] Decimals(params double[] values) => [.. values.Select(Decimal)];

    private static string Decimal(double value)
    {
        for (var digits = 15; ; digits--)
        {
            var text = (value == 0 ? 0 : value).ToString("G" + digits, CultureInfo.InvariantCulture);
            if (text.Length <= 16)
                return text;
        }
    }
}
