using FellowOakDicom;

namespace FoDicom.Tests;

/// <summary>Made-up data sets.</summary>
internal static class Samples
{
    private static readonly DicomTag PrivateValue = new(0x0029, 0x01, "MEDGAN TEST");

    internal static DicomDataset Image(DicomTransferSyntax syntax) => new DicomDataset(syntax)
        .Add(DicomTag.SOPClassUID, DicomUID.CTImageStorage)
        .Add(DicomTag.SOPInstanceUID, "1.2.3.4")
        .Add(DicomTag.Rows, (ushort)2)
        .Add(DicomTag.Columns, (ushort)3)
        .Add(DicomTag.SamplesPerPixel, (ushort)1)
        .Add(DicomTag.PhotometricInterpretation, "MONOCHROME2")
        .Add(DicomTag.BitsAllocated, (ushort)16)
        .Add(DicomTag.BitsStored, (ushort)12)
        .Add(DicomTag.HighBit, (ushort)11)
        .Add(DicomTag.PixelRepresentation, (ushort)0);

    /// <summary>At least one element of each VR, nested sequences, a private block, and an empty value.</summary>
    internal static DicomDataset EveryVr(DicomTransferSyntax syntax)
    {
        var inner = new DicomDataset { { DicomTag.CodeValue, "T-A0100" }, { DicomTag.CodeMeaning, "Brain" } };
        var outer = new DicomDataset(new DicomSequence(DicomTag.AnatomicRegionModifierSequence, inner, new DicomDataset()));
        return Image(syntax)
            .Add(DicomTag.SpecificCharacterSet, "ISO_IR 192")
            .Add(DicomTag.PatientName, "Müller^Jürgen=山田^太郎")
            .Add(DicomTag.PatientAge, "042Y")
            .Add(DicomTag.StationAETitle, "SCANNER")
            .Add(DicomTag.StudyDate, new DateTime(2024, 2, 29))
            .Add(DicomTag.StudyTime, "101112.5")
            .Add(DicomTag.AcquisitionDateTime, "20240229101112.500000")
            .Add(DicomTag.ImageOrientationPatient, 1m, 0m, 0m, 0m, 0.5m, -0.8660254m)
            .Add(DicomTag.SeriesNumber, 7)
            .Add(DicomTag.ImageType, "ORIGINAL", "PRIMARY", "AXIAL")
            .Add(DicomTag.StudyDescription, "Kopf, nüchtern")
            .Add(DicomTag.AccessionNumber, string.Empty)
            .Add(DicomTag.PatientComments, "one\r\ntwo \\ three")
            .Add(DicomTag.InstitutionAddress, "Somewhere 1")
            .Add(DicomTag.LongCodeValue, "a long code")
            .Add(DicomTag.URNCodeValue, "urn:oid:1.2.3")
            .Add(DicomTag.LabelText, "unlimited text")
            .Add(DicomTag.FrameIncrementPointer, DicomTag.FrameTime, DicomTag.FrameTimeVector)
            .Add(DicomTag.ReferencePixelX0, -5)
            .Add(DicomTag.TagAngleSecondAxis, (short)-3)
            .Add(DicomTag.SimpleFrameList, 1u, 2u, 4_000_000_000u)
            .Add(DicomTag.SelectorFLValue, 1.5f, float.MinValue)
            .Add(DicomTag.RealWorldValueSlope, Math.PI)
            .Add(new DicomOtherFloat(DicomTag.FloatPixelData, 1f, 2f))
            .Add(new DicomOtherDouble(DicomTag.DoubleFloatPixelData, 3d))
            .Add(new DicomOtherLong(DicomTag.LongPrimitivePointIndexList, 9u, 8u))
            .Add(new DicomOtherVeryLong(DicomTag.ExtendedOffsetTable, 1ul << 40))
            .Add(new DicomSignedVeryLong(DicomTag.SelectorSVValue, long.MinValue, 5))
            .Add(new DicomUnsignedVeryLong(DicomTag.SelectorUVValue, ulong.MaxValue))
            .Add(new DicomOtherByte(DicomTag.ICCProfile, 1, 2, 3, 4))
            .Add(new DicomOtherWord(DicomTag.PixelData, 1, 2, 3, 4, 5, 0xfffe))
            .Add(new DicomUnknown(DicomTag.SelectorUNValue, 5, 6))
            .Add(new DicomLongString(PrivateValue, "private"))
            .Add(new DicomSequence(DicomTag.AnatomicRegionSequence, outer));
    }

