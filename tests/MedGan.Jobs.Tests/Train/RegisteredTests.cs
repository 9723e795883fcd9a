using System.Text.Json.Nodes;
using MedGan.Dicom.Volumes;
using MedGan.Jobs.Train;
using MedGan.Models.Training;
using MedGan.Models.Training.Contrastive;
using MedGan.Models.Training.Paired;
using MedGan.Phantoms;
using MedGan.Storage;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Jobs.Tests.Train;

/// <summary>Methods of one direction, on cohorts of the same patients, whose CT and MR lie on the same voxels; one more CT has no partner.</summary>
public sealed class RegisteredTests : IAsyncLifetime
{
    private const int Patients = 3;

    private TestSite site = null!;

    public static PairedTranslationPlan Plan(string method) => new()
    {
        Method = method, ImageSize = 32, Slices = 3, GeneratorWidth = 4, Levels = 2, ResidualBlocks = 1, DiscriminatorWidth = 4, BatchSize = 2,
        MaxSteps = 6, CheckpointEverySteps = 3, SampleEverySteps = 3, Device = "cpu", Threads = 1,
    };

    public async ValueTask InitializeAsync()
    {
        site = await TestSite.CreateAsync();
        await site.UploadAsync("ct", site.Scan(400, PhantomModality.Ct));
        await site.UploadCohortsAsync(Patients, same: true);
    }

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public async Task Pairs_GoThroughTheService_FromMrToCt()
    {
        var (training, card) = await TrainAsync(Plan("residual-unet"), "MR");
        var snapshot = StorageJson.Read<CohortSnapshot>(training.SnapshotJson!);
        Assert.Equal((Patients, Patients), (snapshot.Of(Modality.CT).Count(), snapshot.Of(Modality.MR).Count()));
        foreach (var ct in snapshot.Of(Modality.CT)) Assert.Equal(ct.Patient, snapshot.Series.Single(s => s.Id == ct.RegisteredTo && s.Modality == Modality.MR).Patient);
        Assert.Equal(("residual-unet", "MR to CT"), ((string?)card["plan"]!["method"], (string?)card["translates"]![0]));
        Assert.Null(card["metrics"]!["mr"]);
        Assert.True((double?)card["metrics"]!["ct"]!["pairedMae"] > 0);
        Assert.Contains("# Model card: phantom\n\nTranslation from MR to CT (residual-unet) of the head", training.CardMarkdown);
        Assert.Equal(["3.png", "6.png"], site.Names($"{DataFolderOf(training)}/samples"));
        Assert.Equal(["adversarial", "discriminator", "discriminatorAccuracy", "generator", "l1", "step"], Losses(training)[0]!.AsObject().Select(loss => loss.Key).Order());

        var set = await GenerateAsync(training);
        var series = await site.SeriesAsync(set);
        Assert.Equal(snapshot.Of(Modality.MR).Select(s => s.Id).Order(), series.Select(s => s.SourceSeriesId).Order());
        Assert.All(series, s => Assert.Equal("CT", s.TargetModality));
        await site.RunNextAsync(JobKind.PrivacyGate);
        await site.RunNextAsync(JobKind.Publish);
        var row = await site.SetAsync(set);
        Assert.Equal(["ct"], JsonNode.Parse(row.ReportJson!)!["modalities"]!.AsObject().Select(modality => modality.Key));
        series = await site.SeriesAsync(set);
        Assert.Equal(12 * Patients, series.Sum(s => s.ReleasedCount + s.WithheldCount));
        Assert.Contains(row.State, (SyntheticSetState[])[SyntheticSetState.Released, SyntheticSetState.Withheld]);
    }

    [Fact]
    public async Task UnpairedMethod_OfOneDirection_MakesMrOfCt()
    {
        var plan = new ContrastiveTranslationPlan
        {
            Method = "cut", ImageSize = 32, GeneratorWidth = 4, ResidualBlocks = 3, DiscriminatorWidth = 4, BatchSize = 1, Patches = 16, MaxSteps = 2, Device = "cpu", Threads = 1,
        };
        var (training, card) = await TrainAsync(plan, null);
        Assert.Equal(2 * Patients + 1, StorageJson.Read<CohortSnapshot>(training.SnapshotJson!).Series.Count); // who has no partner is learnt from, too
        Assert.Null(card["metrics"]!["ct"]);
        Assert.Null(card["metrics"]!["mr"]!["pairedMae"]);
        var series = await site.SeriesAsync(await GenerateAsync(training));
        Assert.Equal((Patients + 1, true), (series.Count, series.All(s => s.TargetModality == "MR")));
    }

    private async Task<(TrainingRecord Training, JsonNode Card)> TrainAsync(TrainingPlan plan, string? source)
    {
        var (id, job) = await site.QueueTrainingAsync(plan, source);
        await site.RunAsync(job);
        var training = await site.ReadAsync(db => db.Trainings.AsNoTracking().SingleAsync(t => t.Id == id));
        return (training, JsonNode.Parse(training.CardJson!)!);
    }

    private async Task<Guid> GenerateAsync(TrainingRecord training)
    {
        var (set, job) = await site.QueueGenerationAsync(training.Id);
        await site.RunAsync(job);
        return set;
    }

    private static string DataFolderOf(TrainingRecord training) => $"work/{training.JobId:N}";

    private JsonArray Losses(TrainingRecord training) => JsonNode.Parse(site.Read($"{DataFolderOf(training)}/losses.json"))!.AsArray();
}
