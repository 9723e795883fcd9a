using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace MedGan.Bench;

/// <summary>One row: ours against a peer, as medians over interleaved rounds. A ratio above 1 means that ours is better.</summary>
/// <param name="Bar">The ratio that is asked for, or null where the row only informs.</param>
internal sealed record BenchRow(string Name, string Unit, double Ours, double Peer, string PeerName, double Ratio, double? Bar)
{
    public bool Met => Bar is null || Ratio >= Bar;

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
                $"  {row.Name,-44} ours {row.Ours,10:0.####} {row.Unit,-9} peer {row.Peer,10:0.####} ({row.PeerName})  ratio {row.Ratio:0.00}{(row.Bar is { } bar ? $"  bar {bar:0.00} {(row.Met ? "met" : "NOT MET")}" : "")}"));
    }

    private static string CpuModel()
    {
        var line = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
