using System.Globalization;
using MedGan.Storage.Objects;
using MedGan.Storage.Records;

namespace MedGan.Api.Trainings;

/// <summary>What a worker stores of a training's job as it goes: losses.json and samples/*.png.</summary>
public sealed class TrainingFiles(ObjectIndex objects)
{
    /// <summary>The loss curves, a JSON array; null while there are none.</summary>
    public Task<Stream?> LossesAsync(TrainingRecord training, CancellationToken ct) => objects.OpenAsync($"{Folder(training)}/losses.json", ct);

    /// <summary>The sample sheet of a step; null where there is none.</summary>
    public Task<Stream?> SamplesAtAsync(TrainingRecord training, long step, CancellationToken ct) =>
        objects.OpenAsync(string.Create(CultureInfo.InvariantCulture, $"{Folder(training)}/samples/{step}.png"), ct);

    /// <summary>The sample sheet of the highest step; null while there is none.</summary>
    public async Task<Stream?> LatestSamplesAsync(TrainingRecord training, CancellationToken ct)
    {
        var steps = (await objects.ListAsync($"{Folder(training)}/samples/", ct))
            .Select(path => long.TryParse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture, out var step) ? step : -1);
        return steps.DefaultIfEmpty(-1).Max() is var latest and >= 0 ? await SamplesAtAsync(training, latest, ct) : null;
    }

    private static string Folder(TrainingRecord training) => $"work/{training.JobId:N}";
}
