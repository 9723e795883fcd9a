using System.Xml.Linq;
using MedGan.Api.Tests.Fixtures;
using Xunit;

namespace MedGan.Api.Tests.Security;

/// <summary>Who may use whom. The web process never holds torch or a native codec: what parses untrusted bytes is memory-safe code.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["MedGan.Dicom"] = ["fo-dicom"],
        ["MedGan.Models"] = ["TorchSharp"],
        ["MedGan.Privacy"] = ["fo-dicom", "MedGan.Dicom"],
        ["MedGan.Storage"] = ["fo-dicom", "MedGan.Privacy", "MedGan.Dicom"],
        ["MedGan.Operation"] = ["MedGan.Storage"],
        ["MedGan.Api"] = ["fo-dicom", "MedGan.Dicom", "MedGan.Privacy", "MedGan.Storage", "MedGan.Operation"],
        ["MedGan.Jobs"] = ["fo-dicom", "TorchSharp", "MedGan.Dicom", "MedGan.Models", "MedGan.Privacy", "MedGan.Storage", "MedGan.Operation"],
    };

    public static TheoryData<string> SourceProjects() =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(p => Path.GetFileNameWithoutExtension(p)!)];

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void Project_ReferencesOnlyWhatItMay(string project)
    {
        Assert.True(Allowed.ContainsKey(project), $"{project} is not in the table of allowed references");
        Assert.All(References(Path.Combine(Repository.Root, "src", project, $"{project}.csproj")), r => Assert.Contains(r, Allowed[project]));
    }

    [Fact]
    public void StandIns_ReferenceNothingOfOurs()
    {
        var standIns = Directory.GetFiles(Path.Combine(Repository.Root, "stand-ins"), "*.csproj", SearchOption.AllDirectories);
        Assert.NotEmpty(standIns);
        Assert.All(standIns, path => Assert.Empty(References(path)));
    }

    [Fact]
    public void Api_LoadsNeitherTorchNorWorkerCode()
    {
        var seen = new HashSet<string>();
        Follow("src/MedGan.Api/MedGan.Api.csproj", seen);
        Assert.Contains("MedGan.Storage", seen);
        Assert.DoesNotContain("TorchSharp", seen);
        Assert.DoesNotContain("MedGan.Models", seen);
        Assert.DoesNotContain("MedGan.Jobs", seen);
    }

    [Fact]
    public void Api_CallsNoNativeCode()
    {
        var sources = Directory.GetFiles(Path.Combine(Repository.Root, "src", "MedGan.Api"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
        Assert.All(sources, path =>
        {
            var text = File.ReadAllText(path);
            Assert.DoesNotContain("DllImport", text, StringComparison.Ordinal);
            Assert.DoesNotContain("LibraryImport", text, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe ", text, StringComparison.Ordinal);
        });
    }

    private static void Follow(string path, HashSet<string> seen)
    {
        foreach (var reference in References(Path.Combine(Repository.Root, path)).Where(seen.Add).ToList())
        {
            var project = Directory.GetFiles(Repository.Root, $"{reference}.csproj", SearchOption.AllDirectories).SingleOrDefault();
            if (project is not null)
            {
                Follow(Path.GetRelativePath(Repository.Root, project), seen);
            }
        }
    }

    private static IEnumerable<string> References(string path)
    {
        var xml = XDocument.Load(path);
        foreach (var (property, name) in new[] { ("UsesFoDicom", "fo-dicom"), ("UsesTorchSharp", "TorchSharp") })
        {
            if (xml.Descendants(property).Any(p => p.Value.Trim() == "true"))
            {
                yield return name;
            }
        }
        foreach (var reference in xml.Descendants("ProjectReference"))
        {
            yield return Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'));
        }
        foreach (var package in xml.Descendants("PackageReference").Select(p => p.Attribute("Include")!.Value).Where(p => p.StartsWith("TorchSharp", StringComparison.Ordinal) || p == "fo-dicom"))
        {
            yield return package;
        }
    }
}
