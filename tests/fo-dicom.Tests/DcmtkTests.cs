using System.Diagnostics;
using FellowOakDicom;
using FellowOakDicom.IO.Writer;

namespace FoDicom.Tests;

public class DcmtkTests
{
    public static TheoryData<string, bool> Forms => new()
    {
        { "1.2.840.10008.1.2", false }, { "1.2.840.10008.1.2.1", false }, { "1.2.840.10008.1.2.1", true },
        { "1.2.840.10008.1.2.2", false }, { "1.2.840.10008.1.2.1.99", false },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task WrittenFile_IsReadByDcmdump_WithoutAComplaint(string syntax, bool explicitLengths)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/dcmdump"), "dcmtk is not installed");
        var path = Path.GetTempFileName();
        try
        {
            new DicomFile(Samples.EveryVr(DicomTransferSyntax.Parse(syntax)))
                .Save(path, new DicomWriteOptions { ExplicitLengthSequences = explicitLengths, ExplicitLengthSequenceItems = explicitLengths });
            using var process = Process.Start(new ProcessStartInfo("/usr/bin/dcmdump", ["+U8", "-Un", path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.True(process.ExitCode == 0 && error.Length == 0, error);
            Assert.Contains("[Müller^Jürgen=山田^太郎]", await output);
            Assert.Contains("[Brain]", await output);
            Assert.Contains("-3", await output);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
