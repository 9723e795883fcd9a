using FellowOakDicom;
using MedGan.Dicom.Codecs;
using MedGan.Dicom.Synthetic;
using MedGan.Dicom.Tests.Reference;
using Xunit;

namespace MedGan.Dicom.Tests.Synthetic;

public sealed class SyntheticCaptureWriterTests
{
    private static readonly SyntheticStudy Study = new("SYN-1", SyntheticUid.Create("study", "t"), SyntheticUid.Create("series", "t"),
        SyntheticUid.Create("frame-of-reference", "t"), 1, "Test model", "1", new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero), Judged: false);

    private static readonly ushort[] Pixels = [.. Enumerable.Range(0, 7 * 5).Select(i => (ushort)(i * 1927))];

    [Fact]
    public void Write_File_PassesDciodvfyAndIsLabelledAsSyntheticAndUnjudged()
    {
        Assert.SkipUnless(SystemPrograms.Has("dciodvfy") && SystemPrograms.Has("dcmdump"), "dicom3tools or dcmtk is not installed: ./medgan setup --tests");
        using var folder = new TemporaryFolder();
        var path = folder.File("image.dcm");
        SyntheticCaptureWriter.Write(7, 5, Pixels, Study, 3).Save(path);
        Assert.Empty(SystemPrograms.ValidatorErrors(path));
        Assert.Contains("SCImage", SystemPrograms.Run("dciodvfy", [path], withErrors: true).Output);
        var dump = SystemPrograms.Run("dcmdump", [path]).Output;
        Assert.Contains("(0008,001c) CS [YES]", dump);
        Assert.Contains("not judged by a privacy gate", dump);
        Assert.Contains("=SecondaryCaptureImageStorage", dump);
    }

    [Fact]
    public void Write_File_HoldsThePixels()
    {
        var frame = FrameDecoder.Decode(SyntheticCaptureWriter.Write(7, 5, Pixels, Study, 1));
        Assert.Equal((7, 5, 16, false), (frame.Columns, frame.Rows, frame.BitsStored, frame.Signed));
        Assert.Equal(Pixels.Select(p => (int)p), frame.Values);
    }
}
