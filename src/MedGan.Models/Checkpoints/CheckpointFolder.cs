using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace MedGan.Models.Checkpoints;

/// <summary>
/// A folder of checkpoints, one sub-folder each. A checkpoint is written under a temporary name, flushed to disk, sealed with the SHA-256 of
/// every part and then renamed: whenever the process dies, what is there is complete or is seen not to be. The last two are kept.
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
        var name = Finished + step.ToString("D10", CultureInfo.InvariantCulture);
        var unfinished = Path.Combine(folder, Unfinished + name);
        Directory.CreateDirectory(unfinished);
        writeParts(unfinished);

        var parts = Directory.EnumerateFiles(unfinished).ToDictionary(path => Path.GetFileName(path)!, Sha256);
        using (var manifest = new FileStream(Path.Combine(unfinished, Manifest), FileMode.CreateNew))
        {
            JsonSerializer.Serialize(manifest, parts);
            manifest.Flush(flushToDisk: true);
        }
        var finished = Path.Combine(folder, name);
        if (Directory.Exists(finished)) Directory.Delete(finished, recursive: true);
        Directory.Move(unfinished, finished);
        foreach (var old in Steps().Skip(Kept)) Directory.Delete(old, recursive: true);
    }

    /// <summary>The newest checkpoint whose every part is there and unaltered, or null.</summary>
    public string? LastComplete() => Steps().FirstOrDefault(IsComplete);

    // newest first
    private string[] Steps() => Directory.Exists(folder)
        ? [.. Directory.EnumerateDirectories(folder, Finished + "*").OrderByDescending(path => path, StringComparer.Ordinal)]
        : [];

    private static bool IsComplete(string checkpoint)
    {
        try
        {
            using var manifest = File.OpenRead(Path.Combine(checkpoint, Manifest));
            var parts = JsonSerializer.Deserialize<Dictionary<string, string>>(manifest);
            return parts is { Count: > 0 } && parts.All(part => Path.GetFileName(part.Key) == part.Key && Sha256(Path.Combine(checkpoint, part.Key)) == part.Value);
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Sha256(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
