using MedGan.Jobs.Images.Folders;

namespace MedGan.Jobs.Tests.Images.Folders;

public sealed class NamesTests
{
    [Fact]
    public void NaturalOrder_DigitsInNames_CompareAsNumbers()
    {
        string[] names = ["b", "a10", "a2", "a02", "a2b", "a", "a/1", "A1", "a99999999999999999999999", "a100000000000000000000000"];
        Assert.Equal(["A1", "a", "a/1", "a02", "a2", "a2b", "a10", "a99999999999999999999999", "a100000000000000000000000", "b"], names.Order(NaturalOrder.Instance));
    }

    [Theory]
    [InlineData("CT/case33_slice021.png", "case33")]
    [InlineData("sub-01_T1w.nii.gz", "sub-01")]
    [InlineData("sub-01.nii.gz", "sub-01")]
    [InlineData("IXI002-Guys-0828-T1.nii.gz", "IXI002")]
    [InlineData("ct1613.png", "ct1613")]
    [InlineData("pituitary_tumor/p (112).jpg", "p (112)")]
    [InlineData("m3_(89).jpg", "m3_(89)")]
    [InlineData("mr_001.jpeg", "mr_001")]
    [InlineData("1BA001/ct.nii.gz", "1BA001")]
    [InlineData("brain/1BA001/t1.nii", "1BA001")]
    [InlineData("brain/ct.nii", "ct")]
    public void PatientNames_WithoutATable_ComeFromTheFilesName(string path, string patient)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(patient, PatientNames.Of(folder.Path, null).Of(path));
    }

    [Fact]
    public void PatientNames_Table_HasTheLastWord()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("patients.csv"), "\uFEFFpatient, file\r\nA, x/1.png\r\n\"B, the \"\"second\"\"\",x/2\r\n\r\nC,gone.png\r\n");
        var names = PatientNames.Of(folder.Path, null);
        Assert.True(names.FromTable);
        Assert.Equal("A", names.Of("x/1.png"));
        Assert.Equal("B, the \"second\"", names.Of("x/2.jpg"));
        Assert.Null(names.Of("x/3.png"));
        Assert.Equal(["gone"], names.Unused);
    }

    [Theory]
    [InlineData("name,patient\n1.png,A\n", "columns file and patient")]
    [InlineData("", "columns file and patient")]
    [InlineData("file,patient\n1.png\n", "row 2 lacks")]
    [InlineData("file,patient\n1.png,A\n1.jpg,B\n", "row 3 names 1.jpg a second time")]
    public void PatientNames_WrongTable_IsRefusedWithTheRow(string table, string reason)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("patients.csv"), table);
        Assert.Contains(reason, Assert.Throws<ImageFolderException>(() => PatientNames.Of(folder.Path, null)).Message);
    }
}
