using System.Text.Json;
using System.Text.RegularExpressions;
using MedGan.Api.CommandLine;
using MedGan.Api.Security;
using MedGan.Jobs.Messages;
using MedGan.Operation;
using MedGan.Storage;
using MedGan.Testing;
using Microsoft.Extensions.Configuration;
using Xunit;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MedGan.EndToEnd.Tests;

/// <summary>
/// compose/ against the programs' own options. No container engine runs here; what can be known of the files without one is checked, and that each check
/// can fail is shown on a copy with a mistake in it.
/// </summary>
public sealed partial class ComposeTests
{
    private static readonly string Folder = Path.Combine(BuiltProgram.Root, "compose");
    private static readonly string Text = File.ReadAllText(Path.Combine(Folder, "compose.yaml"));
    private static readonly string[] Published = ["api", "keycloak"];

    /// <summary>What each check asks of a service.</summary>
    private static readonly Dictionary<string, Func<string, YamlMappingNode, bool>> OfAService = new()
    {
        ["its image is pinned"] = (_, s) => PinnedImage().IsMatch(Value(s, "image") ?? ""),
        ["it has a health check, or ends by itself"] = (_, s) => Has(s, "healthcheck") || Value(s, "restart") == "no",
        ["its user is named, and is not root"] = (_, s) => Value(s, "user") is { } user && !user.StartsWith('0') && !user.StartsWith("root", StringComparison.Ordinal),
        ["its root file system is read-only"] = (_, s) => Value(s, "read_only") == "true",
        ["it has no capabilities"] = (_, s) => Items(s, "cap_drop").SequenceEqual(["ALL"]) && !Has(s, "cap_add"),
        ["it can gain no privileges"] = (_, s) => Items(s, "security_opt").Contains("no-new-privileges:true") && !Has(s, "privileged"),
        ["it is on a named network"] = (_, s) => Items(s, "networks").Any(),
        ["it publishes a port only on the loopback interface, and only where it may"] = (name, s) =>
            Items(s, "ports").All(port => Published.Contains(name) && port.StartsWith("127.0.0.1:", StringComparison.Ordinal)),
    };

    private static readonly Dictionary<string, Func<YamlMappingNode, bool>> OfTheWhole = new()
    {
        ["every volume is declared"] = root => Services(root).Values.SelectMany(s => Items(s, "volumes")).Select(v => v.Split(':')[0]).Where(v => !v.StartsWith('.'))
            .All(v => Has((YamlMappingNode)root["volumes"], v)),
        ["every file that is mounted exists"] = root => Services(root).Values.SelectMany(s => Items(s, "volumes")).Select(v => v.Split(':')[0]).Where(v => v.StartsWith('.'))
            .All(v => Path.Exists(Path.Combine(Folder, v))),
        ["every secret is declared, and used"] = root => Services(root).Values.SelectMany(s => Items(s, "secrets")).Distinct().Order()
            .SequenceEqual(((YamlMappingNode)root["secrets"]).Children.Keys.Select(k => k.ToString()).Order()),
        ["the network behind is closed"] = root => Value((YamlMappingNode)root["networks"]["back"], "internal") == "true",
        ["whoever waits for another waits for its health or its end"] = root => Services(root).Values.Where(s => Has(s, "depends_on")).SelectMany(s => ((YamlMappingNode)s["depends_on"]).Children)
            .All(d => d.Value is YamlMappingNode on && Value(on, "condition") == (Value(Services(root)[d.Key.ToString()], "restart") == "no" ? "service_completed_successfully" : "service_healthy")),
        ["no password is written down"] = root => Services(root).Values.SelectMany(Environment)
            .Where(e => SecretName().IsMatch(e.Key)).All(e => (e.Value.Contains("${", StringComparison.Ordinal) && !WrittenPassword().IsMatch(e.Value)) || e.Value.StartsWith("/run/secrets/", StringComparison.Ordinal)),
        ["a password has no default"] = root => Services(root).Values.SelectMany(Environment).Where(e => SecretName().IsMatch(e.Key)).SelectMany(e => Variable().Matches(e.Value))
            .All(m => m.Groups["rest"].Value.StartsWith(":?", StringComparison.Ordinal)),
        ["two workers"] = root => Value((YamlMappingNode)Services(root)["worker"]["deploy"], "replicas") == "2",
    };

    public static TheoryData<string, string> ServiceChecks()
    {
        var data = new TheoryData<string, string>();
        foreach (var service in Services(Read(Text)).Keys)
            foreach (var check in OfAService.Keys) data.Add(service, check);
        return data;
    }

