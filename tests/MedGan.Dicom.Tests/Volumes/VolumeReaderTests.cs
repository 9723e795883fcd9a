using FellowOakDicom;
using FellowOakDicom.IO.Buffer;
using MedGan.Dicom.Volumes;
using MedGan.Phantoms;
using Xunit;

namespace MedGan.Dicom.Tests.Volumes;

public sealed class VolumeReaderTests
{
    private static readonly PhantomGrid Small = new(48, 6, 5, 12);

    [Theory]
    [InlineData(2, "12 bits, intercept -1024")]
    [InlineData(3, "16 bits signed, padding outside of the circle")]
    public void Read_PhantomCt_GivesHounsfieldUnits(int seed, string scaling)
    {
        var patient = PhantomPatient.Create(seed);
        var expected = Phantom.Render(patient, PhantomModality.Ct, Small);
        var volume = VolumeReader.Read(PhantomSeries.Create(patient, PhantomModality.Ct, Small)).Volume;
        Assert.Equal(expected.Geometry, volume.Geometry);
        for (var i = 0; i < volume.Voxels.Length; i++)
            Assert.True(Math.Abs(volume.Voxels[i] - expected.Voxels[i]) <= 0.5 || volume.Voxels[i] == -1000, $"{scaling}: voxel {i} is {volume.Voxels[i]} instead of {expected.Voxels[i]}");
        if (seed % 2 != 0)
            Assert.Equal(-1000, volume.Voxels[0]);
    }

    [Fact]
    public void Read_PhantomMr_IsNormalisedWithTheScannersUnit()
    {
        var patient = PhantomPatient.Create(4);
        var expected = Phantom.Render(patient, PhantomModality.MrT1, Small);
        var volume = VolumeReader.Read(PhantomSeries.Create(patient, PhantomModality.MrT1, Small)).Volume;
        Assert.InRange(volume.MrUnit, 690, 2410);
        for (var i = 0; i < volume.Voxels.Length; i++)
            Assert.Equal(expected.Voxels[i], volume.Voxels[i], 0.003f);
    }

    [Fact]
    public void Read_ShuffledFiles_SortsByPosition()
    {
        var files = TestSeries.At(TestSeries.Even(7, 2));
        var straight = VolumeReader.Read(files).Volume;
        var shuffled = VolumeReader.Read([files[3], files[6], files[0], files[5], files[1], files[4], files[2]]).Volume;
        Assert.Equal(straight.Geometry, shuffled.Geometry);
        Assert.Equal(straight.Voxels, shuffled.Voxels);
        Assert.Equal(2, straight.Geometry.SliceSpacingMm, 9);
    }

    [Fact]
    public void Read_TiltedGantry_ShearsTheSlicesBack()
    {
        var reading = VolumeReader.Read(TestSeries.At(TestSeries.Even(6, 3), shearPerMm: 0.35));
        AssertLinear(reading.Volume);
        Assert.Contains(reading.Notes, n => n.Contains("Gantry tilt of 19.3 degrees"));
        Assert.Equal(TestSeries.Rows + 6, reading.Volume.Geometry.Rows);
    }

    [Fact]
    public void Read_UnevenSpacing_InterpolatesLinearlyAndSaysSo()
    {
        var reading = VolumeReader.Read(TestSeries.At([0, 4, 8, 12, 19, 26, 33], thicknessMm: 7));
        AssertLinear(reading.Volume);
        Assert.Equal(4, reading.Volume.Geometry.SliceSpacingMm, 9);
        Assert.Equal(9, reading.Volume.Geometry.Slices);
        Assert.Contains(reading.Notes, n => n.Contains("Uneven slice spacing (4 to 7 mm)"));
    }

    [Fact]
    public void Read_EvenStack_HasNoNotes() => Assert.Empty(VolumeReader.Read(TestSeries.At(TestSeries.Even(5, 2.5))).Notes);

    [Fact]
    public void Read_MissingSlice_IsRefused() =>
        AssertRejected(SeriesRejectReason.MissingSlices, TestSeries.At([0, 2, 4, 8, 10], thicknessMm: 2));

