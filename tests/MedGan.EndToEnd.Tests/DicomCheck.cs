using MedGan.Testing;
using Xunit;

namespace MedGan.EndToEnd.Tests;

/// <summary>
/// Checks written objects with programs that are not ours. Debian 12's dciodvfy is older than Synthetic Data (0008,001C), which
/// every synthetic object must carry: the one line in which it calls this tag unknown does not count.
/// </summary>
internal static class DicomCheck
{
    private const string UnknownSyntheticData = "Error - Attribute with an even group number is not a recognized standard attribute - (0x0008,0x001c)";

    private const string Pydicom = """
        import sys, pydicom
        for path in sys.argv[1:]:
            d = pydicom.dcmread(path)
            assert d[0x0008, 0x001C].value == 'YES', path + ': Synthetic Data'
            assert d.PatientIdentityRemoved == 'YES', path
            assert d.ImageType[0] == 'DERIVED', path
            assert d.file_meta.ImplementationVersionName == 'MEDGAN_0_1', path
            assert d.pixel_array.shape == (d.Rows, d.Columns), path
        """;

    public static async Task EveryFileIsValidAsync(string[] files, CancellationToken ct)
    {
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var (_, output, error) = await BuiltProgram.RunAsync("dciodvfy", [file], ct);
            var problems = (output + error).Split('\n').Where(line => line.StartsWith("Error", StringComparison.Ordinal) && !line.StartsWith(UnknownSyntheticData, StringComparison.Ordinal)).ToList();
            Assert.True(problems.Count == 0, $"{file}: {string.Join("; ", problems)}");
            Assert.Equal(0, (await BuiltProgram.RunAsync("dcmdump", ["-q", file], ct)).Code);
        }
        var (code, _, trace) = await BuiltProgram.RunAsync("/usr/bin/python3", ["-c", Pydicom, .. files], ct);
        Assert.True(code == 0, trace);
    }
}
