using System.Buffers.Binary;
using System.Text.Json;
using MedGan.Dicom.Files;
using MedGan.Dicom.Files.Nifti;
using MedGan.Dicom.Tests.Reference;
using MedGan.Dicom.Volumes;
using Xunit;

namespace MedGan.Dicom.Tests.Files;

/// <summary>NIfTI files that nibabel writes and ours that it reads: the same value at the same place of the patient.</summary>
public sealed class NiftiTests
{
    private sealed record Answer(double[] Values, double OffGrid, double? FormsDiffer, string Type, string Description, int[] Shape);

    [Fact]
    public void Read_EveryTypeByteOrderAndOrientation_HasNibabelsValueAtEveryPlace()
    {
        Assert.SkipUnless(SystemPrograms.HasNibabel, "python3-nibabel is not installed: ./medgan setup --tests");
        using var folder = new TemporaryFolder();
        var (exit, output) = SystemPrograms.Run(SystemPrograms.Python, [SystemPrograms.Script("nifti_variants.py"), folder.Path]);
        Assert.Equal(0, exit);
        string[] paths = [.. JsonSerializer.Deserialize<string[]>(output)!.Select(folder.File)];
        Assert.Equal(35, paths.Length);
        NiftiVolume[] volumes = [.. paths.Select(Read)];
        foreach (var (path, v, answer) in paths.Zip(volumes, Ask(paths.Zip(volumes.Select(v => v.Geometry)))))
        {
            Assert.True(answer.OffGrid < 1e-3, $"{path}: {answer.OffGrid}");
            Assert.Equal(answer.Values, v.Values.Select(value => (double)value));
            Assert.Equal(210, v.Values.Length);
            // Axial as near as can be: left, back, head.
            Assert.True(v.Geometry.RowDirection.X > 0.7 && v.Geometry.ColumnDirection.Y > 0.7 && v.Geometry.SliceDirection.Z > 0.7, path);
        }
    }

    [Theory]
    [InlineData(1.0, "int16", 0.51)]
    [InlineData(null, "float32", 0)]
    public void Write_ObliqueVolume_IsReadAtTheSamePlacesByNibabelAndUs(double? slope, string type, double tolerance)
    {
        Assert.SkipUnless(SystemPrograms.HasNibabel, "python3-nibabel is not installed: ./medgan setup --tests");
        using var folder = new TemporaryFolder();
        foreach (var (tilt, zipped) in new[] { (0.0, false), (0.4, true), (2.9, true), (-1.7, false) })
        {
            var g = Oblique(tilt);
            float[] values = [.. Enumerable.Range(0, g.Length).Select(i => -1000 + i * 17.3f)];
            var path = folder.File(zipped ? "volume.nii.gz" : "volume.nii");
            using (var stream = File.Create(path))
                NiftiWriter.Write(stream, g, values, slope, "Synthetic CT", "HU", zipped);
            var answer = Ask([(path, g)]).Single();
            Assert.True(answer.OffGrid < 1e-4 && answer.FormsDiffer < 1e-3, $"{answer.OffGrid}, {answer.FormsDiffer}");
            Assert.Equal((type, "Synthetic CT"), (answer.Type, answer.Description));
            Assert.Equal(new[] { g.Columns, g.Rows, g.Slices }, answer.Shape);
            Assert.All(answer.Values.Zip(values), pair => Assert.Equal(pair.Second, pair.First, tolerance + 1e-9));

            var read = Read(path);
            Assert.Equal("HU", read.Contents);
            var again = Ask([(path, read.Geometry)]).Single();
            Assert.True(again.OffGrid < 1e-3, $"{again.OffGrid}");
            Assert.Equal(again.Values, read.Values.Select(value => (double)value));
        }
    }

