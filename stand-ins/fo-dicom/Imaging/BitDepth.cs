namespace FellowOakDicom.Imaging;

/// <summary>How many bits a sample has and where they lie (PS3.5 section 8.1.1).</summary>
public class BitDepth
{
    public BitDepth(int allocated, int stored, int highBit, bool signed) =>
        (BitsAllocated, BitsStored, HighBit, IsSigned) = (allocated, stored, highBit, signed);

    public int BitsAllocated { get; }
    public int BitsStored { get; }
    public int HighBit { get; }
    public bool IsSigned { get; }
    public int MaximumValue => GetMaximumValue(BitsStored, IsSigned);
    public int MinimumValue => GetMinimumValue(BitsStored, IsSigned);

    public static BitDepth FromDataset(DicomDataset dataset)
    {
        var allocated = dataset.GetSingleValue<ushort>(DicomTag.BitsAllocated);
        var stored = dataset.GetSingleValue<ushort>(DicomTag.BitsStored);
        return new BitDepth(allocated, stored, dataset.GetSingleValue<ushort>(DicomTag.HighBit),
            dataset.GetSingleValue<ushort>(DicomTag.PixelRepresentation) == 1);
    }

    public static int GetMaximumValue(int bitsStored, bool isSigned) => (int)((1L << (isSigned ? bitsStored - 1 : bitsStored)) - 1);
    public static int GetMinimumValue(int bitsStored, bool isSigned) => isSigned ? (int)-(1L << (bitsStored - 1)) : 0;
}
