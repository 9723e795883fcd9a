using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using MedGan.Dicom.Volumes;

namespace MedGan.Dicom.Files.Nifti;

/// <summary>Writes volumes as single NIfTI-1 files, little endian, with the same place in sform and qform.</summary>
public static class NiftiWriter
{
    private const int DataOffset = 352;

    /// <summary>Writes one volume.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="g">Where the voxels lie.</param>
    /// <param name="values">[slice, row, column].</param>
    /// <param name="slope">Stored as whole numbers of 16 bits times this slope, clamped; null: as 32-bit real numbers.</param>
    /// <param name="description">At most 79 ASCII characters of what the volume is.</param>
    /// <param name="contents">At most 15 ASCII characters of what the values are in, the file's intent name.</param>
    /// <param name="zipped">As in .nii.gz.</param>
    public static void Write(Stream stream, VolumeGeometry g, ReadOnlySpan<float> values, double? slope, string description, string contents, bool zipped)
    {
        if (values.Length != g.Length)
            throw new ArgumentException($"The geometry has {g.Length} voxels, the array {values.Length}.", nameof(values));
        using var zip = zipped ? new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true) : null;
        var target = zip ?? stream;
        target.Write(Header(g, slope, description, contents));
        var line = new byte[g.Columns * (slope is null ? 4 : 2)];
        for (var at = 0; at < values.Length; at += g.Columns)
        {
            for (var i = 0; i < g.Columns; i++)
                if (slope is { } s)
                    BinaryPrimitives.WriteInt16LittleEndian(line.AsSpan(2 * i), (short)Math.Clamp(Math.Round(values[at + i] / s), short.MinValue, short.MaxValue));
                else
                    BinaryPrimitives.WriteSingleLittleEndian(line.AsSpan(4 * i), values[at + i]);
            target.Write(line);
        }
    }

    // Offsets by nifti1.h.
    private static byte[] Header(VolumeGeometry g, double? slope, string description, string contents)
    {
        var header = new byte[DataOffset];
        BinaryPrimitives.WriteInt32LittleEndian(header, NiftiHeader.Length);
        Shorts(40, 3, g.Columns, g.Rows, g.Slices, 1, 1, 1, 1);
        Shorts(70, (int)(slope is null ? NiftiType.Float32 : NiftiType.Int16), slope is null ? 32 : 16);
        Vector3d x = Ras(g.RowDirection), y = Ras(g.ColumnDirection), z = Ras(g.SliceDirection), origin = Ras(g.OriginMm);
        var q = NiftiSpace.QuaternionOf(x, y, z);
        Reals(76, q.Factor, g.ColumnSpacingMm, g.RowSpacingMm, g.SliceSpacingMm);
        Reals(108, DataOffset, slope ?? 1, 0);
        header[123] = 2; // mm
        Text(148, 79, description);
        Text(328, 15, contents);
        Shorts(252, 1, 1); // both transforms lead to the scanner's coordinates
        Reals(256, q.B, q.C, q.D, origin.X, origin.Y, origin.Z);
        var (i, j, k) = (x * g.ColumnSpacingMm, y * g.RowSpacingMm, z * g.SliceSpacingMm);
        Reals(280, i.X, j.X, k.X, origin.X, i.Y, j.Y, k.Y, origin.Y, i.Z, j.Z, k.Z, origin.Z);
        "n+1\0"u8.CopyTo(header.AsSpan(344));
        return header;

        void Shorts(int at, params ReadOnlySpan<int> numbers)
        {
            foreach (var number in numbers)
            {
                BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(at), checked((short)number));
                at += 2;
            }
        }

        void Text(int at, int length, string text) => Encoding.ASCII.GetBytes(text.AsSpan(0, Math.Min(length, text.Length)), header.AsSpan(at, length));

        void Reals(int at, params ReadOnlySpan<double> numbers)
        {
            foreach (var number in numbers)
            {
                BinaryPrimitives.WriteSingleLittleEndian(header.AsSpan(at), (float)number);
                at += 4;
            }
        }
    }

    private static Vector3d Ras(Vector3d lps) => new(-lps.X, -lps.Y, lps.Z);
}