    public static TheoryData<string> WholeChecks() => [.. OfTheWhole.Keys];

    [Theory]
    [MemberData(nameof(ServiceChecks))]
    public void EachService(string service, string check) => Assert.True(OfAService[check](service, Services(Read(Text))[service]), $"{service}: not so that {check}");

    [Theory]
    [MemberData(nameof(WholeChecks))]
    public void TheWhole(string check) => Assert.True(OfTheWhole[check](Read(Text)), $"not so that {check}");

    /// <summary>A mistake in the file is found by the check that is for it.</summary>
    [Theory]
    [InlineData("image: postgres:15.10-bookworm", "image: postgres", "its image is pinned")]
    [InlineData("image: rabbitmq:3.13.7", "image: rabbitmq:latest", "its image is pinned")]
    [InlineData("    healthcheck: { test: [CMD, rabbitmq-diagnostics", "    nocheck: { test: [CMD, rabbitmq-diagnostics", "it has a health check, or ends by itself")]
    [InlineData("user: \"999:999\"", "user: \"0:0\"", "its user is named, and is not root")]
    [InlineData("read_only: true", "read_only: false", "its root file system is read-only")]
    [InlineData("cap_drop: [ALL]", "cap_drop: [NET_RAW]", "it has no capabilities")]
    [InlineData("\"no-new-privileges:true\"", "\"no-new-privileges:false\"", "it can gain no privileges")]
    [InlineData("\"127.0.0.1:8480:8480\"", "\"8480:8480\"", "it publishes a port only on the loopback interface, and only where it may")]
    [InlineData("    networks: [back]", "    ports: [\"127.0.0.1:5432:5432\"]\n    networks: [back]", "it publishes a port only on the loopback interface, and only where it may")]
    [InlineData("  minio: {}", "", "every volume is declared")]
    [InlineData("./orthanc/medgan.json", "./orthanc/none.json", "every file that is mounted exists")]
    [InlineData("  rabbitmq_password: { environment: RABBITMQ_PASSWORD }", "", "every secret is declared, and used")]
    [InlineData("back: { internal: true }", "back: {}", "the network behind is closed")]
    [InlineData("postgres: { condition: service_healthy }", "postgres: { condition: service_started }", "whoever waits for another waits for its health or its end")]
    [InlineData("RABBITMQ_DEFAULT_PASS: ${RABBITMQ_PASSWORD:?set it in .env}", "RABBITMQ_DEFAULT_PASS: guest", "no password is written down")]
    [InlineData("Username=medgan;Password=${POSTGRES_PASSWORD:?set it in .env}", "Username=${POSTGRES_USER:?};Password=medgan", "no password is written down")]
    [InlineData("RABBITMQ_DEFAULT_PASS: ${RABBITMQ_PASSWORD:?set it in .env}", "RABBITMQ_DEFAULT_PASS: ${RABBITMQ_PASSWORD:-guest}", "a password has no default")]
    [InlineData("replicas: 2", "replicas: 1", "two workers")]
    public void Mistake_IsFound(string right, string wrong, string check)
    {
        Assert.Contains(right, Text, StringComparison.Ordinal);
        var root = Read(Text.Replace(right, wrong, StringComparison.Ordinal));
        Assert.False(OfTheWhole.TryGetValue(check, out var whole) ? whole(root) : Services(root).All(s => OfAService[check](s.Key, s.Value)));
    }

    [Fact]
    public void Variables_AreThoseOfTheExample_WhichHasNoSecret()
    {
        var example = File.ReadAllLines(Path.Combine(Folder, ".env.example")).Where(l => l.Length > 0 && !l.StartsWith('#')).Select(l => l.Split('=', 2)).ToDictionary(l => l[0], l => l[1]);
        var used = Variable().Matches(Text).Select(m => m.Groups["name"].Value).Concat(((YamlMappingNode)Read(Text)["secrets"]).Children.Values.Select(s => Value((YamlMappingNode)s, "environment")!)).ToHashSet();
        Assert.Equal(used.Order(), example.Keys.Order());
        Assert.All(example.Where(e => SecretName().IsMatch(e.Key)), e => Assert.Equal("", e.Value));
    }

