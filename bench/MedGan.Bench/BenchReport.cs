using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace MedGan.Bench;

/// <summary>One row: ours against a peer, as medians over interleaved rounds. A ratio above 1 means that ours is better.</summary>
/// <param name="Bar">The ratio that is asked for, or null where the row only informs.</param>
/// <param name="By">Where ours shall be larger by an amount and not by a ratio: that amount.</param>
internal sealed record BenchRow(string Name, string Unit, double Ours, double Peer, string PeerName, double Ratio, double? Bar, double? By = null)
{
    public bool Met => By is { } amount ? Ours >= Peer + amount : Bar is null || Ratio >= Bar;

    /// <summary>A row in which ours shall be larger by an amount (similarities).</summary>
    public static BenchRow Above(string name, double ours, double peer, string peerName, double by) => new(name, "", ours, peer, peerName, ours / peer, null, by);

    /// <summary>A row in which less is better (seconds).</summary>
    public static BenchRow LessIsBetter(string name, string unit, double ours, double peer, string peerName, double? bar = null) =>
        new(name, unit, ours, peer, peerName, peer / ours, bar);

    /// <summary>A row in which more is better (items a second).</summary>
    public static BenchRow MoreIsBetter(string name, string unit, double ours, double peer, string peerName, double? bar = null) =>
        new(name, unit, ours, peer, peerName, ours / peer, bar);
}

internal record BenchReport(string Bench, string Machine, IReadOnlyList<BenchRow> Rows)
{
    public static string ThisMachine { get; } =
        $"{Environment.ProcessorCount} cores, {CpuModel()}, {RuntimeInformation.OSDescription.Trim()}, .NET {Environment.Version}";

    public void Print(bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(this, GetType(), new JsonSerializerOptions(JsonSerializerDefaults.Web)));
            return;
        }
        Console.WriteLine($"{Bench} on {Machine}");
        PrintRows();
    }

    protected virtual void PrintRows()
    {
        foreach (var row in Rows)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {row.Name,-44} ours {row.Ours,10:0.####} {row.Unit,-9} peer {row.Peer,10:0.####} ({row.PeerName})  {(row.By is null ? $"ratio {row.Ratio:0.00}" : $"above {row.Ours - row.Peer:0.000}")}{(row.By is { } by ? $"  bar {by:0.000} {(row.Met ? "met" : "NOT MET")}" : "")}{(row.Bar is { } bar ? $"  bar {bar:0.00} {(row.Met ? "met" : "NOT MET")}" : "")}"));
    }

    private static string CpuModel()
    {
        var line = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
