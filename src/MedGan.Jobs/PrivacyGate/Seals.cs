using System.Text.Json;
using MedGan.Storage;

namespace MedGan.Jobs.PrivacyGate;

/// <summary>The gate's seal on one slice of a quarantined volume.</summary>
internal sealed record SliceSeal(int Slice, string Seal);

/// <summary>
/// The seals of a series, in a file beside its quarantined volume until they are published. They need no protection of
/// their own: a seal that was not made by the gate, for these very pixels, does not open.
/// </summary>
internal static class Seals
{
    /// <summary>Stores the seals of the volume at <paramref name="volumePath"/>.</summary>
    public static void Write(string volumePath, IEnumerable<SliceSeal> seals) =>
        AtomicFile.WriteText(PathOf(volumePath), JsonSerializer.Serialize(seals, StorageJson.Options));

    /// <summary>The stored seals in slice order; none where the gate has stored none.</summary>
    public static IReadOnlyList<SliceSeal> Read(string volumePath) => File.Exists(PathOf(volumePath))
        ? [.. StorageJson.Read<SliceSeal[]>(File.ReadAllText(PathOf(volumePath))).OrderBy(seal => seal.Slice)]
        : [];

    /// <summary>Forgets what an earlier, interrupted judgement stored.</summary>
    public static void Remove(string volumePath) => File.Delete(PathOf(volumePath));

    private static string PathOf(string volumePath) => volumePath + ".seals.json";
}
