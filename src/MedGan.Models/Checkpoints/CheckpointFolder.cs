using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace MedGan.Models.Checkpoints;

/// <summary>
/// A folder of checkpoints, one sub-folder each. A checkpoint is written under a temporary name, sealed with the SHA-256 of every part, flushed to
/// disk and then renamed: whenever the process or the machine dies, what is there is complete or is seen not to be. The last two are kept.
/// </summary>
public sealed class CheckpointFolder(string folder)
{
    private const string Manifest = "manifest.json";
    private const string Unfinished = "unfinished-";
    private const string Finished = "step-";
    private const int Kept = 2;

    /// <param name="step">Names and orders the checkpoint.</param>
    /// <param name="writeParts">Writes its files into the folder that it is given.</param>
    public void Save(long step, Action<string> writeParts)
    {
        Directory.CreateDirectory(folder);
        foreach (var leftover in Directory.EnumerateDirectories(folder, Unfinished + "*")) Directory.Delete(leftover, recursive: true);
        var unfinished = Path.Combine(folder, Unfinished + step.ToString(CultureInfo.InvariantCulture));
        Directory.CreateDirectory(unfinished);
        writeParts(unfinished);
        Seal(unfinished);
        Directory.Move(unfinished, FreeName(step));
        Durable.Flush(folder);
        foreach (var old in Steps().Skip(Kept)) Remove(old);
    }

    /// <summary>The newest checkpoint whose every part is there and unaltered, or null.</summary>
    public string? LastComplete() => Steps().FirstOrDefault(checkpoint => Damage(checkpoint) is null);

    /// <summary>What is wrong with each checkpoint that <see cref="LastComplete"/> passes over, newest first.</summary>
    public IReadOnlyList<string> Damaged() => [.. Steps().Select(Damage).TakeWhile(damage => damage is not null).OfType<string>()];

    // newest first
    private string[] Steps() => Directory.Exists(folder)
        ? [.. Directory.EnumerateDirectories(folder, Finished + "*").OrderByDescending(path => path, StringComparer.Ordinal)]
        : [];

    // one that is there already is not replaced: between its removal and its successor's arrival there would be none
    private string FreeName(long step)
    {
        var name = Path.Combine(folder, Finished + step.ToString("D10", CultureInfo.InvariantCulture));
        var free = name;
        for (var again = 1; Directory.Exists(free); again++) free = $"{name}-{again:D3}";
        return free;
    }

    private static void Seal(string checkpoint)
    {
        var parts = Directory.EnumerateFiles(checkpoint).Order(StringComparer.Ordinal).ToDictionary(path => Path.GetFileName(path)!, Sha256);
        var manifest = Path.Combine(checkpoint, Manifest);
        File.WriteAllText(manifest, JsonSerializer.Serialize(parts));
        foreach (var part in parts.Keys) Durable.Flush(Path.Combine(checkpoint, part));
        Durable.Flush(manifest);
        Durable.Flush(checkpoint);
    }

    // the manifest first: what is half removed is not complete
    private static void Remove(string checkpoint)
    {
        File.Delete(Path.Combine(checkpoint, Manifest));
        Directory.Delete(checkpoint, recursive: true);
    }

    // what is wrong with it, or null
    private static string? Damage(string checkpoint)
    {
        var file = Path.Combine(checkpoint, Manifest);
        try
        {
            var parts = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(file));
            if (parts is not { Count: > 0 }) return $"{file} names no part.";
            foreach (var (name, sha256) in parts)
            {
                file = Path.Combine(checkpoint, name);
                if (Path.GetFileName(name) != name) return $"{file} lies outside the checkpoint.";
                if (Sha256(file) != sha256) return $"{file} is not what was written: its SHA-256 is another.";
            }
            return null;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return $"{file} cannot be read: {e.Message}";
        }
    }

    private static string Sha256(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
