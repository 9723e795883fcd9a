using System.Buffers.Binary;
using System.Text;

namespace MedGan.Dicom.Files.Nifti;

/// <summary>What a NIfTI-1 header (nifti1.h, 348 bytes) says of one volume, checked.</summary>
/// <param name="BigEndian">Of the header and the values.</param>
/// <param name="Sides">Voxels along i, j and k.</param>
/// <param name="Type">What the values are stored as.</param>
/// <param name="Slope">Real value = Slope x stored value + Intercept.</param>
/// <param name="Intercept">See <paramref name="Slope"/>.</param>
/// <param name="DataOffset">Bytes before the values.</param>
/// <param name="Affine">3 x 4, [row, column]: from (i, j, k, 1) to mm, x to the right, y to the front, z to the head.</param>
/// <param name="Contents">intent_name.</param>
internal sealed record NiftiHeader(bool BigEndian, int[] Sides, NiftiType Type, double Slope, double Intercept, int DataOffset, double[] Affine, string Contents)
{
    public const int Length = 348;

    private const long MaxVoxels = 1L << 29;
    private const int MaxOffset = 1 << 24;

    /// <summary>Voxels of the volume.</summary>
    public int Voxels => Sides[0] * Sides[1] * Sides[2];

    /// <exception cref="ImageFileException">It is not the header of one volume of real numbers.</exception>
    public static NiftiHeader Of(ReadOnlySpan<byte> bytes)
    {
        var size = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        var big = BinaryPrimitives.ReverseEndianness(size) is Length or 540;
        if ((big ? BinaryPrimitives.ReverseEndianness(size) : size) == 540)
            throw new ImageFileException("This is a NIfTI-2 file; only NIfTI-1 is read.");
        if (size != Length && !big)
            throw new ImageFileException("This is not a NIfTI file.");
        if (bytes.Slice(344, 4).SequenceEqual("ni1\0"u8))
            throw new ImageFileException("The NIfTI header is one of a pair (.hdr and .img); only single files (.nii, .nii.gz) are read.");
        if (!bytes.Slice(344, 4).SequenceEqual("n+1\0"u8))
            throw new ImageFileException("The NIfTI file does not say that it is one: ANALYZE files are not read.");
        var fields = new NiftiFields(bytes, big);
        var offset = fields.Real(108);
        if (!(offset >= Length && offset <= MaxOffset))
            throw new ImageFileException("The NIfTI file's values begin at an impossible place.");
        double slope = fields.Real(112), intercept = fields.Real(116);
        if (slope == 0 || !double.IsFinite(slope) || !double.IsFinite(intercept))
            (slope, intercept) = (1, 0);
        return new NiftiHeader(big, SidesOf(fields), TypeOf(fields.Short(70)), slope, intercept, (int)offset, NiftiSpace.Affine(fields),
            Encoding.Latin1.GetString(bytes.Slice(328, 16)).TrimEnd('\0', ' '));
    }

    private static int[] SidesOf(NiftiFields fields)
    {
        int dimensions = fields.Short(40);
        if (dimensions is < 2 or > 7)
            throw new ImageFileException($"The NIfTI file has {dimensions} dimensions; two and three are read.");
        var sides = new int[dimensions];
        for (var i = 0; i < dimensions; i++)
            sides[i] = fields.Short(42 + 2 * i);
        if (sides.Skip(3).Any(side => side != 1))
            throw new ImageFileException($"The NIfTI file holds several volumes ({string.Join(" x ", sides)}); only files of one are read.");
        sides = dimensions == 2 ? [.. sides, 1] : sides[..3];
        if (sides.Any(side => side is < 1 or > GrayRaster.MaxSide) || sides.Aggregate(1L, (product, side) => product * side) > MaxVoxels)
            throw new ImageFileException($"The NIfTI file says that it has {string.Join(" x ", sides)} voxels; from 1 to {GrayRaster.MaxSide} a side, and 2^29 in all, are read.");
        return sides;
    }

    private static NiftiType TypeOf(short code) => Enum.IsDefined((NiftiType)code)
        ? (NiftiType)code
        : throw new ImageFileException($"The NIfTI file stores values of type {code}; whole numbers to 32 bits and real numbers are read.");
}

/// <summary>Datatype codes of nifti1.h.</summary>
internal enum NiftiType : short
{
    UInt8 = 2,
    Int16 = 4,
    Int32 = 8,
    Float32 = 16,
    Float64 = 64,
    Int8 = 256,
    UInt16 = 512,
    UInt32 = 768,
}

/// <summary>Numbers of a header by their offset, in its byte order.</summary>
internal readonly ref struct NiftiFields(ReadOnlySpan<byte> bytes, bool bigEndian)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;

    public byte Byte(int at) => bytes[at];

    public short Short(int at) => bigEndian ? BinaryPrimitives.ReadInt16BigEndian(bytes[at..]) : BinaryPrimitives.ReadInt16LittleEndian(bytes[at..]);

    public double Real(int at) => bigEndian ? BinaryPrimitives.ReadSingleBigEndian(bytes[at..]) : BinaryPrimitives.ReadSingleLittleEndian(bytes[at..]);
}
