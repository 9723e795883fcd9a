using System.Diagnostics;
using FellowOakDicom;
using MedGan.Testing;

namespace FoDicom.Tests;

public class PublicSurfaceTests
{
    [Fact]
    public async Task StandIn_HasNoPublicMember_ThatTheOfficialPackageLacks()
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        Assert.SkipUnless(typeof(DicomFile).Assembly.GetManifestResourceNames().Contains("tags.tsv"), "This is the official package");
        var shared = Path.GetDirectoryName(SharedData.Root!)!;
        var tool = Directory.CreateTempSubdirectory("public-api-fo-dicom").FullName;
        try
        {
            await CheckAsync(shared, tool);
        }
        finally
        {
            Directory.Delete(tool, recursive: true);
        }
    }

    private static async Task CheckAsync(string shared, string tool)
    {
        var (built, log) = await Dotnet("build", Path.Combine(shared, "tools", "public-api", "public-api.csproj"), "--artifacts-path", tool, "-v", "q", "--nologo");
        Assert.True(built == 0, log);
        var dll = Directory.GetFiles(Path.Combine(tool, "bin"), "public-api.dll", SearchOption.AllDirectories).First();
        var (exit, extra) = await Dotnet(dll, "check", typeof(DicomFile).Assembly.Location, Path.Combine(shared, "reference", "api", "fo-dicom-5.1.3.txt"));

        Assert.True(exit == 0, extra);
    }

    private static async Task<(int ExitCode, string Output)> Dotnet(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
