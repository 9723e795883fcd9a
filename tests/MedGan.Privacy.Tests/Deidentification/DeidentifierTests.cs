using System.Globalization;
using System.Text;
using FellowOakDicom;
using MedGan.Privacy.Deidentification;
using Xunit;

namespace MedGan.Tests.Privacy.Deidentification;

public sealed class DeidentifierTests
{
    [Fact]
    public void Deidentifier_WhatTheImageNeeds_StaysAsItWas()
    {
        var result = Deidentified.Dataset(RawDicom.Slice());
        Assert.Equal(@"-125.0000000\-123.5404569\60.6960586", result.Text(0x00200032));
        Assert.Equal(@"1\0\0\0\0.9483237\-0.3173047", result.Text(0x00200037));
        Assert.Equal(@"0.4882812\0.4882812", result.Text(0x00280030));
        Assert.Equal(("-1024", "1", "4.5", "12"), (result.Text(0x00281052), result.Text(0x00281053), result.Text(0x00180050), result.Text(0x00200013)));
        Assert.Equal(("SIEMENS", "CT", @"ORIGINAL\PRIMARY\AXIAL"), (result.Text(0x00080070), result.Text(0x00080060), result.Text(0x00080008)));
        Assert.Equal(RawDicom.Slice().Open().Dataset.GetValues<ushort>(DicomTag.PixelData), result.GetValues<ushort>(DicomTag.PixelData));
    }

    [Fact]
    public void Deidentifier_Afterwards_SaysWhatWasDone()
    {
        var result = Deidentified.Dataset(RawDicom.Slice().Text(0x00280301, "CS", "NO"));
        Assert.Equal(("YES", "MODIFIED", "ISO_IR 192"), (result.Text(0x00120062), result.Text(0x00280303), result.Text(0x00080005)));
        Assert.Equal(["113100", "113107"], result.GetSequence(DicomTag.DeidentificationMethodCodeSequence).Select(code => code.Text(0x00080100)));
        Assert.NotEqual("", result.Text(0x00120063));
        Assert.False(result.Contains(DicomTag.BurnedInAnnotation)); // nobody has looked at the pixels here
    }

    [Fact]
    public void Deidentifier_PersonalAttributes_AreEmptiedOrRemoved()
    {
        var result = Deidentified.Dataset(RawDicom.Slice());
        Assert.Equal(("", ""), (result.Text(0x00100030), result.Text(0x00100040)));
        Assert.Equal("", result.Text(0x00080030)); // Study Time has type 2
        foreach (uint tag in new uint[] { 0x00101010, 0x00081030 }) Assert.Equal("(absent)", result.Text(tag));
        Assert.StartsWith("MG-", result.Text(0x00100020), StringComparison.Ordinal);
        Assert.Equal(result.Text(0x00100020), result.Text(0x00100010));
    }

    [Fact]
    public void Deidentifier_Dates_MoveTogetherByOneToTenYears()
    {
        var shifts = new HashSet<int>();
        for (int patient = 0; patient < 50; patient++)
        {
            var result = Deidentified.Dataset(RawDicom.Slice(patient: $"P{patient}"));
            int Shift(uint tag, string original) => Day(original) - Day(result.Text(tag));
            int shift = Shift(0x00080020, "20240229");
            Assert.InRange(shift, 1, 3650);
            Assert.Equal(shift, Shift(0x00080021, "20240301"));
            Assert.Equal(shift, Shift(0x0008002A, "20240302"));
            shifts.Add(shift);
        }
        Assert.True(shifts.Count > 40);

        static int Day(string date) => DateOnly.ParseExact(date, "yyyyMMdd", CultureInfo.InvariantCulture).DayNumber;
    }

    [Theory]
    [InlineData("2024")]
    [InlineData("20241399")]
    [InlineData("00010101")]
    [InlineData("yesterday")]
    [InlineData("20240101-20240202")]
    public void Deidentifier_DateThatCannotBeMoved_IsNotKept(string date)
    {
        string result = Deidentified.Dataset(RawDicom.Slice().Text(0x00080020, "DA", date)).Text(0x00080020);
        Assert.DoesNotContain(date, result, StringComparison.Ordinal);
        Assert.True(result.Length is 0 or 8);
    }

    [Fact]
    public void Deidentifier_SamePatientUploadedTwice_GetsTheSameNamesUidsAndDates()
    {
        byte[] first = Deidentified.Bytes(RawDicom.Slice().Open()), again = Deidentified.Bytes(RawDicom.Slice().Open());
        Assert.Equal(first, again);
        // A second study of the same patient, of another modality: same pseudonym and shift, related UIDs related still.
        var ct = Deidentified.Dataset(RawDicom.Slice());
        var mr = Deidentified.Dataset(RawDicom.Slice("1.2.840.10008.5.1.4.1.1.4").Text(0x0020000E, "UI", "1.2.3.4.7").Text(0x00080018, "UI", "1.2.3.4.7.1").Text(0x00100020, "LO", "PAT-4711 "));
        foreach (uint same in new uint[] { 0x00100020, 0x00080020, 0x0020000D, 0x00200052 }) Assert.Equal(ct.Text(same), mr.Text(same));
        Assert.NotEqual(ct.Text(0x0020000E), mr.Text(0x0020000E));
        Assert.NotEqual(ct.Text(0x00080018), mr.Text(0x00080018));
    }

