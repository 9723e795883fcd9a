using System.Text.Json;
using MedGan.Jobs.Hosting;
using MedGan.Storage;

namespace MedGan.Jobs.PrivacyGate;

/// <summary>The gate's seal on one slice of a quarantined volume.</summary>
internal sealed record SliceSeal(int Slice, string Seal);

/// <summary>
/// The seals of a series, stored beside its quarantined volume until they are published. They need no protection of
/// their own: a seal that was not made by the gate, for these very pixels, does not open.
/// </summary>
internal static class Seals
{
    /// <summary>The stored form of the seals of the volume at <paramref name="volumePath"/>, with its path.</summary>
    public static (string Path, Action<Stream> Write) File(string volumePath, IEnumerable<SliceSeal> seals) =>
        (PathOf(volumePath), stream => JsonSerializer.Serialize(stream, seals, StorageJson.Options));

    /// <summary>The stored seals in slice order; none where the gate has stored none.</summary>
    public static async Task<IReadOnlyList<SliceSeal>> ReadAsync(DataFiles files, string volumePath, CancellationToken ct)
    {
        await using var stream = await files.TryOpenAsync(PathOf(volumePath), ct);
        if (stream is null) return [];
        return [.. (await JsonSerializer.DeserializeAsync<SliceSeal[]>(stream, StorageJson.Options, ct))!.OrderBy(seal => seal.Slice)];
    }

    /// <summary>Where they lie.</summary>
    public static string PathOf(string volumePath) => volumePath + ".seals.json";
}
