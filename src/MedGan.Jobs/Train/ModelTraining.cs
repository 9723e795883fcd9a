using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using MedGan.Dicom.Volumes;
using MedGan.Jobs.Generate;
using MedGan.Jobs.Hosting;
using MedGan.Jobs.Images;
using MedGan.Models.Training;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;

namespace MedGan.Jobs.Train;

/// <summary>A finished model, still in the job's folder.</summary>
internal sealed record TrainedModel(string Folder, ModelCard Card, string CardJson, string CardMarkdown);

/// <summary>
/// Makes the model: the networks by the plan, then the cohort encoder that the privacy gate will look through, then the figures and the card.
/// Synchronous, on one thread, because the tensors live there.
/// </summary>
internal sealed class ModelTraining(
    TrainingRecord training, TrainingPlan plan, CohortSnapshot snapshot, CohortImages cohort, DataFiles files, ComputeDevice device, TimeProvider clock)
{
    /// <summary>Brings what an earlier run of the job stored, on whatever machine, into a folder of this one.</summary>
    public static async Task PullAsync(DataFiles files, Guid job, string work, CancellationToken ct)
    {
        await files.PullAsync(DataFiles.CheckpointFolder(job), Directory.CreateDirectory(Checkpoints(work)).FullName, ct);
        await files.PullAsync(TrainingFollower.Losses(job), work, ct);
    }

    /// <summary>Trains.</summary>
    /// <param name="lease">The job.</param>
    /// <param name="work">A folder of this machine, as <see cref="PullAsync"/> left it; the model is made in it.</param>
    /// <param name="progress">The job's.</param>
    public TrainedModel Run(JobLease lease, string work, JobProgress progress)
    {
        RequireTrainingImages(Modality.CT, training.CtCohort);
        RequireTrainingImages(Modality.MR, training.MrCohort);
        var folder = Path.Combine(work, "model");
        var result = TrainGenerators(lease, work, folder, progress);
        progress.Post(TrainJob.ShareOfTraining, "training the cohort encoder");
        TrainEncoder(folder, result.Steps, progress.Stopped);
        progress.Post(0.97, "measuring the model");
        var metrics = Measure(folder, progress.Stopped);
        return WriteCard(work, folder, result, metrics);
    }

    private TrainerResult TrainGenerators(JobLease lease, string work, string folder, JobProgress progress)
    {
        var method = MethodOf();
        using var trainer = new Trainer(plan, method.Method, method.Validate, clock);
        if (Restore(trainer, work, progress)) progress.Log($"Going on from the checkpoint of step {trainer.Step}.");
        foreach (var damage in trainer.DamagedCheckpoints) progress.Log($"A checkpoint was passed over: {damage}");
        var follower = new TrainingFollower(plan, method, trainer, files, lease, work, progress, clock);
        TrainerResult result;
        try
        {
            result = trainer.Run(Checkpoints(work), follower, progress.Stopped);
        }
        finally
        {
            follower.Stored(); // a worker that stops has stored its last checkpoint
        }
        follower.OnSamples(trainer.Step, trainer.Samples());
        follower.SaveLosses();
        trainer.Export(folder);
        follower.Stored();
        return result;
    }

    private CohortMethod MethodOf()
    {
        try
        {
            return CohortMethod.Of(plan, training.Source(), cohort);
        }
        catch (ArgumentException e)
        {
            throw new JobFailedException(e.Message, e); // such as: no pair of slices with a head in both
        }
    }

    /// <summary>A training's plan and data are fixed, so a checkpoint of others is one of an earlier version.</summary>
    private static bool Restore(Trainer trainer, string work, JobProgress progress)
    {
        try
        {
            return trainer.Restore(Checkpoints(work));
        }
        catch (InvalidDataException e)
        {
            progress.Log($"{e.Message} The training begins anew.");
            Directory.Delete(Checkpoints(work), recursive: true);
            return false;
        }
    }

    /// <summary>The trainer's own folder of checkpoints.</summary>
    internal static string Checkpoints(string work) => Path.Combine(work, "checkpoint");

    private void TrainEncoder(string folder, long trainingSteps, CancellationToken ct)
    {
        var images = CohortImages.ForTrainer([.. cohort.Training(Modality.CT), .. cohort.Training(Modality.MR)]);
        using var encoder = CohortEncoder.Train(images, plan.ImageSize, plan.Seed, EncoderSteps(trainingSteps), ct);
        encoder.Save(Path.Combine(folder, DataFiles.EncoderFile));
    }

    /// <summary>Enough for embeddings that tell patients apart, and never longer than the training itself.</summary>
    private static int EncoderSteps(long trainingSteps) => (int)Math.Clamp(trainingSteps / 2, 20, 300);

    private ModelMetrics Measure(string folder, CancellationToken ct)
    {
        using var model = ModelTranslations.Load(folder, training.Source(), plan.Device);
        return new ModelEvaluation(model, cohort).Measure(ct);
    }

    private TrainedModel WriteCard(string work, string folder, TrainerResult result, ModelMetrics metrics)
    {
        File.Copy(Path.Combine(work, "losses.json"), Path.Combine(folder, "losses.json"));
        var card = new ModelCard
        {
            Id = training.Id,
            Name = training.Name,
            MadeAt = clock.GetUtcNow(),
            SnapshotSha256 = snapshot.Sha256(),
            WeightsSha256 = Sha256(Path.Combine(folder, "weights.safetensors")),
            Ct = CohortOf(Modality.CT, training.CtCohort),
            Mr = CohortOf(Modality.MR, training.MrCohort),
            Translates = ModelCard.Directions(plan, training.Source()),
            Plan = JsonNode.Parse(plan.ToJson())!.AsObject(),
            Software = device.Software,
            Steps = result.Steps,
            DurationSeconds = result.Elapsed.TotalSeconds,
            FinalLosses = result.Losses is { } losses ? new LossPoint(result.Steps, losses) : null,
            Metrics = metrics,
            Limits = ModelCard.LimitsOf(plan),
        };
        var (json, markdown) = (JsonSerializer.Serialize(card, JobJson.Indented), ModelCardMarkdown.Of(card));
        AtomicFile.WriteText(Path.Combine(folder, "model-card.json"), json);
        AtomicFile.WriteText(Path.Combine(folder, "model-card.md"), markdown);
        return new TrainedModel(folder, card, json, markdown);
    }

    private CardCohort CohortOf(Modality modality, string name) => new(name,
        [.. Enum.GetValues<SourceSplit>().Select(split =>
        {
            var images = cohort.Of(modality).Where(image => image.Split == split).ToList();
            return new PartSize(split, images.Select(image => image.Patient).Distinct().Count(), images.Count);
        })]);

    private void RequireTrainingImages(Modality modality, string name)
    {
        if (cohort.Training(modality).Count == 0)
            throw new JobFailedException($"No {modality} slice of cohort {name} shows a head to train on.");
    }

    private static string Sha256(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
