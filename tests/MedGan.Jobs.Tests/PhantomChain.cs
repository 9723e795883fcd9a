using MedGan.Dicom.Volumes;
using MedGan.Jobs.Hosting;
using MedGan.Jobs.Images;
using MedGan.Jobs.Tests;
using MedGan.Jobs.Train;
using MedGan.Storage;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

[assembly: AssemblyFixture(typeof(PhantomChain))]
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]

namespace MedGan.Jobs.Tests;

/// <summary>
/// The main job once, on four small phantoms of each modality: ingest, train, generate, privacy gate, publish. Between
/// generation and the gate an exact copy of a training image is planted in the quarantine, where a generator that has
/// memorised it would have painted it.
/// </summary>
public sealed class PhantomChain : IAsyncLifetime
{
    internal const int Patients = 4, PlantedSlice = 5;

    internal TestSite Site { get; private set; } = null!;

    internal TrainingRecord Training { get; private set; } = null!;

    internal CohortSnapshot Snapshot { get; private set; } = null!;

    internal Guid Set { get; private set; }

    /// <summary>The synthetic series that holds the planted copy, and the name of the training image it is a copy of.</summary>
    internal (Guid Series, string TrainingImage) Planted { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Site = await TestSite.CreateAsync();
        await Site.UploadCohortsAsync(Patients);
        var (training, train) = await Site.QueueTrainingAsync(TestSite.Plan(steps: 20));
        await Site.RunAsync(train);
        Training = await Site.ReadAsync(db => db.Trainings.AsNoTracking().SingleAsync(t => t.Id == training));
        Snapshot = StorageJson.Read<CohortSnapshot>(Training.SnapshotJson!);
        (Set, var generate) = await Site.QueueGenerationAsync(training);
        await Site.RunAsync(generate);
        Planted = await PlantAsync();
        await Site.RunNextAsync(JobKind.PrivacyGate);
        await Site.RunNextAsync(JobKind.Publish);
    }

    public ValueTask DisposeAsync() => Site.DisposeAsync();

    private async Task<(Guid, string)> PlantAsync()
    {
        var target = (await Site.SeriesAsync(Set)).First(s => s.TargetModality == "MR");
        var cohort = CohortImages.Load(Snapshot, s => Site.Files.ReadVolume(s.VolumePath), size: 32, CancellationToken.None);
        var copied = cohort.Training(Modality.MR)[PlantedSlice];
        var source = Site.Files.ReadVolume(Snapshot.Series.Single(s => s.Id == target.SourceSeriesId).VolumePath);
        var volume = Site.Files.ReadVolume(target.QuarantinePath!);
        var pixels = (float[])copied.Slice.Pixels.Clone();
        Intensity.FromModel(Modality.MR, pixels);
        InPlaneGrid.For(source, 32).Restore(pixels, volume.Slice(PlantedSlice), outside: 0);
        await Site.PlantAsync(target.QuarantinePath!, stream => VolumeFile.Write(volume, stream));
        return (target.Id, copied.Id);
    }
}
