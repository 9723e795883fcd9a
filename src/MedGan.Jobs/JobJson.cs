using System.Text.Json;
using MedGan.Storage;

namespace MedGan.Jobs;

/// <summary>The JSON of every file and column that the worker writes: storage's dialect, and its indented form for people.</summary>
internal static class JobJson
{
    public static JsonSerializerOptions Options => StorageJson.Options;

    public static JsonSerializerOptions Indented { get; } = new(StorageJson.Options) { WriteIndented = true };
}
