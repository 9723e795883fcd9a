using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MedGan.Dicom.Volumes;

/// <summary>Volumes on disk: the eight bytes "MGVOLUM1", the length of a JSON header as a little-endian 32-bit number, the header, the voxels as little-endian 32-bit floats.</summary>
public static class VolumeFile
{
    private const int MaxHeaderBytes = 64 * 1024, MaxSide = 8192;
    private const long MaxVoxels = 1L << 29;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private sealed record Header(Modality Modality, VolumeGeometry Geometry, double MrUnit, string? SeriesDescription);

    private static ReadOnlySpan<byte> Magic => "MGVOLUM1"u8;

    /// <summary>Writes a volume.</summary>
    public static void Write(Volume volume, Stream stream)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(new Header(volume.Modality, volume.Geometry, volume.MrUnit, volume.SeriesDescription), Json);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, header.Length);
        stream.Write(Magic);
        stream.Write(length);
        stream.Write(header);
        var buffer = new byte[volume.Geometry.SliceLength * sizeof(float)];
        for (var k = 0; k < volume.Geometry.Slices; k++)
        {
            var slice = volume.Slice(k);
            for (var i = 0; i < slice.Length; i++)
                BinaryPrimitives.WriteSingleLittleEndian(buffer.AsSpan(i * sizeof(float)), slice[i]);
            stream.Write(buffer);
        }
    }

    /// <summary>Reads a volume.</summary>
    /// <exception cref="InvalidDataException">The stream does not hold a whole volume, or one beyond the bounds (8192 a side, 2^29 voxels).</exception>
    public static Volume Read(Stream stream)
    {
        var header = ReadHeader(stream);
        var voxels = new float[header.Geometry.Length];
        Fill(stream, MemoryMarshal.AsBytes(voxels.AsSpan()));
        if (!BitConverter.IsLittleEndian)
            for (var i = 0; i < voxels.Length; i++)
                voxels[i] = BitConverter.Int32BitsToSingle(BinaryPrimitives.ReverseEndianness(BitConverter.SingleToInt32Bits(voxels[i])));
        if (stream.ReadByte() >= 0)
            throw new InvalidDataException("The volume is followed by something else.");
        return new Volume(header.Modality, header.Geometry, voxels, header.MrUnit, header.SeriesDescription);
    }

    /// <summary>Reads where a volume's voxels lie, and none of them.</summary>
    /// <exception cref="InvalidDataException">The stream does not begin with a volume's header.</exception>
    public static VolumeGeometry ReadGeometry(Stream stream) => ReadHeader(stream).Geometry;

    private static Header ReadHeader(Stream stream)
    {
        Span<byte> start = stackalloc byte[12];
        Fill(stream, start);
        var length = BinaryPrimitives.ReadInt32LittleEndian(start[8..]);
        if (!start[..8].SequenceEqual(Magic) || length is <= 0 or > MaxHeaderBytes)
            throw new InvalidDataException("This is not a MedGan volume.");
        var json = new byte[length];
        Fill(stream, json);
        Header? header;
        try
        {
            header = JsonSerializer.Deserialize<Header>(json, Json);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("The header of the volume cannot be read.", e);
        }
        if (header?.Geometry is not { } g || !Plausible(g) || !(header.MrUnit > 0))
            throw new InvalidDataException("The header of the volume gives an impossible size.");
        return header;
    }

    private static bool Plausible(VolumeGeometry g) =>
        g.Columns is > 0 and <= MaxSide && g.Rows is > 0 and <= MaxSide && g.Slices is > 0 and <= MaxSide
        && (long)g.Columns * g.Rows * g.Slices <= MaxVoxels
        && g.ColumnSpacingMm > 0 && g.RowSpacingMm > 0 && g.SliceSpacingMm > 0;

    private static void Fill(Stream stream, Span<byte> buffer)
    {
        try
        {
            stream.ReadExactly(buffer);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("The volume ends too early.", e);
        }
    }
}
