using System.Diagnostics;
using FellowOakDicom;
using FellowOakDicom.Serialization;
using MedGan.Testing;

namespace FoDicom.Tests;

public class FuzzTests
{
    [Fact]
    public void DamagedFiles_GiveManagedErrorsOnly_InBoundedMemoryAndTime()
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        var random = new Random(20261122);
        var files = new[] { SharedData.Path("parser", "pydicom"), SharedData.Path("parser", "WG04") }
            .SelectMany(f => Directory.GetFiles(f, "*", SearchOption.AllDirectories)).Order()
            .Where(f => new FileInfo(f).Length is > 0 and < 400_000).Select(File.ReadAllBytes).ToArray();
        Assert.NotEmpty(files);
        var clock = Stopwatch.StartNew();
        int read = 0, refused = 0;

        for (var i = 0; i < 3000; i++)
        {
            var bytes = Damaged(files[i % files.Length], random, i);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Use(i % 3 == 0 ? DicomFile.Open(new Unseekable(bytes)) : DicomFile.Open(new MemoryStream(bytes)));
                read++;
            }
            catch (DicomFileException)
            {
                refused++;
            }
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < 80_000_000 + (40L * bytes.Length), $"Variant {i} took {allocated} bytes of memory for {bytes.Length}");
        }

        Assert.True(read > 300 && refused > 300, $"{read} read, {refused} refused");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(40), $"{clock.Elapsed}");
    }

    [Fact]
    public void NestingBeyondTheLimit_IsRefused()
    {
        using var bytes = new MemoryStream();
        bytes.Write(new byte[128]);
        bytes.Write("DICM"u8);
        for (var i = 0; i < 100_000; i++) bytes.Write([0x08, 0x00, 0x15, 0x11, (byte)'S', (byte)'Q', 0, 0, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff]);
        bytes.Position = 0;

        Assert.Throws<DicomFileException>(() => DicomFile.Open(bytes));
    }

    [Fact]
    public void DescendingTags_AreReadInTime_AndTheLastOfATagWins()
    {
        using var bytes = new MemoryStream();
        bytes.Write(new byte[128]);
        bytes.Write("DICM"u8);
        bytes.Write([2, 0, 0x10, 0, (byte)'U', (byte)'I', 18, 0, .. "1.2.840.10008.1.2\0"u8]);
        for (var group = 0x7001; group > 0x4001; group -= 2)
            for (var element = 0x30f8; element > 0x3000; element -= 4)
                bytes.Write([(byte)group, (byte)(group >> 8), (byte)element, (byte)(element >> 8), 0, 0, 0, 0]);
        bytes.Write([0x10, 0, 0x20, 0, 2, 0, 0, 0, (byte)'A', (byte)' ', 0x10, 0, 0x20, 0, 2, 0, 0, 0, (byte)'B', (byte)' ']);
        bytes.Position = 0;
        var clock = Stopwatch.StartNew();

        var dataset = DicomFile.Open(bytes).Dataset;

        Assert.Equal("B", dataset.GetString(DicomTag.PatientID));
        Assert.Equal(0x1800 * 62 + 1, dataset.Count());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"{clock.Elapsed}");
    }

    [Fact]
    public void DeflateBomb_IsRefused()
    {
        var bomb = new MemoryStream();
        var small = RoundTripTests.Saved(Samples.Image(DicomTransferSyntax.DeflatedExplicitVRLittleEndian), null).ToArray();
        var meta = DicomFile.Open(new MemoryStream(small));
        Assert.NotEmpty(meta.Dataset);
        var dataset = Samples.Image(DicomTransferSyntax.DeflatedExplicitVRLittleEndian);
        for (ushort i = 0; i < 24; i++) dataset.Add(new DicomOtherByte(new DicomTag(0x0028, (ushort)(0x9f00 + i)), new byte[8 << 20]));
        new DicomFile(dataset).Save(bomb);
        bomb.Position = 0;

        var error = Assert.Throws<DicomFileException>(() => DicomFile.Open(bomb));

        Assert.Contains("longer than", error.Message);
    }

    [Fact]
    public void Errors_DoNotTellValues()
    {
        var dataset = new DicomDataset().NotValidated().Add(DicomTag.PatientBirthDate, "SECRET").Add(DicomTag.PatientWeight, "SECRET").Validated();

        Exception[] errors =
        [
            Assert.ThrowsAny<DicomException>(dataset.Validate),
            Assert.ThrowsAny<DicomException>(() => dataset.GetSingleValue<DateTime>(DicomTag.PatientBirthDate)),
            Assert.ThrowsAny<DicomException>(() => dataset.GetSingleValue<decimal>(DicomTag.PatientWeight)),
            Assert.ThrowsAny<DicomException>(() => dataset.AddOrUpdate(DicomTag.PatientID, new string('x', 60) + "SECRET")),
        ];

        Assert.All(errors, e => Assert.DoesNotContain("SECRET", e.ToString()));
    }

    private static void Use(DicomFile file)
    {
        try
        {
            DicomJson.ConvertDicomToJson(file.Dataset, numberSerializationMode: NumberSerializationMode.PreferablyAsNumber);
            file.Save(Stream.Null);
        }
        catch (DicomException)
        {
            // Readable, but without what writing needs.
        }
    }

    private static byte[] Damaged(byte[] original, Random random, int variant)
    {
        var bytes = variant % 4 == 0 ? original[..random.Next(original.Length)] : (byte[])original.Clone();
        if (variant % 4 == 0 || bytes.Length == 0) return bytes;
        // The headers, where damage tells, are mostly at the start.
        var reach = variant % 4 == 1 ? bytes.Length : Math.Min(bytes.Length, 3000);
        for (var flips = random.Next(1, 12); flips > 0; flips--)
            if (variant % 4 == 3) bytes[random.Next(reach)] = random.Next(2) == 0 ? (byte)0xff : (byte)0;
            else bytes[random.Next(reach)] ^= (byte)(1 << random.Next(8));
        return bytes;
    }

    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    }
}
