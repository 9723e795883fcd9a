using System.Globalization;
using System.Text;
using MedGan.Models.Training;

namespace MedGan.Jobs.CommandLine;

/// <summary>A model folder's model-card.md.</summary>
internal static class ModelReport
{
    public static void Write(string model, TrainingPlan plan, TrainerResult result, ModelData data)
    {
        var text = new StringBuilder();
        void Line(string line = "") => text.Append(line).Append('\n');
        string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
        Line($"# {Path.GetFileName(model)}");
        Line();
        Line("For research and software testing. Not a medical device: not for diagnosis, treatment planning, dose calculation, or any other decision about a patient.");
        Line("What it makes has passed no memorisation audit: a model may hold parts of its training images.");
        Line();
        Line("| | |");
        Line("| --- | --- |");
        Line($"| method | {plan.Method}, {plan.ImageSize} x {plan.ImageSize} pixels |");
        Line($"| takes | {data.Source.Scale.Unit} |");
        Line($"| makes | {data.Target.Scale.Unit} |");
        if (data.Classes.Count > 0) Line($"| classes | {string.Join(", ", data.Classes)} |");
        Line($"| trained on | {data.TrainingImages} images of {data.TrainingPatients} patients |");
        Line($"| held out | {data.HeldOutImages} images of {data.HeldOutPatients} patients |");
        Line($"| training | {result.Steps} steps, {Number(result.Elapsed.TotalMinutes)} minutes |");
        if (result.Best is { } best) Line($"| validation | {Number(best.Figure)} at step {best.Step} (less is better) |");
        foreach (var (name, value) in result.Losses ?? new Dictionary<string, double>()) Line($"| last losses: {name} | {Number(value)} |");
        Line();
        Line("```json");
        Line(plan.ToJson());
        Line("```");
        File.WriteAllText(Path.Combine(model, "model-card.md"), text.ToString());
    }
}
