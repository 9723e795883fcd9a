namespace MedGan.Dicom.Codecs;

/// <summary>The stored values of one grey frame, [row, column], masked to the bits stored and with their sign (PS3.3 C.7.6.3).</summary>
/// <param name="Columns">Pixels in a row.</param>
/// <param name="Rows">Rows.</param>
/// <param name="BitsStored">1 to 16.</param>
/// <param name="Signed">Pixel Representation (0028,0103) is 1.</param>
/// <param name="WhiteIsLow">Photometric Interpretation is MONOCHROME1.</param>
/// <param name="Values">Stored values, before any rescale.</param>
public sealed record DecodedFrame(int Columns, int Rows, int BitsStored, bool Signed, bool WhiteIsLow, int[] Values)
{
    /// <summary>The least value that these bits can store.</summary>
    public int MinStorable => Signed ? -(1 << (BitsStored - 1)) : 0;

    /// <summary>The greatest value that these bits can store.</summary>
    public int MaxStorable => (1 << (Signed ? BitsStored - 1 : BitsStored)) - 1;
}
