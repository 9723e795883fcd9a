using System.Buffers.Binary;
using System.Text.Json;
using MedGan.Dicom.Files;
using MedGan.Dicom.Rendering;
using MedGan.Dicom.Tests.Reference;
using MedGan.Testing;
using Xunit;

namespace MedGan.Dicom.Tests.Files;

/// <summary>PNG files that Python writes, and damaged ones.</summary>
public sealed class PngReaderTests
{
    private sealed record Case(string Name, int Width, int Height, float White, double[] Values);

    [Fact]
    public void Read_EveryTypeDepthAndInterlacing_IsWhatNumpySays()
    {
        Assert.SkipUnless(SystemPrograms.HasPil, "python3-pil and python3-numpy are not installed: ./medgan setup --tests");
        using var folder = new TemporaryFolder();
        var (exit, output) = SystemPrograms.Run(SystemPrograms.Python, [SystemPrograms.Script("png_variants.py"), folder.Path]);
        Assert.Equal(0, exit);
        var cases = JsonSerializer.Deserialize<Case[]>(output, JsonSerializerOptions.Web)!;
        Assert.Equal(52, cases.Length);
        foreach (var expected in cases)
        {
            var read = PngReader.Read(File.ReadAllBytes(folder.File(expected.Name)));
            Assert.Equal((expected.Name, expected.Width, expected.Height, expected.White), (expected.Name, read.Width, read.Height, read.White));
            for (var i = 0; i < read.Values.Length; i++)
                Assert.True(Math.Abs(expected.Values[i] - read.Values[i]) <= 1e-6 * expected.White, $"{expected.Name}, pixel {i}: {read.Values[i]} where {expected.Values[i]} is expected");
        }
    }

    [Fact]
    public void Read_WhatPngFileWrites_IsTheSame()
    {
        ushort[] pixels = [.. Enumerable.Range(0, 19 * 31).Select(i => (ushort)(i * 3))];
        var read = PngReader.Read(Gray16(19, 31, pixels));
        Assert.Equal((19, 31, 65535f, true), (read.Width, read.Height, read.White, read.WhiteIsStated));
        Assert.Equal(pixels.Select(p => (float)p), read.Values);
    }

    [Fact]
    public void Read_16BitsWithoutWordOfHowManyCount_LeavesWhiteOpen()
    {
        var file = Gray16(4, 4, [.. Enumerable.Range(0, 16).Select(i => (ushort)(i * 250))]);
        Assert.False(PngReader.Read(Without(file, "sBIT"u8)).WhiteIsStated);
    }

    [Fact]
    public void Read_RealImages_AreWhatPilReads()
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        Assert.SkipUnless(SystemPrograms.HasPil, "python3-pil is not installed: ./medgan setup --tests");
        string[] paths = [.. new[] { "ctmr_paired", "ctmr_unpaired" }.SelectMany(f => Directory.GetFiles(SharedData.Path(f), "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Where((_, i) => i % 20 == 0))];
        Assert.NotEmpty(paths);
        foreach (var (path, expected) in paths.Zip(PilPicture.ReadAll(paths)))
        {
            var read = PngReader.Read(File.ReadAllBytes(path));
            Assert.Equal((expected.Width, expected.Height), (read.Width, read.Height));
            Assert.Equal(expected.Values(), read.Values);
        }
    }

    [Fact]
    public void Read_CutOffAnywhere_IsRefused()
    {
        var file = Gray16(9, 9, [.. Enumerable.Range(0, 81).Select(i => (ushort)(i * i * 7))]);
        for (var length = 0; length < file.Length; length++)
            Assert.Throws<ImageFileException>(() => PngReader.Read(file.AsSpan(0, length)));
    }

    [Fact]
    public void Read_AnyByteChanged_IsRefusedOrReadWithoutAnyOtherFailure()
    {
        var file = Gray16(9, 9, [.. Enumerable.Range(0, 81).Select(i => (ushort)(i * i * 7))]);
        for (var i = 0; i < file.Length; i++)
        {
            var changed = (byte[])file.Clone();
            changed[i] ^= 0x5A;
            Assert.Throws<ImageFileException>(() => PngReader.Read(changed));
        }
    }

    [Theory]
    [InlineData(8193, 1, "8193 x 1 pixels")]
    [InlineData(-1, 5, "4294967295 x 5 pixels")]
    [InlineData(8192, 8192, "too short for its size")]
    public void Read_HugeSizeOfASmallFile_IsRefusedBeforeAnythingIsAllocated(int width, int height, string reason)
    {
        var file = WithSize(Gray16(4, 4, new ushort[16]), width, height);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<ImageFileException>(() => PngReader.Read(file));
        Assert.Contains(reason, error.Message);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    private static byte[] Gray16(int width, int height, ushort[] pixels)
    {
        using var stream = new MemoryStream();
        PngFile.Gray16(stream, width, height, pixels);
        return stream.ToArray();
    }

    private static byte[] WithSize(byte[] file, int width, int height)
    {
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(29), Crc(file.AsSpan(12, 17)));
        return file;
    }

    private static uint Crc(ReadOnlySpan<byte> data)
    {
        var crc = 0xFFFFFFFF;
        foreach (var b in data)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }
        return ~crc;
    }

    private static byte[] Without(byte[] file, ReadOnlySpan<byte> chunk)
    {
        var at = file.AsSpan().IndexOf(chunk) - 4;
        var length = 12 + BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
        return [.. file[..at], .. file[(at + length)..]];
    }
}
