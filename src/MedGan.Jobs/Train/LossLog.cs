using System.Text.Json;
using System.Text.Json.Serialization;

namespace MedGan.Jobs.Train;

/// <summary>One point of the loss curves: the means over the steps since the point before it. As JSON one flat object: {"step": 50, "generator": 1.5, ...}.</summary>
/// <param name="Step">Of the last of these steps.</param>
/// <param name="Losses">By the method's names.</param>
[JsonConverter(typeof(LossPointJson))]
public sealed record LossPoint(long Step, IReadOnlyDictionary<string, double> Losses);

/// <summary>
/// The loss curves of one training as a small JSON array. However long the run, at most
/// <see cref="MaximumPoints"/> points are kept: when there are more, neighbours are averaged.
/// </summary>
public sealed class LossLog
{
    /// <summary>The largest number of points kept.</summary>
    public const int MaximumPoints = 1000;

    private readonly string path;
    private readonly List<LossPoint> points = [];
    private readonly List<LossPoint> pending = [];
    private long stride = 1;

    /// <summary>Opens the curves at <paramref name="path"/>; points of an earlier, interrupted run are taken over.</summary>
    public LossLog(string path)
    {
        this.path = path;
        if (!File.Exists(path)) return;
        points.AddRange(JsonSerializer.Deserialize<LossPoint[]>(File.ReadAllText(path), JobJson.Options) ?? []);
        if (points.Count > 1) stride = points[1].Step - points[0].Step;
    }

    /// <summary>The points so far, oldest first.</summary>
    public IReadOnlyList<LossPoint> Points => points;

    /// <summary>Adds the losses of one step; steps that are already there (a run resumed from an earlier checkpoint) replace the old ones.</summary>
    public void Add(LossPoint point)
    {
        points.RemoveAll(known => known.Step >= point.Step);
        pending.RemoveAll(known => known.Step >= point.Step);
        pending.Add(point);
        if (pending.Count >= stride) Flush();
        if (points.Count > MaximumPoints) Thin();
    }

    /// <summary>Writes the curves; readers see the old file or the new one, never half of one.</summary>
    public void Save()
    {
        LossPoint[] all = pending.Count > 0 ? [.. points, Mean(pending)] : [.. points];
        AtomicFile.WriteText(path, JsonSerializer.Serialize(all, JobJson.Options));
    }

    private void Flush()
    {
        points.Add(Mean(pending));
        pending.Clear();
    }

    private void Thin()
    {
        var halved = points.Chunk(2).Select(pair => Mean(pair)).ToList();
        points.Clear();
        points.AddRange(halved);
        stride *= 2;
    }

    private static LossPoint Mean(IReadOnlyCollection<LossPoint> some) => new(
        some.Max(point => point.Step),
        some.SelectMany(point => point.Losses).GroupBy(loss => loss.Key).ToDictionary(loss => loss.Key, loss => loss.Average(value => value.Value), StringComparer.Ordinal));
}

/// <summary>The flat form of a <see cref="LossPoint"/>.</summary>
internal sealed class LossPointJson : JsonConverter<LossPoint>
{
    private const string Step = "step";

    public override LossPoint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var values = JsonSerializer.Deserialize<Dictionary<string, double>>(ref reader, options);
        if (values is null || !values.Remove(Step, out var step)) throw new JsonException("A point of the loss curves has no step.");
        return new LossPoint((long)step, values);
    }

    public override void Write(Utf8JsonWriter writer, LossPoint value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteNumber(Step, value.Step);
        foreach (var (name, loss) in value.Losses) writer.WriteNumber(name, loss);
        writer.WriteEndObject();
    }
}
