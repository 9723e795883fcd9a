using FellowOakDicom;
using MedGan.Dicom.Rendering;
using MedGan.Dicom.Tests.Volumes;
using MedGan.Dicom.Volumes;
using Xunit;

namespace MedGan.Dicom.Tests.Rendering;

public sealed class RenderingTests
{
    private static DicomFile File(params (DicomTag Tag, string[] Values)[] change) => TestSeries.At([0], change: (d, _) =>
    {
        d.AddOrUpdate(DicomTag.RescaleSlope, "1");
        d.AddOrUpdate(DicomTag.RescaleIntercept, "-1024");
        d.AddOrUpdate(new DicomOtherWord(DicomTag.PixelData, [.. Enumerable.Range(0, TestSeries.Columns * TestSeries.Rows).Select(i => (ushort)(1024 + i))]));
        foreach (var (tag, values) in change)
            d.AddOrUpdate(tag, values);
    })[0];

    [Fact]
    public void Render_FilesWindow_FollowsTheLinearFunction()
    {
        // PS3.3 C.11.2.1.2.1 with c = 100, w = 101: black up to 49.5, white above 149.5, ((x - 99.5) / 100 + 0.5) * 255 between.
        var pixels = DicomRenderer.Render(File((DicomTag.WindowCenter, ["100"]), (DicomTag.WindowWidth, ["101"]))).Pixels;
        Assert.Equal(0, pixels[49]);
        Assert.Equal(255, pixels[150]);
        Assert.Equal((byte)Math.Round(((120 - 99.5) / 100 + 0.5) * 255), pixels[120]);
    }

    [Fact]
    public void Render_Monochrome1_IsTurnedRound()
    {
        (DicomTag, string[])[] window = [(DicomTag.WindowCenter, ["100"]), (DicomTag.WindowWidth, ["101"])];
        var usual = DicomRenderer.Render(File(window)).Pixels;
        var inverted = DicomRenderer.Render(File([.. window, (DicomTag.PhotometricInterpretation, ["MONOCHROME1"])])).Pixels;
        Assert.Equal(usual.Select(p => (byte)(255 - p)), inverted);
    }

    [Fact]
    public void Render_NoWindow_UsesTheWholeRange()
    {
        var pixels = DicomRenderer.Render(File()).Pixels;
        Assert.Equal((0, 255), (pixels.Min(), pixels.Max()));
    }

    [Fact]
    public void Render_OblongPixels_BecomeSquare()
    {
        var image = DicomRenderer.Render(File((DicomTag.PixelSpacing, ["2", "1"])));
        Assert.Equal((TestSeries.Columns, 2 * TestSeries.Rows), (image.Width, image.Height));
    }

    [Fact]
    public void Render_Slice_UsesTheModalitysWindow()
    {
        var v = VolumeReader.Read(TestSeries.At(TestSeries.Even(3, 1))).Volume;
        Assert.Equal(Window.For(Modality.CT).Apply(v.Slice(1)[7]), SliceRenderer.Render(v, 1).Pixels[7]);
        Assert.Equal(0, Window.For(Modality.CT).Apply(-20));
        Assert.Equal(255, Window.For(Modality.CT).Apply(100));
    }

    [Fact]
    public void ContactSheet_PlacesPicturesAndLabels()
    {
        var white = new GrayImage(10, 20, [.. Enumerable.Repeat((byte)255, 200)]);
        var sheet = new ContactSheet(32).Columns("CT", "MR").Row("Real", [white, white]).Row("Synthetic", [white]).Render();
        // Label column: 9 letters of 6 pixels and a gap of 4 on both sides; then cells of 32 and gaps of 4.
        Assert.Equal((62 + 2 * 36, 15 + 2 * 36), (sheet.Width, sheet.Height));
        byte At(int x, int y) => sheet.Pixels[y * sheet.Width + x];
        Assert.Equal(255, At(62 + 16, 15 + 16));
        Assert.NotEqual(255, At(62 + 2, 15 + 16));
        Assert.NotEqual(255, At(62 + 36 + 16, 15 + 36 + 16));
        Assert.Contains((byte)230, Enumerable.Range(0, 15).SelectMany(y => Enumerable.Range(62, 32).Select(x => At(x, y))));
        Assert.Throws<InvalidOperationException>(() => new ContactSheet().Render());
    }

    [Fact]
    public void Resize_Shrinking_AveragesArea()
    {
        var stripes = new GrayImage(8, 2, [0, 200, 0, 200, 0, 200, 0, 200, 0, 200, 0, 200, 0, 200, 0, 200]);
        Assert.Equal(new byte[] { 100, 100, 100, 100 }, stripes.Resize(4, 1).Pixels);
    }
}
