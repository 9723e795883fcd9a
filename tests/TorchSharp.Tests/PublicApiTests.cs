using MedGan.Testing;

namespace TorchSharp.Tests;

/// <summary>Code written against the stand-in compiles against the official package: nothing here is public that is not public there.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public async Task StandIn_IsASubsetOfTheOfficialPackage()
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        var ct = TestContext.Current.CancellationToken;
        var shared = Path.GetFullPath(SharedData.Path(".."));
        var folder = Directory.CreateTempSubdirectory("public-api").FullName;
        try
        {
            var build = await BuiltProgram.RunAsync("dotnet",
                ["build", Path.Combine(shared, "tools/public-api/public-api.csproj"), "--artifacts-path", folder, "-v", "q", "--nologo"], ct);
            Assert.True(build.Code == 0, build.Output + build.Error);
            var tool = Directory.GetFiles(Path.Combine(folder, "bin"), "public-api.dll", SearchOption.AllDirectories).Single();
            var check = await BuiltProgram.RunAsync("dotnet",
                [tool, "check", typeof(torch).Assembly.Location, Path.Combine(shared, "reference/api/TorchSharp-0.105.2.txt")], ct);
            Assert.True(check.Code == 0, check.Output + check.Error);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}
