using System.Diagnostics;
using System.Text;
using FellowOakDicom;
using MedGan.Testing;
using Xunit;

namespace MedGan.Tests.Privacy.Deidentification;

/// <summary>Real files from the shared folder: nothing of their headers comes out, and the standard's own checker finds no new error.</summary>
public sealed class RealSeriesTests
{
    public static TheoryData<string> Files =>
    [
        "dicom_series/CT_GE_HiSpeed_head/14.dcm", "dicom_series/MR_T1w_axial/N2D_0200.dcm", "deid/ms-anon/CommandLineTool.UnitTests/DicomFiles/I290.dcm",
        "deid/ms-anon/CommandLineTool.UnitTests/DicomFiles/I341.dcm",
    ];

    [Theory]
    [MemberData(nameof(Files))]
    [InlineData("deid/ms-anon/CommandLineTool.UnitTests/DicomFiles/privateTag.dcm")]
    public void Deidentifier_RealFile_LeaksNoTextDateOrUid(string name)
    {
        var file = Open(name);
        string result = Encoding.Latin1.GetString(Deidentified.Bytes(file));
        var words = Texts(file.Dataset).ToHashSet();
        Assert.True(words.Count > 3);
        Assert.All(words, word => Assert.DoesNotContain(word, result, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Deidentifier_RealFile_GetsNoNewErrorFromDciodvfy(string name)
    {
        const string tool = "/usr/bin/dciodvfy";
        var file = Open(name);
        Assert.SkipUnless(File.Exists(tool), "dciodvfy (dicom3tools) is not installed");
        string folder = Directory.CreateTempSubdirectory("medgan-privacy").FullName;
        try
        {
            string path = Path.Combine(folder, "result.dcm");
            File.WriteAllBytes(path, Deidentified.Bytes(file));
            Assert.Empty(Errors(tool, path).Except(Errors(tool, SharedData.Path(name.Split('/')))));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Deidentifier_RealMr_GivesJaneDoeAPseudonymAndNoBirthDate()
    {
        var file = Open("dicom_series/MR_T1w_axial/N2D_0200.dcm");
        var result = Deidentified.Dataset(file);
        Assert.StartsWith("MG-", result.Text(0x00100010), StringComparison.Ordinal);
        Assert.Equal("", result.Text(0x00100030));
        Assert.NotEqual("20130717", result.Text(0x00080020));
        Assert.Equal(file.Dataset.GetValues<ushort>(DicomTag.PixelData), result.GetValues<ushort>(DicomTag.PixelData));
        Assert.Equal(file.Dataset.GetString(DicomTag.ImagePositionPatient), result.GetString(DicomTag.ImagePositionPatient));
    }

    private static DicomFile Open(string name)
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        return DicomFile.Open(SharedData.Path(name.Split('/')), FileReadOption.ReadAll);
    }

    /// <summary>Every text of six letters and more, date and UID that is no standard one, in every sequence. The manufacturer may stay.</summary>
    private static IEnumerable<string> Texts(DicomDataset dataset)
    {
        string[] vrs = ["LO", "SH", "PN", "ST", "LT", "UT", "DA", "DT", "UI", "AE", "UC", "UR"];
        foreach (var item in dataset)
        {
            if (item.Tag == DicomTag.DeidentificationMethodCodeSequence) continue; // codes of the standard, which ours names too
            if (item is DicomSequence sequence)
                foreach (string text in sequence.Items.SelectMany(Texts)) yield return text;
            if (item is not DicomElement element || item.Tag == DicomTag.Manufacturer || !vrs.Contains(item.ValueRepresentation.Code)) continue;
            foreach (string text in element.Get<string[]>().Select(value => value.Trim()))
                if (text.Length >= 6 && !text.StartsWith("1.2.840.10008.", StringComparison.Ordinal)) yield return text;
        }
    }

    private static HashSet<string> Errors(string tool, string path)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, [path]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        string text = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return [.. text.Split('\n').Where(line => line.StartsWith("Error", StringComparison.Ordinal)).Select(line => line.Trim())];
    }
}
