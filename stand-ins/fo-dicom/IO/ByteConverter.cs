using System.Runtime.InteropServices;
using System.Text;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom.IO;

/// <summary>Between values and their little-endian bytes.</summary>
public static class ByteConverter
{
    /// <summary>Encodes, and pads with a space to an even length.</summary>
    public static IByteBuffer ToByteBuffer(string value, Encoding encoding = null) => ToByteBuffer(value, encoding, (byte)' ');

    public static IByteBuffer ToByteBuffer(string value, Encoding encoding, byte padding) =>
        new MemoryByteBuffer(Padded((encoding ?? Encoding.ASCII).GetBytes(value), padding));

    public static IByteBuffer ToByteBuffer<T>(T[] values) where T : struct =>
        new MemoryByteBuffer(MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    public static T[] ToArray<T>(IByteBuffer buffer)
    {
        var data = buffer.Data;
        var values = new T[data.Length / Marshal.SizeOf<T>()];
        System.Buffer.BlockCopy(data, 0, values, 0, values.Length * Marshal.SizeOf<T>());
        return values;
    }

    public static T Get<T>(IByteBuffer buffer, int n)
    {
        var size = Marshal.SizeOf<T>();
        var bytes = buffer.Data;
        if (n < 0 || (long)(n + 1) * size > bytes.Length) throw new ArgumentOutOfRangeException(nameof(n));
        var value = new T[1];
        System.Buffer.BlockCopy(bytes, n * size, value, 0, size);
        return value[0];
    }

    internal static byte[] Padded(byte[] bytes, byte padding)
    {
        if (bytes.Length % 2 == 0) return bytes;
        Array.Resize(ref bytes, bytes.Length + 1);
        bytes[^1] = padding;
        return bytes;
    }
}