    [Fact]
    public void Deidentifier_OtherProject_GivesUnrelatedPseudonyms()
    {
        var key = PseudonymKey.Create();
        var one = Deidentified.Dataset(RawDicom.Slice(), key.ForProject("one"));
        var two = Deidentified.Dataset(RawDicom.Slice(), key.ForProject("two"));
        foreach (uint tag in new uint[] { 0x00100020, 0x0020000D, 0x0020000E, 0x00080018, 0x00200052 }) Assert.NotEqual(one.Text(tag), two.Text(tag));
        Assert.Equal(one.Text(0x00100020), Deidentified.Dataset(RawDicom.Slice(), PseudonymKey.FromBytes(key.ToBytes()).ForProject("one")).Text(0x00100020));
    }

    [Fact]
    public void Deidentifier_NewUids_AreValidAndUnder225()
    {
        var result = Deidentified.Dataset(RawDicom.Slice());
        foreach (uint tag in new uint[] { 0x0020000D, 0x0020000E, 0x00080018, 0x00200052 })
        {
            string uid = result.Text(tag);
            Assert.StartsWith("2.25.", uid, StringComparison.Ordinal);
            Assert.True(uid.Length <= 44 && DicomUID.IsValidUid(uid), uid);
        }
        Assert.Equal("1.2.840.10008.5.1.4.1.1.2", result.Text(0x00080016));
    }

    [Fact]
    public void Deidentifier_PatientWithoutIdentifier_IsOnePatientInAllStudiesByNameAndBirthDate()
    {
        string Patient(string name, string born, string study) => Deidentified.Dataset(RawDicom.Slice(patient: "")
            .Text(0x00100010, "PN", name).Text(0x00100030, "DA", born).Text(0x0020000D, "UI", study)).Text(0x00100020);
        string erika = Patient("Muster^Erika", "19390412", "1.2.3.4.5");
        Assert.Equal(erika, Patient("MUSTER^ERIKA^^", "19390412", "1.2.3.4.77"));
        Assert.NotEqual(erika, Patient("Muster^Erika", "19390413", "1.2.3.4.5"));
        Assert.NotEqual(erika, Patient("Muster^Max", "19390412", "1.2.3.4.5"));
        Assert.Equal(Patient("Muster^Erika", "", "1.2.3.4.5"), Patient("Muster^Erika", "", "1.2.3.4.77"));
    }

    [Fact]
    public void Deidentifier_PatientWithoutIdentifierNameAndBirthDate_IsToldApartByStudy()
    {
        RawDicom Nobody() => RawDicom.Slice(patient: "").Text(0x00100010, "PN", "^").Without(0x00100030);
        var one = Deidentified.Dataset(Nobody());
        var two = Deidentified.Dataset(Nobody().Text(0x0020000D, "UI", "1.2.3.4.77"));
        Assert.NotEqual(one.Text(0x00100020), two.Text(0x00100020));
    }

    [Fact]
    public void Deidentifier_CharacterSets_AreReadForThePatientAndNotWritten()
    {
        var latin = RawDicom.Slice(patient: "MÜLLER").Text(0x00080005, "CS", "ISO_IR 100");
        var unicode = RawDicom.Slice().Text(0x00080005, "CS", "ISO_IR 192").Bytes(0x00100020, "LO", Encoding.UTF8.GetBytes("MÜLLER"));
        Assert.Equal(Deidentified.Dataset(latin).Text(0x00100020), Deidentified.Dataset(unicode).Text(0x00100020));
        Assert.Equal("ISO_IR 192", Deidentified.Dataset(latin).Text(0x00080005));
    }

    [Theory]
    [InlineData(0, 0x3F)] // unsigned: the two unused bits become 0
    [InlineData(1, 0xFF)] // signed: they repeat the sign bit, which is set in the pixels below
    public void Deidentifier_UnusedBitsOfEightBitPixels_HoldNothingOfTheOriginal(ushort signed, byte expected)
    {
        byte[] pixels = [.. Enumerable.Range(0, 16).Select(i => (byte)(i % 4 << 6 | 0x3F))]; // an overlay in the unused bits
        var file = RawDicom.Slice().Us(0x00280100, 8).Us(0x00280101, 6).Us(0x00280102, 5).Us(0x00280103, signed).Bytes(0x7FE00010, "OB", pixels);
        Assert.Equal(Enumerable.Repeat(expected, 16), Deidentified.Dataset(file).GetValues<byte>(DicomTag.PixelData));
    }