    [Fact]
    public void Read_TwoSlicesAtOnePlace_IsRefused() =>
        AssertRejected(SeriesRejectReason.DuplicateSlices, TestSeries.At([0, 2, 4, 4, 6]));

    [Fact]
    public void Read_NoFiles_IsRefused() => AssertRejected(SeriesRejectReason.Empty, []);

    [Fact]
    public void Read_TwoSlices_IsRefused() => AssertRejected(SeriesRejectReason.TooFewSlices, TestSeries.At([0, 2]));

    [Fact]
    public void Read_ZigzagPositions_IsRefused() => AssertRejected(SeriesRejectReason.MixedSlices, TestSeries.At(TestSeries.Even(5, 2),
        change: (d, k) => d.AddOrUpdate(DicomTag.ImagePositionPatient, "-9.5", k % 2 == 0 ? "-7.5" : "-2.5", (2 * k).ToString(System.Globalization.CultureInfo.InvariantCulture))));

    [Fact]
    public void Read_MixedOrientations_IsRefused() => AssertRejected(SeriesRejectReason.MixedSlices, Changed(2,
        d => d.AddOrUpdate(DicomTag.ImageOrientationPatient, "0", "1", "0", "0", "0", "-1")));

    [Fact]
    public void Read_MixedMatrix_IsRefused() => AssertRejected(SeriesRejectReason.MixedSlices, Changed(2, d => d.AddOrUpdate(DicomTag.Rows, (ushort)15)));

    [Fact]
    public void Read_MissingPosition_IsRefused() => AssertRejected(SeriesRejectReason.NoGeometry, Changed(1, d => d.Remove(DicomTag.ImagePositionPatient)));

    [Fact]
    public void Read_MultiFrame_IsRefusedByName() => AssertRejected(SeriesRejectReason.MultiFrame, Changed(1, d => d.Add(DicomTag.NumberOfFrames, "12")));

    [Fact]
    public void Read_EnhancedCt_IsRefusedByName() => AssertRejected(SeriesRejectReason.MultiFrame, Changed(0, d => d.AddOrUpdate(DicomTag.SOPClassUID, DicomUID.EnhancedCTImageStorage)));

    [Fact]
    public void Read_OtherObject_IsRefused() => AssertRejected(SeriesRejectReason.UnsupportedObject, Changed(0, d => d.AddOrUpdate(DicomTag.SOPClassUID, DicomUID.UltrasoundImageStorage)));

    [Fact]
    public void Read_BurnedInAnnotation_IsRefused() => AssertRejected(SeriesRejectReason.BurnedInAnnotation, Changed(3, d => d.Add(DicomTag.BurnedInAnnotation, "YES")));

    [Fact]
    public void Read_OnlyLocalizers_IsRefused() => AssertRejected(SeriesRejectReason.Localizer,
        TestSeries.At(TestSeries.Even(4, 2), change: (d, _) => d.Add(DicomTag.ImageType, "ORIGINAL", "PRIMARY", "LOCALIZER")));

    [Fact]
    public void Read_LocalizerAmongSlices_IsLeftOut()
    {
        var reading = VolumeReader.Read(Changed(0, d => d.Add(DicomTag.ImageType, "ORIGINAL", "PRIMARY", "LOCALIZER")));
        Assert.Equal(4, reading.Volume.Geometry.Slices);
        Assert.Contains("1 localizer image(s) left out.", reading.Notes);
    }

    [Fact]
    public void Read_ShortPixelData_IsRefused() => AssertRejected(SeriesRejectReason.BadPixelData,
        Changed(1, d => d.AddOrUpdate(new DicomOtherWord(DicomTag.PixelData, new ushort[10]))));

    [Fact]
    public void Read_Jpeg_IsRefusedByName()
    {
        var files = TestSeries.At(TestSeries.Even(4, 2)).ConvertAll(f =>
        {
            var d = new DicomDataset(DicomTransferSyntax.JPEG2000Lossless);
            foreach (var item in f.Dataset.Where(i => i.Tag != DicomTag.PixelData))
                d.Add(item);
            var fragments = new DicomOtherWordFragment(DicomTag.PixelData);
            fragments.Fragments.Add(new MemoryByteBuffer([1, 2, 3, 4]));
            d.Add(fragments);
            return new DicomFile(d);
        });
        var rejected = AssertRejected(SeriesRejectReason.UnsupportedTransferSyntax, files);
        Assert.Contains("1.2.840.10008.1.2.4.90", rejected.Detail);
    }

