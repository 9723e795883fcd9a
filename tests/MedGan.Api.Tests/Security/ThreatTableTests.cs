using System.Text.RegularExpressions;
using MedGan.Api.Tests.Fixtures;
using Xunit;

namespace MedGan.Api.Tests.Security;

/// <summary>SECURITY.md has a line of STRIDE for every stage of docs/data-flow.md, and each names tests that exist.</summary>
public sealed partial class ThreatTableTests
{
    private static readonly string[] Outside = ["Bus"];

    private static readonly HashSet<string> Classes = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .SelectMany(path => Class().Matches(File.ReadAllText(path)).Select(m => m.Groups[1].Value))];

    private static List<string[]> Rows() => [.. File.ReadAllLines(Path.Combine(Repository.Root, "SECURITY.md")).Where(line => Line().IsMatch(line))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    [Fact]
    public void EachLine_NamesTestsThatExist()
    {
        var rows = Rows();
        Assert.True(rows.Count >= 25, $"only {rows.Count} lines were found");
        Assert.All(rows, row =>
        {
            var named = Name().Matches(row[^1]).Select(m => m.Groups[1].Value).ToList();
            Assert.NotEmpty(named);
            Assert.All(named, name => Assert.True(Classes.Contains(name), $"there is no test class {name}"));
        });
    }

    [Fact]
    public void EveryStage_HasALine()
    {
        var stages = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "data-flow.md")).Select(line => Stage().Match(line)).Where(m => m.Success).Select(m => m.Groups[1].Value);
        var covered = Rows().Select(row => row[0]).ToHashSet();
        Assert.Empty(stages.Concat(Outside).Except(covered));
        Assert.Equal("DEIRST", string.Concat(Rows().Select(row => row[1]).Distinct().Order()));
    }

    [GeneratedRegex(@"^\| \w+ \| [STRIDE] \|")]
    private static partial Regex Line();

    [GeneratedRegex("`([A-Za-z0-9]+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"\bclass (\w+)")]
    private static partial Regex Class();

    [GeneratedRegex(@"^\| ([A-Z]\w+) \(`")]
    private static partial Regex Stage();
}