    /// <summary>Each program reads every setting that it is given, and finds nothing wrong.</summary>
    [Theory]
    [InlineData("api", "compose.yaml")]
    [InlineData("worker", "compose.yaml")]
    [InlineData("worker", "compose.gpu.yaml")]
    public void Settings_AreThoseThatTheProgramReads(string service, string file)
    {
        var environment = new Dictionary<string, string>(Environment(Services(Read(Text))[service]));
        foreach (var (name, value) in Environment(Services(Read(File.ReadAllText(Path.Combine(Folder, file))))[service])) environment[name] = value;
        AssertRead(service, environment);
        Assert.ThrowsAny<Exception>(() => AssertRead(service, new Dictionary<string, string>(environment) { ["MedGan__Objects__Bukket"] = "medgan" }));
    }

    [Fact]
    public void Realm_HasOurRolesAndNothingElse_AndWhatTheApiExpects()
    {
        var realm = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "keycloak", "medgan-realm.json"))).RootElement;
        var api = Environment(Services(Read(Text))["api"]);
        Assert.Equal(Roles.All.Order(), realm.GetProperty("roles").GetProperty("realm").EnumerateArray().Select(r => r.GetProperty("name").GetString()!).Order());
        Assert.EndsWith("/realms/" + realm.GetProperty("realm").GetString(), api["MedGan__Auth__Authority"], StringComparison.Ordinal);
        var mappers = realm.GetProperty("clientScopes")[0].GetProperty("protocolMappers").EnumerateArray().ToDictionary(m => m.GetProperty("name").GetString()!, m => m.GetProperty("config"));
        Assert.Equal(api["MedGan__Auth__Audience"], mappers["audience"].GetProperty("included.custom.audience").GetString());
        Assert.Equal(api["MedGan__Auth__ProjectClaim"], mappers["projects"].GetProperty("claim.name").GetString());
        Assert.Equal("realm_access.roles", api["MedGan__Auth__RoleClaim"]); // where Keycloak's own scope "roles" writes them
        foreach (var user in realm.GetProperty("users").EnumerateArray())
        {
            Assert.All(user.GetProperty("realmRoles").EnumerateArray(), role => Assert.Contains(role.GetString(), Roles.All));
            Assert.All(user.GetProperty("groups").EnumerateArray(), group => Assert.StartsWith(api["MedGan__Auth__ProjectPrefix"], group.GetString(), StringComparison.Ordinal));
        }
        Assert.DoesNotContain(realm.GetProperty("clients").EnumerateArray(), client => client.TryGetProperty("secret", out var secret) && !secret.GetString()!.StartsWith("${", StringComparison.Ordinal));
    }

    [Fact]
    public void Dockerfile_CopiesWhatExists_AndInstallsWhatTheEntryPointInstalls()
    {
        var dockerfile = File.ReadAllText(Path.Combine(Folder, "Dockerfile"));
        foreach (Match copy in Copied().Matches(dockerfile))
            Assert.All(copy.Groups["paths"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..^1], path => Assert.True(Path.Exists(Path.Combine(BuiltProgram.Root, path)), $"the Dockerfile copies {path}"));
        foreach (Match project in Project().Matches(dockerfile)) Assert.True(File.Exists(Path.Combine(BuiltProgram.Root, project.Value)), $"the Dockerfile publishes {project.Value}");
        var entryPoint = File.ReadAllText(Path.Combine(BuiltProgram.Root, "medgan"));
        foreach (var list in new[] { "run_packages", "build_packages" })
            Assert.All(Regex.Match(entryPoint, list + @"=\((.*)\)").Groups[1].Value.Split(' '), package => Assert.Contains(package, dockerfile, StringComparison.Ordinal));
        var targets = Target().Matches(dockerfile).Select(m => m.Groups[1].Value).ToList();
        Assert.All(Services(Read(Text)).Values.Where(s => Has(s, "build")), s => Assert.Contains(Value((YamlMappingNode)s["build"], "target")!, targets));
    }

    [Fact]
    public void Orthanc_IsWhatTheTestsStart()
    {
        var orthanc = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "orthanc", "medgan.json"))).RootElement;
        var worker = Environment(Services(Read(Text))["worker"]);
        Assert.Equal($"http://orthanc:{orthanc.GetProperty("HttpPort").GetInt32()}{orthanc.GetProperty("DicomWeb").GetProperty("Root").GetString()!.TrimEnd('/')}", worker["MedGan__Pacs__orthanc__Url"]);
        Assert.Equal("${ORTHANC_PASSWORD}", orthanc.GetProperty("RegisteredUsers").GetProperty(worker["MedGan__Pacs__orthanc__User"]).GetString());
        Assert.StartsWith("http://api:8480/projects/", orthanc.GetProperty("DicomWeb").GetProperty("Servers").GetProperty("medgan").GetProperty("Url").GetString(), StringComparison.Ordinal);
    }

    private static void AssertRead(string service, Dictionary<string, string> environment)
    {
        var secrets = Directory.CreateTempSubdirectory("medgan-compose-");
        try
        {
            var settings = environment.Where(e => e.Key.StartsWith("MedGan__", StringComparison.Ordinal))
                .ToDictionary(e => e.Key.Replace("__", ":", StringComparison.Ordinal), e => Filled(e.Value, secrets.FullName));
            var seen = new Seen(settings);
            var configuration = new ConfigurationBuilder().Add(seen).Build();
            StorageOptions.Read(configuration, secrets.FullName);
            OperationOptions.Read(configuration.GetSection("MedGan"));
            if (service == "api") ServiceSettings.Read(configuration);
            else
            {
                BusOptions.Read(configuration.GetSection("MedGan:Bus"));
                _ = configuration["MedGan:Device"]; // Worker.RunAsync
            }
            Assert.Empty(settings.Keys.Except(seen.Asked, StringComparer.OrdinalIgnoreCase));
        }
        finally
        {
            secrets.Delete(recursive: true);
        }
    }

    /// <summary>The value as a container gets it: variables have something, secrets are files.</summary>
    private static string Filled(string value, string folder)
    {
        if (value.StartsWith("/run/secrets/", StringComparison.Ordinal))
        {
            var file = Path.Combine(folder, Path.GetFileName(value));
            File.WriteAllText(file, "made-up\n");
            return file;
        }
        return Variable().Replace(value, "made-up");
    }

    /// <summary>Settings that remember who was asked for.</summary>
    private sealed class Seen(Dictionary<string, string> settings) : IConfigurationSource
    {
        public HashSet<string> Asked { get; } = new(StringComparer.OrdinalIgnoreCase);

        public IConfigurationProvider Build(IConfigurationBuilder builder) => new Provider(this, settings);

        private sealed class Provider : ConfigurationProvider
        {
            private readonly Seen seen;

            public Provider(Seen seen, Dictionary<string, string> settings)
            {
                this.seen = seen;
                foreach (var (key, value) in settings) Data[key] = value;
            }

            public override bool TryGet(string key, out string? value)
            {
                seen.Asked.Add(key);
                return base.TryGet(key, out value);
            }
        }
    }

    private static YamlMappingNode Read(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new MergingParser(new Parser(new StringReader(yaml))));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static Dictionary<string, YamlMappingNode> Services(YamlMappingNode root) => ((YamlMappingNode)root["services"]).Children.ToDictionary(s => s.Key.ToString(), s => (YamlMappingNode)s.Value);

    private static Dictionary<string, string> Environment(YamlMappingNode service) => Has(service, "environment")
        ? ((YamlMappingNode)service["environment"]).Children.ToDictionary(e => e.Key.ToString(), e => ((YamlScalarNode)e.Value).Value ?? "")
        : [];

    private static bool Has(YamlMappingNode node, string name) => node.Children.ContainsKey(name);

    private static string? Value(YamlMappingNode node, string name) => node.Children.TryGetValue(name, out var value) ? (value as YamlScalarNode)?.Value : null;

    private static IEnumerable<string> Items(YamlMappingNode node, string name) => node.Children.TryGetValue(name, out var list) && list is YamlSequenceNode items ? items.Select(i => i.ToString()) : [];

    [GeneratedRegex(@"^[a-z0-9./-]+:(?!latest)[A-Za-z0-9.-]*[0-9][A-Za-z0-9.-]*$")]
    private static partial Regex PinnedImage();

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+)(?<rest>[^}]*)\}")]
    private static partial Regex Variable();

    [GeneratedRegex("PASSWORD|PASS$|SECRET|Password|SecretKey|Database$")]
    private static partial Regex SecretName();

    [GeneratedRegex(@"Password=(?!\$\{)")]
    private static partial Regex WrittenPassword();

    [GeneratedRegex(@"^COPY (?!--from)(?<paths>.*)$", RegexOptions.Multiline)]
    private static partial Regex Copied();

    [GeneratedRegex(@"src/[\w.]+/[\w.]+\.csproj")]
    private static partial Regex Project();

    [GeneratedRegex(@"^FROM \S+ AS (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Target();
}
