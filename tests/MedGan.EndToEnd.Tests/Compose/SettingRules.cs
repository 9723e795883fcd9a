using MedGan.Api.CommandLine;
using MedGan.Jobs.Messages;
using MedGan.Operation;
using MedGan.Storage;
using Microsoft.Extensions.Configuration;

namespace MedGan.EndToEnd.Tests.Compose;

/// <summary>Every MedGan__ variable is one that the process reads and takes: its own options are read with it, and tell what they asked for.</summary>
internal static class SettingRules
{
    private static readonly Action<IConfiguration>[] both = [c => StorageOptions.Read(c, "/data"), c => OperationOptions.Read(c.GetSection("MedGan"))];

    private static readonly Dictionary<string, Action<IConfiguration>[]> processes = new()
    {
        ["api"] = [.. both, c => ServiceSettings.Read(c)],
        ["worker"] = [.. both, c => BusOptions.Read(c.GetSection("MedGan:Bus")), c => Device(c["MedGan:Device"])],
    };

    public static IEnumerable<string> Problems(ComposeFolder folder)
    {
        foreach (var (name, _) in folder.Services)
        {
            var settings = Settings(folder, name);
            if (settings.Count > 0 && !processes.ContainsKey(name)) yield return $"{name}: it is not MedGan, and has its settings";
            foreach (var problem in processes.TryGetValue(name, out var options) ? Of(settings, options) : []) yield return $"{name}: {problem}";
        }
        if (!Shared(folder, "api").SequenceEqual(Shared(folder, "worker"))) yield return "api and worker do not keep and fetch in the same places";
    }

    /// <summary>A service's MedGan settings by their paths; mounted secrets are those that secrets.sh makes.</summary>
    public static Dictionary<string, string?> Settings(ComposeFolder folder, string service) => folder.Environment(service)
        .Where(e => e.Key.StartsWith("MedGan__", StringComparison.Ordinal))
        .ToDictionary(e => e.Key.Replace("__", ":", StringComparison.Ordinal), e => (string?)e.Value.Replace("/run/secrets", ComposeFolder.Secrets, StringComparison.Ordinal));

    public static IConfiguration Configuration(Dictionary<string, string?> settings) => new ConfigurationBuilder().AddInMemoryCollection(settings).Build();

    /// <summary>What both processes must be told alike.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> Shared(ComposeFolder folder, string service) => Settings(folder, service)
        .Where(s => new[] { "MedGan:Database", "MedGan:Objects", "MedGan:Keys", "MedGan:Pacs" }.Any(start => s.Key.StartsWith(start, StringComparison.Ordinal))).OrderBy(s => s.Key, StringComparer.Ordinal);

    private static IEnumerable<string> Of(Dictionary<string, string?> settings, Action<IConfiguration>[] options)
    {
        var recorder = new ReadRecorder(Configuration(settings));
        var problems = options.Select(read => Refusal(() => read(recorder))).OfType<string>().ToList();
        return problems.Concat(settings.Keys.Where(key => !recorder.Read.Contains(key)).Select(key => $"{key} is read by nobody"));
    }

    /// <summary>As <see cref="Jobs.Hosting.ComputeDevice.Choose"/> has it, which wants the card itself.</summary>
    private static void Device(string? wanted)
    {
        if (wanted is not (null or "auto" or "cpu" or "cuda")) throw new InvalidSettingException("MedGan:Device must be auto, cpu or cuda.");
    }

    private static string? Refusal(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (Exception e) when (e is InvalidSettingException or Api.Problems.CannotStartException)
        {
            return e.Message;
        }
    }
}
