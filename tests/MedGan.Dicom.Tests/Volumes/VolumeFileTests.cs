using MedGan.Dicom.Volumes;
using Xunit;

namespace MedGan.Dicom.Tests.Volumes;

public sealed class VolumeFileTests
{
    private static byte[] File()
    {
        var g = new VolumeGeometry(5, 4, 3, new(1, 2, 3), new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), 0.5, 0.6, 2.25);
        var v = new Volume(Modality.MR, g, [.. Enumerable.Range(0, 60).Select(i => i / 7f)], 812.5, "t1");
        using var stream = new MemoryStream();
        VolumeFile.Write(v, stream);
        return stream.ToArray();
    }

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var v = VolumeFile.Read(new MemoryStream(File()));
        Assert.Equal(Modality.MR, v.Modality);
        Assert.Equal(new VolumeGeometry(5, 4, 3, new(1, 2, 3), new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), 0.5, 0.6, 2.25), v.Geometry);
        Assert.Equal(812.5, v.MrUnit);
        Assert.Equal("t1", v.SeriesDescription);
        Assert.Equal(59 / 7f, v.Voxels[59]);
    }

    [Fact]
    public void ReadGeometry_NeedsNoVoxel()
    {
        var file = File();
        Assert.Equal(VolumeFile.Read(new MemoryStream(file)).Geometry, VolumeFile.ReadGeometry(new MemoryStream(file[..^(60 * sizeof(float))])));
    }

    [Fact]
    public void Read_CutShortAnywhere_IsRefused()
    {
        var file = File();
        for (var length = 0; length < file.Length; length += 3)
            Assert.Throws<InvalidDataException>(() => VolumeFile.Read(new MemoryStream(file, 0, length)));
    }

    [Fact]
    public void Read_BytesTooMany_IsRefused() => Assert.Throws<InvalidDataException>(() => VolumeFile.Read(new MemoryStream([.. File(), 0])));

    [Fact]
    public void Read_ImpossibleSize_IsRefusedBeforeAnythingIsAllocated()
    {
        var text = System.Text.Encoding.Latin1.GetString(File());
        var huge = System.Text.Encoding.Latin1.GetBytes(text.Replace("\"columns\":5", "\"columns\":8000000"));
        BitConverter.TryWriteBytes(huge.AsSpan(8), BitConverter.ToInt32(huge, 8) + 6);
        Assert.Contains("impossible", Assert.Throws<InvalidDataException>(() => VolumeFile.Read(new MemoryStream(huge))).Message);
    }
}