    internal static void AssertEveryVr(DicomDataset d)
    {
        Assert.Equal("Müller^Jürgen=山田^太郎", d.GetString(DicomTag.PatientName));
        Assert.Equal("Jürgen", d.GetDicomItem<DicomPersonName>(DicomTag.PatientName).First);
        Assert.Equal("042Y", d.GetSingleValue<string>(DicomTag.PatientAge));
        Assert.Equal(new DateTime(2024, 2, 29, 10, 11, 12, 500), d.GetDateTime(DicomTag.StudyDate, DicomTag.StudyTime));
        Assert.Equal(new DateTime(2024, 2, 29, 10, 11, 12, 500), d.GetSingleValue<DateTime>(DicomTag.AcquisitionDateTime));
        Assert.Equal([1, 0, 0, 0, 0.5, -0.8660254], d.GetValues<double>(DicomTag.ImageOrientationPatient));
        Assert.Equal(7, d.GetSingleValue<int>(DicomTag.SeriesNumber));
        Assert.Equal(["ORIGINAL", "PRIMARY", "AXIAL"], d.GetValues<string>(DicomTag.ImageType));
        Assert.Equal("Kopf, nüchtern", d.GetSingleValue<string>(DicomTag.StudyDescription));
        Assert.Equal(0, d.GetValueCount(DicomTag.AccessionNumber));
        Assert.Equal("one\r\ntwo \\ three", d.GetSingleValue<string>(DicomTag.PatientComments));
        Assert.Equal("a long code", d.GetSingleValue<string>(DicomTag.LongCodeValue));
        Assert.Equal("urn:oid:1.2.3", d.GetSingleValue<string>(DicomTag.URNCodeValue));
        Assert.Equal("unlimited text", d.GetSingleValue<string>(DicomTag.LabelText));
        Assert.Equal([DicomTag.FrameTime, DicomTag.FrameTimeVector], d.GetValues<DicomTag>(DicomTag.FrameIncrementPointer));
        Assert.Equal(-5, d.GetSingleValue<int>(DicomTag.ReferencePixelX0));
        Assert.Equal(-3, d.GetSingleValue<short>(DicomTag.TagAngleSecondAxis));
        Assert.Equal([1u, 2u, 4_000_000_000u], d.GetValues<uint>(DicomTag.SimpleFrameList));
        Assert.Equal([1.5f, float.MinValue], d.GetValues<float>(DicomTag.SelectorFLValue));
        Assert.Equal(Math.PI, d.GetSingleValue<double>(DicomTag.RealWorldValueSlope));
        Assert.Equal([1f, 2f], d.GetValues<float>(DicomTag.FloatPixelData));
        Assert.Equal([3d], d.GetValues<double>(DicomTag.DoubleFloatPixelData));
        Assert.Equal([9u, 8u], d.GetValues<uint>(DicomTag.LongPrimitivePointIndexList));
        Assert.Equal([1ul << 40], d.GetValues<ulong>(DicomTag.ExtendedOffsetTable));
        Assert.Equal([long.MinValue, 5], d.GetValues<long>(DicomTag.SelectorSVValue));
        Assert.Equal([ulong.MaxValue], d.GetValues<ulong>(DicomTag.SelectorUVValue));
        Assert.Equal([1, 2, 3, 4], d.GetValues<byte>(DicomTag.ICCProfile));
        Assert.Equal([1, 2, 3, 4, 5, 0xfffe], d.GetValues<ushort>(DicomTag.PixelData));
        Assert.Equal([5, 6], d.GetDicomItem<DicomElement>(DicomTag.SelectorUNValue).Buffer.Data);
        var privateItem = d.GetDicomItem<DicomElement>(PrivateValue);
        Assert.Equal(0x1001, privateItem.Tag.Element);
        Assert.Equal("private", System.Text.Encoding.ASCII.GetString(privateItem.Buffer.Data).TrimEnd());
        var region = d.GetSequence(DicomTag.AnatomicRegionSequence).Items.Single().GetSequence(DicomTag.AnatomicRegionModifierSequence);
        Assert.Equal("Brain", region.Items[0].GetString(DicomTag.CodeMeaning));
        Assert.Empty(region.Items[1]);
        Assert.Equal(d.Select(i => i.Tag), d.Select(i => i.Tag).Order());
    }
}
