using MedGan.Dicom.Volumes;
using MedGan.Jobs.Hosting;
using MedGan.Jobs.Images;
using MedGan.Jobs.Messages;
using MedGan.Models.Training;
using MedGan.Storage.Audit;
using MedGan.Storage.Outbox;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Jobs.Train;

/// <summary>Train: a snapshot of two cohorts becomes a model folder with its card. Started again after a crash, it goes on from the last checkpoint.</summary>
internal sealed class TrainJob(IDbContextFactory<MedGanDb> dbs, OutboxStore outbox, DataFiles files, ComputeDevice device, TimeProvider clock) : IJobHandler
{
    /// <summary>How much of the job's progress the training of the networks takes; the rest is the cohort encoder and the evaluation.</summary>
    public const double ShareOfTraining = 0.9;

    public async Task HandleAsync(JobLease lease, CancellationToken ct)
    {
        var training = await ReadAsync(lease.Request<TrainRequest>().TrainingId, ct);
        var plan = PlanOf(training);
        var snapshot = await new Snapshots(dbs, files).FixAsync(lease, training, plan, ct);
        await lease.LogAsync($"Data snapshot {snapshot.Sha256()}: {snapshot.Of(Modality.CT).Count()} CT and {snapshot.Of(Modality.MR).Count()} MR series{(snapshot.Series.Any(s => s.RegisteredTo is not null) ? ", in registered pairs" : "")}.", ct);
        using var work = files.NewFolder();
        await ModelTraining.PullAsync(files, lease.Id, work.Path, ct);
        var model = await TrainAsync(lease, training, plan, snapshot, work.Path, ct);
        await StoreAsync(lease, training, model, ct);
        await files.RemoveAsync(DataFiles.CheckpointFolder(lease.Id), ct);
    }

    private async Task<TrainedModel> TrainAsync(JobLease lease, TrainingRecord training, TrainingPlan plan, CohortSnapshot snapshot, string work, CancellationToken ct)
    {
        await using var progress = new JobProgress(lease, ct);
        try
        {
            // Gradients are switched on and off for each thread, so everything that holds tensors stays on one.
            return await Task.Run(() =>
            {
                var cohort = CohortImages.Load(snapshot, series => files.ReadVolume(series.VolumePath), plan.ImageSize, progress.Stopped);
                return new ModelTraining(training, plan, snapshot, cohort, files, device, clock).Run(lease, work, progress);
            }, ct);
        }
        catch (TrainingStoppedException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    private async Task StoreAsync(JobLease lease, TrainingRecord training, TrainedModel model, CancellationToken ct)
    {
        await files.PushAsync(lease, model.Folder, DataFiles.ModelFolder(training.Id), DataFiles.ModelFolder(training.Id), ct);
        await lease.LogAsync($"Model complete after {model.Card.Steps} steps: weights {model.Card.WeightsSha256}.", ct);
        await lease.CompleteAsync(
            new { training = training.Id, steps = model.Card.Steps, weightsSha256 = model.Card.WeightsSha256 },
            async (db, audit) =>
            {
                var row = await db.Trainings.SingleAsync(t => t.Id == training.Id, ct);
                row.State = TrainingState.Completed;
                row.ModelPath = DataFiles.ModelFolder(training.Id);
                row.CardJson = model.CardJson;
                row.CardMarkdown = model.CardMarkdown;
                audit.Append(AuditActions.TrainingCompleted, new
                {
                    training = training.Id,
                    snapshot = model.Card.SnapshotSha256,
                    weights = model.Card.WeightsSha256,
                    steps = model.Card.Steps,
                    method = (string?)model.Card.Plan["method"],
                    seed = (long?)model.Card.Plan["seed"],
                });
                outbox.Add(db, training.Project, lease.Correlation, new TrainingCompleted(
                    training.Project, training.Id, training.Name, model.Card.Steps, model.Card.SnapshotSha256, model.Card.WeightsSha256));
            }, ct);
    }

    private TrainingPlan PlanOf(TrainingRecord training)
    {
        try
        {
            var plan = TrainingPlan.FromJson(training.PlanJson);
            if (CohortMethod.WhyNot(plan) is { } why) throw new JobFailedException(why);
            if (plan.Validate() is { Count: > 0 } errors) throw new JobFailedException(string.Join(' ', errors));
            return plan with { Device = device.For(plan.Device) };
        }
        catch (InvalidDataException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    private async Task<TrainingRecord> ReadAsync(Guid id, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        return await db.Trainings.AsNoTracking().SingleOrDefaultAsync(t => t.Id == id, ct)
            ?? throw new JobFailedException("The training of this job does not exist any more.");
    }
}
