using System.Text.RegularExpressions;
using MedGan.Api.CommandLine;
using MedGan.Api.Tests.Fixtures;
using Xunit;

namespace MedGan.Api.Tests.CommandLine;

/// <summary>docs/operations.md names every setting that the programs read.</summary>
public sealed partial class DocumentedSettingsTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md"));

    public static TheoryData<string> Named() => [.. Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .SelectMany(path => Setting().Matches(File.ReadAllText(path)).Select(m => m.Value)).Where(name => name.Count(c => c == ':') >= 2).Distinct().Order(StringComparer.Ordinal)];

    public static TheoryData<string, string> Bound()
    {
        var data = new TheoryData<string, string>();
        foreach (var part in typeof(ServiceSettings).GetProperties())
            foreach (var setting in part.PropertyType.GetProperties().Where(p => p.CanWrite))
                data.Add(part.Name, setting.Name);
        return data;
    }

    [Theory]
    [MemberData(nameof(Named))]
    public void SettingThatAMessageNames_IsDocumented(string name)
    {
        var (section, last) = (name[..name.LastIndexOf(':')], name[name.LastIndexOf(':')..]);
        Assert.Contains(Page.Split('\n'), line => line.StartsWith("| `" + section, StringComparison.Ordinal) && line.Contains(last + "`", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Bound))]
    public void SettingThatIsBound_IsDocumented(string section, string name) =>
        Assert.Contains(Page.Split('\n'), line => line.StartsWith($"| `MedGan:{section}:", StringComparison.Ordinal) && line.Contains($":{name}`", StringComparison.Ordinal));

    [GeneratedRegex("MedGan:[A-Z][A-Za-z0-9]*(:[A-Z][A-Za-z0-9]*)*")]
    private static partial Regex Setting();
}
