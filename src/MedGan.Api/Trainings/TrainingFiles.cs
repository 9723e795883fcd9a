using System.Globalization;
using MedGan.Storage;
using MedGan.Storage.Records;

namespace MedGan.Api.Trainings;

/// <summary>What a worker leaves in the working folder of a training's job as it goes: losses.json and samples/*.png.</summary>
public sealed class TrainingFiles(DataFiles files, StorageOptions options)
{
    /// <summary>The loss curves, a JSON array; null while there are none.</summary>
    public FileStream? Losses(TrainingRecord training) => files.Open(Path.Combine(Folder(training), "losses.json"));

    /// <summary>The sample sheet of a step; null where there is none.</summary>
    public FileStream? SamplesAt(TrainingRecord training, long step) =>
        files.Open(Path.Combine(Folder(training), "samples", step.ToString(CultureInfo.InvariantCulture) + ".png"));

    /// <summary>The sample sheet of the highest step; null while there is none.</summary>
    public FileStream? LatestSamples(TrainingRecord training)
    {
        var folder = new DirectoryInfo(Path.Combine(Folder(training), "samples"));
        var steps = folder.Exists
            ? folder.EnumerateFiles("*.png").Select(f => long.TryParse(Path.GetFileNameWithoutExtension(f.Name), out var step) ? step : -1)
            : [];
        return steps.DefaultIfEmpty(-1).Max() is var latest and >= 0 ? SamplesAt(training, latest) : null;
    }

    private string Folder(TrainingRecord training) => options.WorkFolder(training.JobId);
}
