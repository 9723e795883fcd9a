using System.Buffers.Binary;

namespace MedGan.Dicom.Codecs;

/// <summary>RLE Lossless (PS3.5 Annex G): byte planes, most significant first, each packed by PackBits.</summary>
public static class RleCodec
{
    private const int HeaderBytes = 64, MaxSegments = 15;

    /// <summary>One frame as little-endian samples, interleaved by pixel.</summary>
    /// <param name="frame">The frame's fragment(s), with the 64-byte header.</param>
    /// <param name="pixels">Rows times columns.</param>
    /// <param name="samplesPerPixel">1 for grey, 3 for colour.</param>
    /// <param name="bytesPerSample">1, 2 or 4.</param>
    /// <exception cref="PixelDataException">The segments are not those that the frame needs, or too short.</exception>
    public static byte[] Decode(ReadOnlySpan<byte> frame, int pixels, int samplesPerPixel, int bytesPerSample)
    {
        if (frame.Length < HeaderBytes)
            throw new PixelDataException("The RLE header is cut off.");
        var segments = BinaryPrimitives.ReadUInt32LittleEndian(frame);
        if (segments > MaxSegments || segments != samplesPerPixel * bytesPerSample)
            throw new PixelDataException($"The RLE frame has {segments} segments where {samplesPerPixel * bytesPerSample} are needed.");
        var stride = samplesPerPixel * bytesPerSample;
        var result = new byte[checked(pixels * stride)];
        for (var s = 0; s < segments; s++)
        {
            var start = BinaryPrimitives.ReadUInt32LittleEndian(frame[(4 + 4 * s)..]);
            var end = s + 1 < segments ? BinaryPrimitives.ReadUInt32LittleEndian(frame[(8 + 4 * s)..]) : (uint)frame.Length;
            if (start < HeaderBytes || end < start || end > frame.Length)
                throw new PixelDataException("The RLE segments lie outside of the frame.");
            // Segment s holds byte s % bytesPerSample of sample s / bytesPerSample, the most significant byte first.
            var offset = s / bytesPerSample * bytesPerSample + (bytesPerSample - 1 - s % bytesPerSample);
            Unpack(frame[(int)start..(int)end], result, offset, stride, pixels);
        }
        return result;
    }

    private static void Unpack(ReadOnlySpan<byte> segment, byte[] target, int offset, int stride, int count)
    {
        var read = 0;
        var written = 0;
        while (written < count && read < segment.Length)
        {
            var control = (sbyte)segment[read++];
            if (control >= 0)
            {
                var literal = control + 1;
                if (read + literal > segment.Length)
                    break;
                for (var i = 0; i < literal && written < count; i++, written++)
                    target[offset + written * stride] = segment[read + i];
                read += literal;
            }
            else if (control != -128)
            {
                if (read >= segment.Length)
                    break;
                var value = segment[read++];
                for (var i = 0; i < 1 - control && written < count; i++, written++)
                    target[offset + written * stride] = value;
            }
        }
        if (written < count)
            throw new PixelDataException("An RLE segment ends before the frame is full.");
    }
}
