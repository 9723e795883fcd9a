namespace FellowOakDicom.IO;

/// <summary>A byte order.</summary>
public struct Endian
{
    private readonly bool big;

    private Endian(bool big) => this.big = big;

    public static readonly Endian Little = new(false);
    public static readonly Endian Big = new(true);
    public static readonly Endian LocalMachine = BitConverter.IsLittleEndian ? Little : Big;
    public static readonly Endian Network = Big;

    public static bool operator ==(Endian e1, Endian e2) => e1.big == e2.big;
    public static bool operator !=(Endian e1, Endian e2) => e1.big != e2.big;
    public override readonly bool Equals(object obj) => obj is Endian other && this == other;
    public override readonly int GetHashCode() => big ? 1 : 0;
    public override readonly string ToString() => big ? "Big Endian" : "Little Endian";

    /// <summary>Reverses every unit of <paramref name="bytesToSwap"/> bytes in place.</summary>
    public static void SwapBytes(int bytesToSwap, byte[] bytes)
    {
        if (bytesToSwap < 2) return;
        for (var i = 0; i + bytesToSwap <= bytes.Length; i += bytesToSwap) Array.Reverse(bytes, i, bytesToSwap);
    }
}
