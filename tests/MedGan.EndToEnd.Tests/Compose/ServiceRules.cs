using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MedGan.EndToEnd.Tests.Compose;

/// <summary>What every service must be: pinned, healthy, closed, and let in by nobody but through the API's port.</summary>
internal static partial class ServiceRules
{
    private static readonly string[] opened = ["privileged", "cap_add", "network_mode", "pid", "ipc", "userns_mode", "devices"];

    public static IEnumerable<string> Problems(ComposeFolder folder) =>
        folder.Services.SelectMany(s => Closed(s.Service).Concat(Pinned(s.Service)).Concat(Healthy(folder, s.Service)).Concat(Doors(s.Name, s.Service)).Concat(Passwords(s.Service)).Select(p => $"{s.Name}: {p}"))
            .Concat(Networks(folder));

    private static IEnumerable<string> Closed(JsonObject service)
    {
        if (!NotRoot().IsMatch(Text(service, "user"))) yield return "user is not a number other than 0";
        if (Text(service, "read_only") != "true") yield return "its file system can be written";
        if (!ComposeFolder.List(service["cap_drop"]).Contains("ALL")) yield return "it keeps capabilities";
        if (!ComposeFolder.List(service["security_opt"]).Contains("no-new-privileges:true")) yield return "it may gain privileges";
        foreach (var key in opened.Where(service.ContainsKey)) yield return $"it has {key}";
        if (Text(service, "restart") != "unless-stopped") yield return "nobody starts it again";
        if (Text(service, "stop_grace_period").Length == 0) yield return "it has no time to stop";
    }

    private static IEnumerable<string> Pinned(JsonObject service)
    {
        if (!PinnedImage().IsMatch(Text(service, "image"))) yield return $"its image '{Text(service, "image")}' is not pinned";
    }

    private static IEnumerable<string> Healthy(ComposeFolder folder, JsonObject service)
    {
        var check = service["healthcheck"];
        if (ComposeFolder.List(check?["test"]) is not ["CMD" or "CMD-SHELL", _, ..]) yield return "it has no health check";
        foreach (var part in new[] { "interval", "timeout", "retries" }.Where(part => check?[part] is null)) yield return $"its health check has no {part}";
        if (service["depends_on"] is JsonArray) yield return "it waits for a start, not for health";
        foreach (var (other, how) in service["depends_on"] as JsonObject ?? [])
        {
            if (folder.Services.All(s => s.Name != other)) yield return $"it waits for {other}, which is not there";
            if (how?["condition"]?.GetValue<string>() != "service_healthy") yield return $"it does not wait for {other} to be healthy";
        }
    }

    private static IEnumerable<string> Doors(string name, JsonObject service)
    {
        var ports = ComposeFolder.List(service["ports"], "target");
        if (name != "api" && ports.Count > 0) yield return "it publishes a port";
        if (name == "api" && (ports.Count != 1 || !ports[0].StartsWith("127.0.0.1:", StringComparison.Ordinal))) yield return "its port is not published on 127.0.0.1 alone";
        if (name != "api" && ComposeFolder.List(service["networks"]).Contains("edge")) yield return "it is on the network edge";
    }

    private static IEnumerable<string> Passwords(JsonObject service)
    {
        foreach (var (key, value) in service["environment"] as JsonObject ?? [])
            if (SecretName().IsMatch(key) && !IsReference(value!.GetValue<string>())) yield return $"{key} is a literal secret";
        var texts = ComposeFolder.List(service["command"]).Concat(ComposeFolder.List(service["entrypoint"])).Concat(ComposeFolder.List(service["healthcheck"]?["test"]))
            .Concat((service["environment"] as JsonObject ?? []).Select(e => e.Value!.GetValue<string>()));
        if (texts.Any(text => LiteralSecret().IsMatch(text))) yield return "a command or value holds a literal secret";
    }

    private static IEnumerable<string> Networks(ComposeFolder folder)
    {
        var networks = folder.Yaml["networks"]!.AsObject();
        foreach (var (name, network) in networks)
            if (name != "edge" && network?["internal"]?.GetValue<string>() != "true") yield return $"the network {name} leads outside";
        foreach (var (service, body) in folder.Services)
        {
            var mine = ComposeFolder.List(body["networks"]);
            if (mine.Count == 0) yield return $"{service}: it is on the default network, which leads outside";
            foreach (var unknown in mine.Where(n => !networks.ContainsKey(n))) yield return $"{service}: the network {unknown} is not declared";
            // Whatever an address or a wait names must be within reach.
            var named = (body["depends_on"] as JsonObject ?? []).Select(d => d.Key)
                .Concat(folder.Environment(service).SelectMany(e => e.Key.EndsWith("__Host", StringComparison.Ordinal) ? [e.Value] : Address().Matches(e.Value).Select(m => m.Groups[1].Value)))
                .Where(host => folder.Services.Any(s => s.Name == host)).Distinct();
            foreach (var host in named.Where(host => !ComposeFolder.List(folder.Yaml["services"]![host]!["networks"]).Intersect(mine).Any())) yield return $"{service}: it cannot reach {host}";
        }
    }

    private static string Text(JsonObject service, string key) => service[key]?.GetValue<string>() ?? "";

    private static bool IsReference(string value) => value.Length == 0 || ComposeFolder.Variable().Match(value) is { Success: true } m && m.Length == value.Length;

    [GeneratedRegex(@"\A[1-9][0-9]*:[0-9]+\z")]
    private static partial Regex NotRoot();

    [GeneratedRegex(@"\A[a-z0-9./-]+:\d+\.\d+(\.\d+)?(-[a-z0-9]+)?\z")]
    private static partial Regex PinnedImage();

    [GeneratedRegex("(?i)(password|passwd|secret|secretkey|token)$")]
    private static partial Regex SecretName();

    [GeneratedRegex(@"(?i)((password|secret|token)=[""']?[a-z0-9]|://[^/\s:]+:[^/\s@$]+@)")]
    private static partial Regex LiteralSecret();

    [GeneratedRegex(@"//([a-z]+)[:/]")]
    private static partial Regex Address();
}
