using System.Buffers.Binary;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom.IO;

/// <summary>
/// A stream read through one window. No length that the bytes claim is trusted: a value is read only where the stream still
/// has that much, or, where it cannot tell, in chunks that grow with what has come.
/// </summary>
internal sealed class ByteSource
{
    private const int WindowSize = 1 << 14, Chunk = 1 << 20;
    private readonly Stream stream;
    private readonly long start;
    private readonly long end;
    private readonly string path;
    private byte[] window;
    private int next, filled;
    private long windowPosition;

    /// <param name="limit">Bytes that may come at most from a stream that does not know its length.</param>
    internal ByteSource(Stream stream, string path = null, long limit = long.MaxValue)
    {
        (this.stream, this.path, Limit) = (stream, path, limit);
        (start, end) = stream.CanSeek ? (stream.Position, stream.Length - stream.Position) : (0, -1);
        if (stream is MemoryStream memory && memory.TryGetBuffer(out var segment))
        {
            var rest = segment[(int)Math.Min(memory.Position, memory.Length)..];
            (window, next, filled) = (segment.Array, rest.Offset, rest.Offset + rest.Count);
            windowPosition = -rest.Offset;
        }
        else window = new byte[end is >= 0 and < WindowSize ? (int)end : WindowSize];
    }

    /// <summary>From where the source began.</summary>
    internal long Position => windowPosition + next;
    internal bool BigEndian { get; set; }
    private long Limit { get; }

    /// <summary>Whether values can be left where they are.</summary>
    internal bool CanDefer => end >= 0;

    internal bool AtEnd => !Has(1);

    /// <summary>Whether so many bytes are still to come, for up to the window's size.</summary>
    internal bool Has(int count)
    {
        if (filled - next >= count) return true;
        if (end >= 0 && end - Position < count) return false;
        Fill(count);
        return filled - next >= count;
    }

    internal ReadOnlySpan<byte> Peek(int count)
    {
        Need(count);
        return window.AsSpan(next, count);
    }

    internal ReadOnlySpan<byte> Take(int count)
    {
        Need(count);
        next += count;
        return window.AsSpan(next - count, count);
    }

    internal ushort UInt16() => BigEndian ? BinaryPrimitives.ReadUInt16BigEndian(Take(2)) : BinaryPrimitives.ReadUInt16LittleEndian(Take(2));
    internal ushort PeekUInt16() => BigEndian ? BinaryPrimitives.ReadUInt16BigEndian(Peek(2)) : BinaryPrimitives.ReadUInt16LittleEndian(Peek(2));
    internal uint UInt32() => BigEndian ? BinaryPrimitives.ReadUInt32BigEndian(Take(4)) : BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    internal byte[] Bytes(uint count)
    {
        if (end >= 0 && count > end - Position) throw PastEnd(count);
        if (count > Limit - Position) throw TooLong();
        if (end < 0 && count > Chunk) return Growing(count);
        var bytes = GC.AllocateUninitializedArray<byte>((int)count);
        Fill(bytes);
        return bytes;
    }

    /// <summary>The value as a place in the file.</summary>
    internal IByteBuffer Defer(uint count)
    {
        var position = start + Position;
        Skip(count);
        return new LargeValueBuffer(path, stream, position, count);
    }

    internal void Skip(uint count)
    {
        if (end >= 0 && count > end - Position) throw PastEnd(count);
        long left = count;
        while (left > 0)
        {
            var part = (int)Math.Min(left, Math.Max(filled - next, 0));
            next += part;
            if ((left -= part) == 0) return;
            if (stream.CanSeek)
            {
                var target = Position + left;
                stream.Position = start + target;
                (windowPosition, next, filled) = (target, 0, 0);
                return;
            }
            Fill(1);
            if (filled == next) throw PastEnd(count);
        }
    }

    /// <summary>All that is left, as a stream, for inflating.</summary>
    internal Stream Rest()
    {
        if (end >= 0)
        {
            stream.Position = start + Position;
            return stream;
        }
        var rest = new MemoryStream();
        rest.Write(window.AsSpan(next, filled - next));
        stream.CopyTo(rest);
        rest.Position = 0;
        return rest;
    }

    internal DicomIoException PastEnd(long count) => new($"{count} bytes were expected at offset {Position}, past the end of the data");

    private DicomIoException TooLong() => new($"The data are longer than the {Limit} bytes allowed");

    private void Need(int count)
    {
        if (!Has(count)) throw PastEnd(count);
    }

    private byte[] Growing(uint count)
    {
        using var grown = new MemoryStream();
        var chunk = new byte[Chunk];
        for (long left = count; left > 0;)
        {
            var part = chunk.AsSpan(0, (int)Math.Min(left, chunk.Length));
            Fill(part);
            grown.Write(part);
            left -= part.Length;
        }
        return grown.ToArray();
    }

    private void Fill(Span<byte> bytes)
    {
        var ready = Math.Min(bytes.Length, filled - next);
        window.AsSpan(next, ready).CopyTo(bytes);
        next += ready;
        if (ready == bytes.Length) return;
        var rest = bytes[ready..];
        var position = Position;
        var read = stream.ReadAtLeast(rest, rest.Length, throwOnEndOfStream: false);
        (windowPosition, next, filled) = (position + read, 0, 0);
        if (position + read > Limit) throw TooLong();
        if (read < rest.Length) throw PastEnd(rest.Length - read);
    }

    private void Fill(int wanted)
    {
        if (end >= 0 && Position + (filled - next) >= end) return;
        if (wanted > window.Length) Array.Resize(ref window, Math.Max(wanted, WindowSize));
        window.AsSpan(next, filled - next).CopyTo(window);
        windowPosition += next;
        (next, filled) = (0, filled - next);
        filled += stream.ReadAtLeast(window.AsSpan(filled), wanted - filled, throwOnEndOfStream: false);
        if (windowPosition + filled - WindowSize > Limit) throw TooLong();
    }
}
