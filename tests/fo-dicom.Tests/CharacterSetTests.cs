using System.Text;
using FellowOakDicom;
using FellowOakDicom.IO.Buffer;

namespace FoDicom.Tests;

/// <summary>The worked examples of PS3.5 annexes H to K, and one text for each single-byte set.</summary>
public class CharacterSetTests
{
    public static TheoryData<string, string, string> Names => new()
    {
        { "ISO_IR 100", "Buc^J\u00e9r\u00f4me", "Buc^J\u00e9r\u00f4me" },
        { "\\ISO 2022 IR 87", "Yamada^Tarou=\u001b$B;3ED\u001b(B^\u001b$BB@O:\u001b(B=\u001b$B$d$^$@\u001b(B^\u001b$B$?$m$&\u001b(B", "Yamada^Tarou=山田^太郎=やまだ^たろう" },
        { "ISO 2022 IR 13\\ISO 2022 IR 87", "\u00d4\u00cf\u00c0\u00de^\u00c0\u00db\u00b3=\u001b$B;3ED\u001b(J^\u001b$BB@O:\u001b(J=\u001b$B$d$^$@\u001b(J^\u001b$B$?$m$&\u001b(J", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう" },
        { "\\ISO 2022 IR 149", "Hong^Gildong=\u001b$)C\u00fb\u00f3^\u001b$)C\u00d1\u00ce\u00d4\u00d7=\u001b$)C\u00c8\u00ab^\u001b$)C\u00b1\u00e6\u00b5\u00bf", "Hong^Gildong=洪^吉洞=홍^길동" },
        { "\\ISO 2022 IR 58", "Zhang^XiaoDong=\u001b$)A\u00d5\u00c5^\u001b$)A\u00d0\u00a1\u00b6\u00ab", "Zhang^XiaoDong=张^小东" },
        { "ISO 2022 IR 87", "Yamada=\u001b$B;3ED\u001b(B", "Yamada=山田" },
        { "GB18030", "Wang^XiaoDong=\u00cd\u00f5^\u00d0\u00a1\u00b6\u00ab", "Wang^XiaoDong=王^小东" },
        { "\\ISO 2022 IR 159", "A=\u001b$(D0!\u001b(B", "A=丂" },
        { "ISO 2022 IR 100\\ISO 2022 IR 144", "J\u00e9r\u00f4me=\u001b-L\u00bb\u00ee\u00da", "Jérôme=Люк" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void PersonName_IsDecoded(string charset, string bytes, string expected) =>
        Assert.Equal(expected, Name(charset, Encoding.Latin1.GetBytes(bytes)).Get<string>());

    [Theory]
    [MemberData(nameof(Names))]
    public void PersonName_IsEncodedSoThatItReadsBack(string charset, string bytes, string expected)
    {
        var dataset = Samples.Image(DicomTransferSyntax.ExplicitVRLittleEndian);
        dataset.Add(DicomTag.SpecificCharacterSet, charset.Split('\\')).Add(DicomTag.PatientName, expected).Add(DicomTag.PatientAge, "001D");

        var read = DicomFile.Open(RoundTripTests.Saved(dataset, null)).Dataset;

        Assert.Equal(expected, read.GetString(DicomTag.PatientName));
        // Every byte that needs an escape sequence has one: what decoders see first is the initial set.
        Assert.Equal(bytes.Contains('\u001b'), read.GetDicomItem<DicomElement>(DicomTag.PatientName).Buffer.Data.Contains((byte)0x1b));
    }

    [Theory]
    [InlineData("ISO_IR 101", "Świętosława")]
    [InlineData("ISO_IR 109", "Ħaġar")]
    [InlineData("ISO_IR 110", "Jānis")]
    [InlineData("ISO_IR 144", "Люксембург")]
    [InlineData("ISO_IR 127", "قباني")]
    [InlineData("ISO_IR 126", "Διονυσιος")]
    [InlineData("ISO_IR 138", "שרון")]
    [InlineData("ISO_IR 148", "Çavuşoğlu")]
    [InlineData("ISO_IR 166", "นามสกุล")]
    [InlineData("ISO_IR 13", "ﾔﾏﾀﾞ")]
    [InlineData("ISO_IR 192", "山田 Ωmega €")]
    [InlineData("GBK", "王小东")]
    public void Text_SurvivesItsCharacterSet(string charset, string text)
    {
        var dataset = Samples.Image(DicomTransferSyntax.ImplicitVRLittleEndian);
        dataset.Add(DicomTag.SpecificCharacterSet, charset).Add(DicomTag.AdmittingDiagnosesDescription, text, "second")
            .Add(new DicomSequence(DicomTag.ProcedureCodeSequence, new DicomDataset { { DicomTag.CodeMeaning, text } }));

        var read = DicomFile.Open(RoundTripTests.Saved(dataset, null)).Dataset;

        Assert.Equal([text, "second"], read.GetValues<string>(DicomTag.AdmittingDiagnosesDescription));
        Assert.Equal(text, read.GetSequence(DicomTag.ProcedureCodeSequence).Items[0].GetString(DicomTag.CodeMeaning));
    }

    [Fact]
    public void BackslashWithinATwoByteCharacter_IsNoDelimiter()
    {
        byte[] bytes = [0x8a, (byte)'\\'];

        var element = new DicomLongString(DicomTag.StudyDescription, [DicomEncoding.GetEncoding("GBK")], new MemoryByteBuffer(bytes));

        Assert.Equal(1, element.Count);
        Assert.Single(element.Get<string>());
    }

    [Fact]
    public void ChangedCharacterSet_EncodesAnewWhatWasRead()
    {
        var dataset = Samples.Image(DicomTransferSyntax.ExplicitVRLittleEndian)
            .Add(DicomTag.SpecificCharacterSet, "ISO_IR 100").Add(DicomTag.PatientName, "Müller");
        var read = DicomFile.Open(RoundTripTests.Saved(dataset, null)).Dataset;
        Assert.Equal("M\u00fcller"u8.Length - 1, Encoding.Latin1.GetString(read.GetDicomItem<DicomElement>(DicomTag.PatientName).Buffer.Data).Length);

        read.AddOrUpdate(DicomTag.SpecificCharacterSet, "ISO_IR 192");
        var again = DicomFile.Open(RoundTripTests.Saved(read, null)).Dataset;

        Assert.Equal("Müller", again.GetString(DicomTag.PatientName));
        Assert.Equal("Müller"u8.ToArray(), again.GetDicomItem<DicomElement>(DicomTag.PatientName).Buffer.Data[..7]);
    }

    private static DicomPersonName Name(string charset, byte[] bytes) =>
        new(DicomTag.PatientName, DicomEncoding.GetEncodings(charset.Split('\\')), new MemoryByteBuffer(bytes));
}
