using System.Buffers.Binary;
using System.IO.Compression;
using MedGan.Dicom.Volumes;

namespace MedGan.Dicom.Files.Nifti;

/// <summary>A volume on a rectangular grid.</summary>
/// <param name="Geometry">Where its voxels lie.</param>
/// <param name="Values">[slice, row, column].</param>
/// <param name="Contents">The file's intent name: in files of ours the unit of the values, in others mostly empty.</param>
public sealed record NiftiVolume(VolumeGeometry Geometry, float[] Values, string Contents);

/// <summary>
/// Reads single NIfTI-1 files, .nii and .nii.gz, of one volume. The axes are taken in the order that makes the slices axial, columns to the left and rows to the
/// back; nothing is resampled.
/// </summary>
public static class NiftiReader
{
    // No deflate stream grows by more than this.
    private const long MaxInflation = 1032;

    /// <summary>Whether a file that begins with these bytes can be one: a NIfTI header, or gzip's.</summary>
    /// <param name="start">At least 348 bytes, or the whole file.</param>
    public static bool LooksLikeOne(ReadOnlySpan<byte> start) =>
        IsGzip(start) || (start.Length >= NiftiHeader.Length && BinaryPrimitives.ReadInt32LittleEndian(start) is 348 or 540 or 0x5C010000 or 0x1C020000);

    /// <summary>The volume in <paramref name="file"/>, which can seek; values that are not numbers become <paramref name="notANumber"/>.</summary>
    /// <exception cref="ImageFileException">It is not a whole NIfTI-1 file of one volume, or larger than is read.</exception>
    public static NiftiVolume Read(Stream file, float notANumber = 0)
    {
        try
        {
            Span<byte> magic = stackalloc byte[2];
            var zipped = file.Read(magic) == 2 && IsGzip(magic);
            file.Position = 0;
            if (!zipped)
                return Read(file, file.Length, notANumber);
            using var unzipped = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
            return Read(unzipped, file.Length * MaxInflation, notANumber);
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException)
        {
            throw new ImageFileException("The NIfTI file is damaged or cut off.", e);
        }
    }

    private static NiftiVolume Read(Stream stream, long mostBytes, float notANumber)
    {
        Span<byte> bytes = stackalloc byte[NiftiHeader.Length];
        stream.ReadExactly(bytes);
        var header = NiftiHeader.Of(bytes);
        var size = SizeOf(header.Type);
        if (header.DataOffset + (long)header.Voxels * size > mostBytes)
            throw new ImageFileException("The NIfTI file is too short for its size.");
        var (geometry, first, strides) = NiftiSpace.Axial(header);
        for (var skip = header.DataOffset - NiftiHeader.Length; skip > 0;)
            skip -= Take(stream, Math.Min(skip, 4096));

        var stored = new float[header.Voxels];
        var line = new byte[header.Sides[0] * size];
        for (var at = 0; at < stored.Length; at += header.Sides[0])
        {
            stream.ReadExactly(line);
            Values(line, header, stored.AsSpan(at, header.Sides[0]), notANumber);
        }
        // Behind the last value there is only gzip's check sum, and it is checked where the stream is read to its end.
        stream.ReadByte();
        return new NiftiVolume(geometry, Reordered(stored, geometry, first, strides), header.Contents);

        static int Take(Stream stream, int count)
        {
            stream.ReadExactly(new byte[count]);
            return count;
        }
    }

    private static void Values(ReadOnlySpan<byte> line, NiftiHeader h, Span<float> values, float notANumber)
    {
        var size = SizeOf(h.Type);
        for (var i = 0; i < values.Length; i++)
        {
            var bytes = line.Slice(i * size, size);
            var value = (float)(h.Slope * Stored(bytes, h.Type, h.BigEndian) + h.Intercept);
            values[i] = float.IsFinite(value) ? value : notANumber;
        }
    }

    private static double Stored(ReadOnlySpan<byte> b, NiftiType type, bool big) => type switch
    {
        NiftiType.UInt8 => b[0],
        NiftiType.Int8 => (sbyte)b[0],
        NiftiType.Int16 => big ? BinaryPrimitives.ReadInt16BigEndian(b) : BinaryPrimitives.ReadInt16LittleEndian(b),
        NiftiType.UInt16 => big ? BinaryPrimitives.ReadUInt16BigEndian(b) : BinaryPrimitives.ReadUInt16LittleEndian(b),
        NiftiType.Int32 => big ? BinaryPrimitives.ReadInt32BigEndian(b) : BinaryPrimitives.ReadInt32LittleEndian(b),
        NiftiType.UInt32 => big ? BinaryPrimitives.ReadUInt32BigEndian(b) : BinaryPrimitives.ReadUInt32LittleEndian(b),
        NiftiType.Float32 => big ? BinaryPrimitives.ReadSingleBigEndian(b) : BinaryPrimitives.ReadSingleLittleEndian(b),
        _ => big ? BinaryPrimitives.ReadDoubleBigEndian(b) : BinaryPrimitives.ReadDoubleLittleEndian(b),
    };

    private static int SizeOf(NiftiType type) => type switch
    {
        NiftiType.UInt8 or NiftiType.Int8 => 1,
        NiftiType.Int16 or NiftiType.UInt16 => 2,
        NiftiType.Float64 => 8,
        _ => 4,
    };

    private static float[] Reordered(float[] stored, VolumeGeometry g, int first, int[] strides)
    {
        if (first == 0 && strides[0] == 1 && strides[1] == g.Columns && strides[2] == g.SliceLength)
            return stored;
        var values = new float[stored.Length];
        for (int k = 0, at = 0; k < g.Slices; k++)
            for (var row = 0; row < g.Rows; row++)
            {
                var from = first + k * strides[2] + row * strides[1];
                for (var column = 0; column < g.Columns; column++, at++)
                    values[at] = stored[from + column * strides[0]];
            }
        return values;
    }

    private static bool IsGzip(ReadOnlySpan<byte> start) => start is [0x1F, 0x8B, ..];
}
