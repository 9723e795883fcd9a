using System.Globalization;
using System.Text;
using System.Text.Json;
using MedGan.Demo.Service;

namespace MedGan.Demo.Reporting;

/// <summary>The result as the terminal shows it: a short table, or one JSON object.</summary>
internal static class ResultTable
{
    public static string Text(DemoResult result)
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"");
        foreach (var cohort in result.Cohorts)
            Line($"{"cohort " + cohort.Name,-30} {cohort.Series.Select(s => s.Patient).Distinct().Count()} patients, {cohort.Series.Count} series, {cohort.Series.Sum(s => s.Instances)} images");
        Line($"{"training",-30} {result.Minutes:0.##} minutes, {result.Losses.LastOrDefault()?.Step ?? 0} steps");
        foreach (var (modality, gate) in result.Privacy.Modalities)
            Line($"{"synthetic " + modality.ToUpperInvariant(),-30} {gate.Released} released, {gate.Withheld} withheld of {gate.Generated}; false alarms {Rate(gate.FalseAlarm?.Images)}; planted copies found {Rate(Deciding(gate))}");
        if (result.Truth is { } truth)
        {
            Line($"{truth.Title}: {truth.Patients} patients, {truth.Slices} slices, inside the head");
            Line($"{"",-30} {"MAE (" + truth.Unit + ")",10}  {"PSNR (dB)",10}");
            foreach (var method in new[] { truth.Synthetic, truth.MeanTraining, truth.HistogramMatched })
                Line($"  {method.Method,-28} {method.Mae,10:0.0}  {method.Psnr,10:0.0}{(method == truth.Synthetic ? "" : string.Create(CultureInfo.InvariantCulture, $"   ours is {100 * truth.GainOver(method):0.0} % better"))}");
            Line($"  bar: at least {100 * DemoResult.LeastGain:0} % better than both: {(truth.Gain >= DemoResult.LeastGain ? "met" : "NOT MET")}");
        }
        Line($"{"time, upload to download",-30} {result.TotalSeconds:0} s");
        return text.ToString();
    }

    public static string Json(DemoResult result) => JsonSerializer.Serialize(new
    {
        source = result.Source,
        minutes = result.Minutes,
        steps = result.Losses.LastOrDefault()?.Step ?? 0,
        seconds = Math.Round(result.TotalSeconds, 1),
        cohorts = result.Cohorts.Select(c => new { c.Name, patients = c.Series.Select(s => s.Patient).Distinct().Count(), series = c.Series.Count, images = c.Series.Sum(s => s.Instances) }),
        privacy = result.Privacy.Modalities.ToDictionary(m => m.Key, m => new { m.Value.Certified, m.Value.Generated, m.Value.Released, m.Value.Withheld, falseAlarm = m.Value.FalseAlarm?.Images, plantedFound = Deciding(m.Value) }),
        truth = result.Truth is { } t ? new { t.Unit, t.Patients, t.Slices, t.Synthetic, t.MeanTraining, t.HistogramMatched, gain = t.Gain, bar = DemoResult.LeastGain } : null,
        met = result.Met,
    }, MedGanClient.Json);

    /// <summary>Exact and mirrored planted copies together: these decide whether anything may be released.</summary>
    public static RateAnswer? Deciding(GateAnswer gate)
    {
        var deciding = gate.SelfTest.Where(planted => planted.Deciding).Select(planted => planted.Found).ToList();
        return deciding.Count == 0 ? null : new RateAnswer(deciding.Sum(r => r.Count), deciding.Sum(r => r.Of), deciding.Min(r => r.Low), deciding.Max(r => r.High));
    }

    public static string Rate(RateAnswer? rate) => rate is null ? "not measurable" : string.Create(CultureInfo.InvariantCulture, $"{rate.Count} of {rate.Of}");
}
