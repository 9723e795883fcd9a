using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MedGan.Testing;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace MedGan.EndToEnd.Tests.Compose;

/// <summary>The files of compose/, or of a copy of it, as docker compose reads them: anchors merged, the overlay laid over.</summary>
internal sealed partial class ComposeFolder
{
    private static readonly Lazy<string> secrets = new(MakeSecrets);

    private ComposeFolder(string path, JsonObject yaml) => (Path, Yaml) = (path, yaml);

    /// <summary>Where the files lie.</summary>
    public string Path { get; }

    /// <summary>The whole of it; each scalar is a text.</summary>
    public JsonObject Yaml { get; }

    public IEnumerable<(string Name, JsonObject Service)> Services => Yaml["services"]!.AsObject().Select(s => (s.Key, s.Value!.AsObject()));

    /// <summary>The variables of .env.example with their values.</summary>
    public IReadOnlyDictionary<string, string> Example => File.ReadAllLines(In(".env.example")).Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>What secrets.sh of the repository makes; one folder for all tests of the process.</summary>
    public static string Secrets => secrets.Value;

    public string In(string file) => System.IO.Path.Combine(Path, file);

    /// <summary>compose.yaml with overlays.</summary>
    public static ComposeFolder Read(string path, params string[] overlays)
    {
        var yaml = Parse(System.IO.Path.Combine(path, "compose.yaml"));
        foreach (var overlay in overlays) Lay(Parse(System.IO.Path.Combine(path, overlay)), over: yaml);
        return new ComposeFolder(path, yaml);
    }

    /// <summary>A service's environment, with the variables of .env.example filled in.</summary>
    public IReadOnlyDictionary<string, string> Environment(string service) => (Yaml["services"]![service]!["environment"]?.AsObject() ?? [])
        .ToDictionary(e => e.Key, e => Variable().Replace(e.Value!.GetValue<string>(), m => Example.GetValueOrDefault(m.Groups[1].Value, "")).Replace("$$", "$", StringComparison.Ordinal));

    /// <summary>A list of texts, or of objects by one of their fields.</summary>
    public static IReadOnlyList<string> List(JsonNode? node, string field = "") => node is not JsonArray array ? [] : [.. array.Select(item => item is JsonObject o ? o[field]!.GetValue<string>() : item!.GetValue<string>())];

    /// <summary>${NAME}, or ${NAME with an operator; $$ is a dollar.</summary>
    [GeneratedRegex(@"(?<!\$)\$\{([A-Za-z0-9_]+)([^}]*)\}")]
    public static partial Regex Variable();

    private static JsonObject Parse(string file)
    {
        using var text = new StreamReader(file);
        return Convert(new DeserializerBuilder().Build().Deserialize<object>(new MergingParser(new Parser(text))))!.AsObject();
    }

    private static JsonNode? Convert(object? yaml) => yaml switch
    {
        Dictionary<object, object?> map => new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key.ToString()!, Convert(pair.Value)))),
        List<object?> list => new JsonArray([.. list.Select(Convert)]),
        null => null,
        _ => JsonValue.Create(yaml.ToString()),
    };

    private static void Lay(JsonObject overlay, JsonObject over)
    {
        foreach (var (name, value) in overlay)
        {
            if (value is JsonObject map && over[name] is JsonObject below) Lay(map, below);
            else over[name] = value?.DeepClone();
        }
    }

    private static string MakeSecrets()
    {
        var folder = Directory.CreateTempSubdirectory("medgan-secrets-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var (code, _, error) = BuiltProgram.RunAsync(System.IO.Path.Combine(BuiltProgram.Root, "compose", "secrets.sh"), [folder], CancellationToken.None).GetAwaiter().GetResult();
        return code == 0 ? folder : throw new InvalidOperationException($"secrets.sh ended with {code}: {error}");
    }
}
