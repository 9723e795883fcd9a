using System.Text.Json.Nodes;

namespace MedGan.EndToEnd.Tests.Compose;

/// <summary>What the files name exists: variables, volumes, mounted files, secrets.</summary>
internal static class FileRules
{
    public static IEnumerable<string> Problems(ComposeFolder folder) => Variables(folder).Concat(Volumes(folder)).Concat(Secrets(folder));

    private static IEnumerable<string> Variables(ComposeFolder folder)
    {
        var used = new[] { "compose.yaml", "compose.gpu.yaml" }.SelectMany(file => ComposeFolder.Variable().Matches(File.ReadAllText(folder.In(file)))).ToList();
        foreach (var variable in used)
        {
            if (!folder.Example.ContainsKey(variable.Groups[1].Value)) yield return $"{variable.Groups[1].Value} is not in .env.example";
            if (!variable.Groups[2].Value.StartsWith('?') && !variable.Groups[2].Value.StartsWith(":?", StringComparison.Ordinal)) yield return $"{variable.Value} starts without being set";
        }
        foreach (var name in folder.Example.Keys.Where(name => used.All(u => u.Groups[1].Value != name))) yield return $"{name} of .env.example is used nowhere";
        foreach (var (name, value) in folder.Example)
            if (new[] { "PASSWORD", "SECRET", "TOKEN" }.Any(word => name.Contains(word, StringComparison.Ordinal)) && value.Length > 0) yield return $"{name} of .env.example has a value";
    }

    private static IEnumerable<string> Volumes(ComposeFolder folder)
    {
        var declared = folder.Yaml["volumes"]!.AsObject().Select(v => v.Key).ToList();
        var mounts = folder.Services.SelectMany(s => ComposeFolder.List(s.Service["volumes"], "source").Select(mount => (s.Name, Parts: mount.Split(':')))).ToList();
        foreach (var (name, parts) in mounts)
        {
            if (parts[0][0] is not ('.' or '/'))
            {
                if (!declared.Contains(parts[0])) yield return $"{name}: the volume {parts[0]} is not declared";
            }
            else
            {
                if (!File.Exists(folder.In(parts[0]))) yield return $"{name}: it mounts {parts[0]}, which is not there";
                if (parts is not [_, _, "ro"]) yield return $"{name}: it can write {parts[0]}";
            }
        }
        foreach (var unused in declared.Except(mounts.Select(m => m.Parts[0]))) yield return $"the volume {unused} is used nowhere";
        foreach (var name in new[] { "api", "worker" })
            if (!mounts.Any(m => m.Name == name && m.Parts is ["keys", "/data/keys"])) yield return $"{name}: it does not share the keys";
    }

    private static IEnumerable<string> Secrets(ComposeFolder folder)
    {
        var declared = folder.Yaml["secrets"]!.AsObject();
        var used = folder.Services.SelectMany(s => ComposeFolder.List(s.Service["secrets"], "source")).ToHashSet();
        foreach (var (name, secret) in declared)
        {
            if (secret?["file"]?.GetValue<string>() != $"./secrets/{name}") yield return $"the secret {name} is not a file of secrets/";
            if (!File.Exists(Path.Combine(ComposeFolder.Secrets, name))) yield return $"secrets.sh does not make {name}";
            if (!used.Contains(name)) yield return $"the secret {name} is used nowhere";
        }
        if (!File.ReadAllLines(folder.In(".gitignore")).Order(StringComparer.Ordinal).SequenceEqual([".env", "secrets/"])) yield return "git does not ignore .env and secrets/";
        foreach (var (service, body) in folder.Services)
        {
            var mine = ComposeFolder.List(body["secrets"], "source");
            foreach (var name in mine.Where(name => !declared.ContainsKey(name))) yield return $"{service}: the secret {name} is not declared";
            // A file that a setting, a command or the realm names is one that the service is given, and the other way round.
            var text = body.ToJsonString();
            foreach (var name in declared.Select(s => s.Key).Where(name => text.Contains($"/run/secrets/{name}\"", StringComparison.Ordinal) || text.Contains($"/run/secrets/{name})", StringComparison.Ordinal)))
                if (!mine.Contains(name)) yield return $"{service}: it reads the secret {name}, which it is not given";
        }
    }
}
