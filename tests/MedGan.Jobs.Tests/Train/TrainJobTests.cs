using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MedGan.Dicom.Volumes;
using MedGan.Jobs.Hosting;
using MedGan.Jobs.Train;
using MedGan.Models.Training;
using MedGan.Storage;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;

namespace MedGan.Jobs.Tests.Train;

public sealed class TrainJobTests(PhantomChain chain)
{
    private string Model => chain.Training.ModelPath!;

    [Fact]
    public void Train_FourPatientsOfEachModality_AreSplitByPatient()
    {
        foreach (var modality in Enum.GetValues<Modality>())
        {
            var series = chain.Snapshot.Of(modality).ToList();
            Assert.Equal(PhantomChain.Patients, series.Select(s => s.Patient).Distinct().Count());
            Assert.Equal(2, series.Count(s => s.Split == SourceSplit.Train));
            Assert.Single(series, s => s.Split == SourceSplit.Validation);
            Assert.Single(series, s => s.Split == SourceSplit.Test);
        }
    }

    [Fact]
    public void Train_Card_NamesDataConfigurationFiguresAndWeights()
    {
        var card = JsonNode.Parse(chain.Training.CardJson!)!;
        Assert.Equal(chain.Training.SnapshotSha256, (string?)card["snapshotSha256"]);
        Assert.Equal(chain.Snapshot.Sha256(), chain.Training.SnapshotSha256);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(chain.Site.Read($"{Model}/weights.safetensors"))), (string?)card["weightsSha256"]);
        Assert.Equal(7, (long?)card["plan"]!["seed"]);
        Assert.Equal(20, (long?)card["steps"]);
        Assert.True((bool?)card["metrics"]!["heldOut"]);
        foreach (var modality in new[] { "ct", "mr" })
        {
            var metrics = card["metrics"]![modality]!;
            Assert.Equal(2, (int?)metrics["patients"]);
            Assert.True((double?)metrics["cycleMae"] > 0);
            Assert.True((double?)metrics["syntheticHistogramDistance"] > 0);
            Assert.Equal([2, 1, 1], card[modality]!["parts"]!.AsArray().Select(part => (int)part!["patients"]!));
        }
        Assert.Contains(chain.Training.SnapshotSha256!, chain.Training.CardMarkdown);
        Assert.Contains("Not a medical device", chain.Training.CardMarkdown);
    }

    [Fact]
    public void Train_LeavesLossCurvesAndSampleSheetsForTheApi()
    {
        var work = DataFiles.WorkFolder(chain.Training.JobId);
        var losses = JsonNode.Parse(chain.Site.Read($"{work}/losses.json"))!.AsArray();
        Assert.Equal(Enumerable.Range(1, 20), losses.Select(point => (int)point!["step"]!));
        Assert.Equal(
            ["step", "generator", "cycle", "identity", "edges", "atlas", "adversarial", "discriminatorA", "discriminatorB", "discriminatorAccuracy"], losses[0]!.AsObject().Select(p => p.Key));
        Assert.Equal(["10.png", "20.png"], chain.Site.Names($"{work}/samples"));
        Assert.Empty(chain.Site.Names(DataFiles.CheckpointFolder(chain.Training.JobId))); // a finished training needs none
    }

    [Fact]
    public void Train_ModelFolder_HoldsEverythingThatGenerationAndGateNeed() =>
        Assert.Superset(
            new HashSet<string?> { "weights.safetensors", "plan.json", "metrics.json", DataFiles.EncoderFile, "model-card.json", "model-card.md", "losses.json" },
            chain.Site.Names(Model).ToHashSet<string?>());

    [Fact]
    public void Markdown_NameMadeToBreakThePage_StaysOneHarmlessLine()
    {
        var card = StorageJson.Read<ModelCard>(chain.Training.CardJson!) with { Name = "a | b\n# forged\n<script>" };
        var lines = ModelCardMarkdown.Of(card).Split('\n');
        Assert.Equal("# Model card: a - b # forged -script-", lines[0]);
        Assert.Equal(1, lines.Count(line => line.StartsWith("# ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Train_EmptyCohort_FailsWithASentenceThatSaysWhatToDo()
    {
        await using var site = await TestSite.CreateAsync();
        var (_, job) = await site.QueueTrainingAsync(TestSite.Plan(steps: 1));
        var error = await Assert.ThrowsAsync<JobFailedException>(() => site.RunAsync(job));
        Assert.Contains("Cohort ct has no CT series", error.Message);
    }

    [Fact]
    public async Task Train_OnPairs_WhereNoPatientIsInBothCohorts_FailsWithTheReason()
    {
        var (_, job) = await chain.Site.QueueTrainingAsync(RegisteredTests.Plan("pix2pix"));
        var error = await Assert.ThrowsAsync<JobFailedException>(() => chain.Site.RunAsync(job));
        Assert.Contains("The method pix2pix learns from registered pairs", error.Message);
        Assert.Contains("0 patients are in both", error.Message);
    }

    [Fact]
    public async Task Train_ByAMethodThatIsNotTheServices_FailsWithItsName()
    {
        var (_, job) = await chain.Site.QueueTrainingAsync(TrainingPlan.FromJson("""{"method": "srresnet", "maxSteps": 1}"""));
        Assert.Contains("The service does not train by srresnet", (await Assert.ThrowsAsync<JobFailedException>(() => chain.Site.RunAsync(job))).Message);
    }

    [Fact]
    public async Task Train_ImpossiblePlan_FailsWithEveryErrorAtOnce()
    {
        var (_, job) = await chain.Site.QueueTrainingAsync(TestSite.Plan(steps: 1) with { ImageSize = 33, BatchSize = 0 });
        var error = await Assert.ThrowsAsync<JobFailedException>(() => chain.Site.RunAsync(job));
        Assert.Contains("imageSize", error.Message);
        Assert.Contains("batchSize", error.Message);
    }
}