    [Fact]
    public void Read_BitsAboveThoseStored_AreMaskedAway()
    {
        var clean = TestSeries.At(TestSeries.Even(4, 2), change: (d, _) => Store12(d, 0));
        var dirty = TestSeries.At(TestSeries.Even(4, 2), change: (d, _) => Store12(d, 0xA000));
        Assert.Equal(VolumeReader.Read(clean).Volume.Voxels, VolumeReader.Read(dirty).Volume.Voxels);
        Assert.Equal(-20.48f, VolumeReader.Read(dirty).Volume.Voxels[0], 3f * 1e-3f);

        // 12 bits signed: 0x800 is -2048.
        static void Store12(DicomDataset d, ushort above)
        {
            d.AddOrUpdate(DicomTag.BitsStored, (ushort)12);
            d.AddOrUpdate(DicomTag.HighBit, (ushort)11);
            d.AddOrUpdate(DicomTag.RescaleSlope, "0.01");
            d.AddOrUpdate(new DicomOtherWord(DicomTag.PixelData,
                [.. Enumerable.Range(0, TestSeries.Columns * TestSeries.Rows).Select(i => (ushort)((0x800 + i) & 0xFFF | above))]));
        }
    }

    [Fact]
    public void Read_Monochrome1_TurnsMrRoundButLeavesHounsfieldUnits()
    {
        static void Inverted(DicomDataset d, int k) => d.AddOrUpdate(DicomTag.PhotometricInterpretation, "MONOCHROME1");
        var ct = TestSeries.Even(4, 2);
        Assert.Equal(VolumeReader.Read(TestSeries.At(ct)).Volume.Voxels, VolumeReader.Read(TestSeries.At(ct, change: Inverted)).Volume.Voxels);
        var mr = VolumeReader.Read(TestSeries.At(ct, modality: Modality.MR)).Volume;
        var turned = VolumeReader.Read(TestSeries.At(ct, modality: Modality.MR, change: Inverted));
        Assert.NotEmpty(turned.Notes);
        for (var i = 1; i < mr.Voxels.Length; i++)
            Assert.Equal(Math.Sign(mr.Voxels[i] - mr.Voxels[0]), -Math.Sign(turned.Volume.Voxels[i] - turned.Volume.Voxels[0]));
    }

    private static List<DicomFile> Changed(int slice, Action<DicomDataset> change) => TestSeries.At(TestSeries.Even(5, 2), change: (d, k) =>
    {
        if (k == slice)
            change(d);
    });

    private static SeriesRejectedException AssertRejected(SeriesRejectReason reason, List<DicomFile> files)
    {
        var rejected = Assert.Throws<SeriesRejectedException>(() => VolumeReader.Read(files));
        Assert.Equal(reason, rejected.Reason);
        return rejected;
    }

    // Every voxel that has data has the value of the linear truth at its place.
    private static void AssertLinear(Volume volume)
    {
        var g = volume.Geometry;
        var compared = 0;
        for (var i = 0; i < volume.Voxels.Length; i++)
        {
            if (volume.Voxels[i] < -500)
                continue;
            var p = g.PositionMm(i % g.Columns, i / g.Columns % g.Rows, i / g.SliceLength);
            // The outermost half pixel of a shifted slice repeats its edge.
            if (Math.Abs(TestSeries.Truth(p) - volume.Voxels[i]) > 0.06)
                Assert.True(IsEdge(volume, i), $"voxel {i}: {volume.Voxels[i]} instead of {TestSeries.Truth(p)}");
            else
                compared++;
        }
        Assert.True(compared > 0.85 * TestSeries.Columns * TestSeries.Rows * g.Slices, $"only {compared} voxels agree");
    }

    private static bool IsEdge(Volume v, int i)
    {
        int row = i / v.Geometry.Columns % v.Geometry.Rows, stride = v.Geometry.Columns;
        return row == 0 || row == v.Geometry.Rows - 1 || v.Voxels[i - stride] < -500 || v.Voxels[i + stride] < -500;
    }
}