    [Fact]
    public void Deidentifier_Original_IsNotChanged()
    {
        var file = RawDicom.Slice().Sequence(0x00189321, new RawDicom().Text(0x00189328, "FD", "12345678").Text(0x00100010, "PN", "Muster^Erika")).Open();
        byte[] Saved() { using var s = new MemoryStream(); file.Save(s); return s.ToArray(); }
        byte[] before = Saved();
        Deidentified.Bytes(file);
        Assert.Equal(before, Saved());
    }

    [Fact]
    public void Deidentifier_UnknownTermsInImageType_AreReplacedInTheirPlace() =>
        Assert.Equal(@"DERIVED\PRIMARY\OTHER\MPR", Deidentified.Dataset(RawDicom.Slice().Text(0x00080008, "CS", @"DERIVED\PRIMARY\SMITH\MPR")).Text(0x00080008));

    [Fact]
    public void Deidentifier_Actions_AreCounted()
    {
        var instance = new Deidentifier(Deidentified.Key).Apply(RawDicom.Slice().Text(0x00091001, "LO", "x").Open());
        Assert.Equal((1, 4, 3), (instance.Actions["private"], instance.Actions["uid"], instance.Actions["date"]));
        Assert.Equal(("CT", "1.2.840.10008.1.2.1"), (instance.Modality, instance.TransferSyntaxUid));
    }

    [Fact]
    public void Deidentifier_OtherSopClasses_AreRefusedByNameWithoutQuotingThem()
    {
        foreach (string sopClass in new[] { "1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.104.1", "1.2.3.4.5", "" })
        {
            var rejection = Deidentified.Rejection(RawDicom.Slice(sopClass));
            Assert.Equal((RejectReason.UnsupportedSopClass, (ushort)0x0122), (rejection.Reason, rejection.FailureReason));
            if (sopClass.Length > 0) Assert.DoesNotContain(sopClass, rejection.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Deidentifier_InstancesThatCannotBeTaken_AreRefusedWithTheReason()
    {
        Assert.Equal(RejectReason.BurnedInAnnotation, Deidentified.Rejection(RawDicom.Slice().Text(0x00280301, "CS", "YES")).Reason);
        Assert.Equal(RejectReason.Synthetic, Deidentified.Rejection(RawDicom.Slice().Text(0x0008001C, "CS", "YES")).Reason);
        Assert.Equal(RejectReason.MissingUid, Deidentified.Rejection(RawDicom.Slice().Without(0x0020000D)).Reason);
        Assert.Equal(RejectReason.MissingUid, Deidentified.Rejection(RawDicom.Slice().Text(0x00080018, "UI", "")).Reason);
        Assert.Equal(RejectReason.Truncated, Deidentified.Rejection(RawDicom.Slice().Without(0x7FE00010)).Reason);
        Assert.Equal(RejectReason.Truncated, Deidentified.Rejection(RawDicom.Slice().Bytes(0x7FE00010, "OW", new byte[30])).Reason);
        Assert.Equal(RejectReason.UnsupportedImage, Deidentified.Rejection(RawDicom.Slice().Us(0x00280002, 3)).Reason);
        Assert.Equal(RejectReason.UnsupportedImage, Deidentified.Rejection(RawDicom.Slice().Text(0x00280008, "IS", "2")).Reason);
        Assert.Equal(RejectReason.UnsupportedImage, Deidentified.Rejection(RawDicom.Slice().Us(0x00280102, 30)).Reason);
        Assert.Equal(RejectReason.TooLarge, Deidentified.Rejection(RawDicom.Slice().Us(0x00280010, 60000)).Reason);
        Assert.Equal(RejectReason.UnsupportedTransferSyntax, Deidentified.Rejection(RawDicom.Slice().Encapsulated("1.2.840.10008.1.2.4.90", new byte[8])).Reason);
        Assert.Equal(RejectReason.Truncated, Deidentified.Rejection(RawDicom.Slice().Encapsulated("1.2.840.10008.1.2.5", new byte[80])).Reason);
        Assert.Equal(RejectReason.Truncated, Deidentified.Rejection(RawDicom.Slice().Encapsulated("1.2.840.10008.1.2.4.70", [0xFF, 0xD8, 0xFF, 0xC4])).Reason);
    }

    [Fact]
    public void Deidentifier_SequencesWithoutEnd_AreRefused()
    {
        var nested = new RawDicom().Text(0x00189328, "DS", "1");
        for (int depth = 0; depth < 12; depth++) nested = new RawDicom().Sequence(0x00189321, nested);
        var file = RawDicom.Slice().Sequence(0x00189321, nested);
        Assert.Equal(RejectReason.NestedTooDeep, Deidentified.Rejection(file).Reason);
    }
}
