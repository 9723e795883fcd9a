using System.Diagnostics;
using System.Globalization;
using MedGan.Dicom.Rendering;
using MedGan.Models.Training;

namespace MedGan.Jobs.CommandLine;

/// <summary>Tells standard error how a training goes, every few seconds, and keeps its samples as PNG files.</summary>
/// <param name="samples">The folder of the samples.</param>
internal sealed class TrainingProgress(string samples) : ITrainingFollower
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private long last, lastStep;

    public void OnStep(long step, IReadOnlyDictionary<string, double> losses)
    {
        if (last != 0 && Stopwatch.GetElapsedTime(last) < Every) return;
        var rate = last == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({(step - lastStep) / Stopwatch.GetElapsedTime(last).TotalSeconds:0.0}/s)");
        (last, lastStep) = (Stopwatch.GetTimestamp(), step);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {step}{rate}: {string.Join(", ", losses.Select(l => $"{l.Key} {l.Value:0.###}"))}"));
    }

    public void OnSamples(long step, SampleSheet sheet)
    {
        Directory.CreateDirectory(samples);
        var contact = new ContactSheet(Math.Clamp(sheet.Width, 64, 256));
        foreach (var (row, images) in sheet.Images.Chunk(sheet.Columns).Index())
            contact.Row($"{row + 1}", [.. images.Select(image => new GrayImage(sheet.Width, sheet.Height, [.. image.Select(v => (byte)Math.Clamp((v + 1) * 127.5f + 0.5f, 0, 255))]))]);
        File.WriteAllBytes(Path.Combine(samples, string.Create(CultureInfo.InvariantCulture, $"step-{step:D7}.png")), contact.ToPng());
    }

    public void OnValidation(Validation validation) =>
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {validation.Step}: held-out patients {validation.Figure:0.####} (less is better)"));
}
