using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MedGan.Testing;

namespace MedGan.EndToEnd.Tests.Compose;

/// <summary>The Dockerfile builds what compose asks for, from what the repository has, with the packages that ./medgan installs.</summary>
internal static partial class DockerfileRules
{
    // What Microsoft lists for .NET on Debian 12, less ICU (globalization is invariant), tzdata (all times are UTC), and what every Debian has; curl is for the health checks.
    private static readonly string[] dotnet = ["ca-certificates", "curl", "libssl3", "libstdc++6"];

    private sealed record Stage(string Name, string From, List<string> Lines);

    public static IEnumerable<string> Problems(ComposeFolder folder)
    {
        var stages = Parse(folder);
        return Images(stages).Concat(Copies(stages)).Concat(Packages(stages)).Concat(stages.Where(s => s.Name is "build").SelectMany(Projects)).Concat(Builds(folder, stages));
    }

    private static IEnumerable<string> Images(List<Stage> stages)
    {
        foreach (var stage in stages)
        {
            var known = stages.TakeWhile(s => s != stage).Select(s => s.Name).ToList();
            var from = stage.From.Contains("${STACK}", StringComparison.Ordinal) ? new[] { "system", "nuget" }.Select(stack => stage.From.Replace("${STACK}", stack, StringComparison.Ordinal)) : [stage.From];
            foreach (var image in from.Where(image => !known.Contains(image) && !PinnedImage().IsMatch(image))) yield return $"Dockerfile: {image} is neither a stage nor a pinned image";
        }
    }

    private static IEnumerable<string> Copies(List<Stage> stages)
    {
        var ignored = File.ReadAllLines(Path.Combine(BuiltProgram.Root, "compose", "Dockerfile.dockerignore"));
        var sources = stages.SelectMany(s => s.Lines).Where(l => l.StartsWith("COPY ", StringComparison.Ordinal) && !l.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..^1]).ToList();
        foreach (var source in sources)
        {
            if (!Path.Exists(Path.Combine(BuiltProgram.Root, source))) yield return $"Dockerfile: it copies {source}, which is not there";
            if (!ignored.Any(line => line == "!" + source || (line == "!Directory.*" && source.StartsWith("Directory.", StringComparison.Ordinal)))) yield return $"Dockerfile: it copies {source}, which is ignored";
        }
    }

    private static IEnumerable<string> Packages(List<Stage> stages)
    {
        var wanted = new Dictionary<string, string[]>
        {
            ["base"] = dotnet, ["tools-system"] = Script("build_packages"), ["worker-system"] = Script("run_packages"),
            ["api"] = ["postgresql-client"], ["orthanc"] = ["curl", .. Script("server_packages").Where(p => p.StartsWith("orthanc", StringComparison.Ordinal))],
        };
        foreach (var stage in stages)
        {
            var installed = stage.Lines.SelectMany(l => Install().Matches(l)).SelectMany(m => m.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Order(StringComparer.Ordinal).ToList();
            var should = wanted.GetValueOrDefault(stage.Name, []).Order(StringComparer.Ordinal).ToList();
            if (!installed.SequenceEqual(should)) yield return $"Dockerfile: the stage {stage.Name} installs '{string.Join(' ', installed)}', not '{string.Join(' ', should)}'";
        }
    }

    private static IEnumerable<string> Projects(Stage build)
    {
        foreach (var (project, to) in build.Lines.SelectMany(l => Publish().Matches(l)).Select(m => (m.Groups[1].Value, m.Groups[2].Value)))
            if (!File.Exists(Path.Combine(BuiltProgram.Root, project))) yield return $"Dockerfile: it publishes {project} to {to}, which is not there";
    }

    private static IEnumerable<string> Builds(ComposeFolder folder, List<Stage> stages)
    {
        var version = XDocument.Load(Path.Combine(BuiltProgram.Root, "Directory.Build.props")).Descendants("Version").Single().Value;
        foreach (var (name, service) in folder.Services.Where(s => s.Service.ContainsKey("build")))
        {
            var build = service["build"]!;
            if (Path.GetFullPath(folder.In(build["context"]!.GetValue<string>())) != Path.GetDirectoryName(folder.Path) || build["dockerfile"]!.GetValue<string>() != "compose/Dockerfile") yield return $"{name}: it is not built from the repository by compose/Dockerfile";
            if (build["args"]?["STACK"]?.GetValue<string>() is not (null or "system" or "nuget")) yield return $"{name}: there is no such STACK";
            if (!service["image"]!.GetValue<string>().EndsWith(":" + version, StringComparison.Ordinal)) yield return $"{name}: its image is not of the version {version}";
            if (stages.Find(s => s.Name == build["target"]!.GetValue<string>()) is not { } stage)
            {
                yield return $"{name}: the Dockerfile has no stage {build["target"]}";
                continue;
            }
            var user = stage.Lines.LastOrDefault(l => l.StartsWith("USER ", StringComparison.Ordinal))?[5..];
            if (user is not null && user != service["user"]!.GetValue<string>()) yield return $"{name}: its image is made for the user {user}";
            foreach (var problem in Owners(service, stages)) yield return $"{name}: {problem}";
        }
    }

    /// <summary>A named volume takes its owner from the folder of the image.</summary>
    private static IEnumerable<string> Owners(JsonObject service, List<Stage> stages)
    {
        var made = stages.SelectMany(s => s.Lines).SelectMany(l => MadeFolders().Matches(l)).SelectMany(m => m.Groups[2].Value.Split(' ').Select(path => (Path: path.Replace("/for-minio", "", StringComparison.Ordinal), Owner: m.Groups[1].Value))).ToList();
        foreach (var path in ComposeFolder.List(service["volumes"], "target").Where(v => v[0] is not '.').Select(v => v.Split(':')[1]))
            if (!made.Contains((path, service["user"]!.GetValue<string>().Split(':')[0]))) yield return $"the folder {path} is not its own";
    }

    private static List<Stage> Parse(ComposeFolder folder)
    {
        var stages = new List<Stage>();
        foreach (var line in File.ReadAllText(folder.In("Dockerfile")).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Where(l => l.Length > 0 && l[0] != '#'))
        {
            if (From().Match(line) is { Success: true } from) stages.Add(new Stage(from.Groups[2].Value, from.Groups[1].Value, []));
            else stages.LastOrDefault()?.Lines.Add(line);
        }
        return stages;
    }

    /// <summary>A list of packages of the script ./medgan.</summary>
    private static string[] Script(string list) =>
        Regex.Match(File.ReadAllText(Path.Combine(BuiltProgram.Root, "medgan")), $@"^{list}=\((.*)\)$", RegexOptions.Multiline).Groups[1].Value.Split(' ');

    [GeneratedRegex(@"\AFROM (\S+) AS (\S+)\z")]
    private static partial Regex From();

    [GeneratedRegex(@"\A[a-z0-9./-]+:(\d+\.\d+(\.\d+)?(-[a-z0-9]+)?|RELEASE\.[0-9TZ-]+)\z")]
    private static partial Regex PinnedImage();

    [GeneratedRegex(@"apt-get install -y --no-install-recommends ([a-z0-9.+ -]+?) *&&")]
    private static partial Regex Install();

    [GeneratedRegex(@"dotnet publish (\S+) .*? -o (\S+)")]
    private static partial Regex Publish();

    [GeneratedRegex(@"install -d -o (\d+) -g \d+ -m 700 ((?:/\S+ ?)+?)(?= *(&&|$))")]
    private static partial Regex MadeFolders();
}