    [Fact]
    public void Read_NotANumber_BecomesWhatTheCallerNames()
    {
        var file = Written(4, 3, 2, [.. Enumerable.Range(0, 24).Select(i => i == 5 ? float.NaN : i)]);
        Assert.Equal(-7, NiftiReader.Read(new MemoryStream(file), notANumber: -7).Values[5]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_CutOffAnywhere_IsRefused(bool zipped)
    {
        var file = Written(4, 3, 2, new float[24], zipped);
        // The last bytes of gzip are the end of its data, a check sum and a length.
        for (var length = 0; length < file.Length - (zipped ? 12 : 0); length++)
            Assert.Throws<ImageFileException>(() => NiftiReader.Read(new MemoryStream(file, 0, length)));
    }

    [Fact]
    public void Read_HeaderBytesChanged_IsReadOrRefusedWithoutAnyOtherFailure()
    {
        var file = Written(4, 3, 2, new float[24]);
        var refused = 0;
        for (var i = 0; i < 352; i++)
            foreach (var flip in new byte[] { 0x01, 0x80, 0xFF })
            {
                var changed = (byte[])file.Clone();
                changed[i] ^= flip;
                try
                {
                    Assert.NotEmpty(NiftiReader.Read(new MemoryStream(changed)).Values);
                }
                catch (ImageFileException)
                {
                    refused++;
                }
            }
        Assert.True(refused > 50, $"{refused} refused");
    }

    [Theory]
    [InlineData(42, 8192, "too short")]
    [InlineData(42, 30000, "from 1 to 8192 a side")]
    [InlineData(48, 5, "several volumes")]
    [InlineData(70, 128, "values of type 128")]
    [InlineData(70, 32, "values of type 32")]
    public void Read_ImpossibleOrHugeHeader_IsRefusedBeforeAnythingIsAllocated(int at, short value, string reason)
    {
        foreach (var zipped in new[] { false, true })
        {
            var plain = Written(4, 3, 2, new float[24]);
            BinaryPrimitives.WriteInt16LittleEndian(plain.AsSpan(40), 4);
            BinaryPrimitives.WriteInt16LittleEndian(plain.AsSpan(at), value);
            if (at == 42)
                BinaryPrimitives.WriteInt16LittleEndian(plain.AsSpan(44), value);
            var file = zipped ? Zip(plain) : plain;
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Contains(reason, Assert.Throws<ImageFileException>(() => NiftiReader.Read(new MemoryStream(file))).Message);
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
        }
    }

    [Fact]
    public void Read_ShearedGrid_IsRefused()
    {
        var file = Written(4, 3, 2, new float[24]);
        BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(280 + 4), 0.4f); // the second column leans along the first
        Assert.Contains("sheared", Assert.Throws<ImageFileException>(() => NiftiReader.Read(new MemoryStream(file))).Message);
    }

    private static NiftiVolume Read(string path)
    {
        using var stream = File.OpenRead(path);
        return NiftiReader.Read(stream);
    }

    private static byte[] Written(int columns, int rows, int slices, float[] values, bool zipped = false)
    {
        using var stream = new MemoryStream();
        var g = new VolumeGeometry(columns, rows, slices, new(0, 0, 0), new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), 1, 1, 2);
        NiftiWriter.Write(stream, g, values, null, "", "", zipped);
        return stream.ToArray();
    }

    private static byte[] Zip(byte[] plain)
    {
        using var stream = new MemoryStream();
        using (var zip = new System.IO.Compression.GZipStream(stream, System.IO.Compression.CompressionLevel.Optimal))
            zip.Write(plain);
        return stream.ToArray();
    }

    private static VolumeGeometry Oblique(double tilt)
    {
        Vector3d row = new Vector3d(Math.Cos(tilt), Math.Sin(tilt), 0), normal = new Vector3d(-Math.Sin(tilt) * 0.3, Math.Cos(tilt) * 0.3, 0.9).Normalized();
        return new VolumeGeometry(6, 5, 4, new(-91.5, 33.25, 12), row, normal.Cross(row), normal, 0.7, 0.8, 2.5);
    }

    private static Answer[] Ask(IEnumerable<(string Path, VolumeGeometry Geometry)> files)
    {
        var requests = files.Select(file => new { path = file.Path, points = Points(file.Geometry).ToArray() });
        var (exit, output) = SystemPrograms.Run(SystemPrograms.Python, [SystemPrograms.Script("nifti_values.py")], JsonSerializer.Serialize(requests));
        Assert.Equal(0, exit);
        return JsonSerializer.Deserialize<Answer[]>(output, JsonSerializerOptions.Web)!;
    }

    private static IEnumerable<double[]> Points(VolumeGeometry g)
    {
        for (var k = 0; k < g.Slices; k++)
            for (var row = 0; row < g.Rows; row++)
                for (var column = 0; column < g.Columns; column++)
                    {
                        var p = g.PositionMm(column, row, k);
                        yield return [p.X, p.Y, p.Z];
                    }
    }
}
