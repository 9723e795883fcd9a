using MedGan.Jobs.Hosting;
using MedGan.Storage.Objects.Stores;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using MedGan.Testing;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Jobs.Tests.Hosting;

/// <summary>A worker needs the database, the bucket and the keys: what one machine began, another brings to its end.</summary>
public sealed class AnotherMachineTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TrainingStoppedOnOneMachine_GoesOnFromItsCheckpointOnAnother_AndAThirdGeneratesJudgesAndPublishes()
    {
        Assert.SkipUnless(S3Server.Exists, S3Server.WhyAbsent);
        await using var server = await S3Server.StartAsync(Ct);
        var bucket = new S3Settings { ServiceUrl = server.Url.ToString().TrimEnd('/'), Bucket = S3Server.Bucket, AccessKey = S3Server.Key, SecretKey = S3Server.Key };
        TestSite second;
        Guid training, job;
        await using (var first = await TestSite.CreateAsync(bucket))
        {
            await first.UploadCohortsAsync(patients: 3);
            (training, job) = await first.QueueTrainingAsync(TestSite.Plan(steps: 100_000));
            await StopAfterACheckpointAsync(first, job);
            // The rest of the budget is for the second machine: no more than it has stored already, or a few steps.
            await first.ReadAsync(db => db.Trainings.Where(t => t.Id == training).ExecuteUpdateAsync(rows => rows.SetProperty(t => t.PlanJson, TestSite.Plan(steps: 20).ToJson()), Ct));
            second = await first.OnAnotherMachineAsync();
        } // the first machine and its disk are gone
        TestSite third;
        await using (second)
        {
            await second.RunAsync(job);
            Assert.Contains(await second.ReadAsync(db => db.JobLogs.Where(l => l.JobId == job).Select(l => l.Line).ToListAsync(Ct)), line => line.StartsWith("Going on from the checkpoint of step ", StringComparison.Ordinal));
            Assert.Empty(ScratchFiles(second));
            third = await second.OnAnotherMachineAsync();
        }
        await using (third)
        {
            var (set, generate) = await third.QueueGenerationAsync(training);
            await third.RunAsync(generate);
            await third.RunNextAsync(JobKind.PrivacyGate);
            await third.RunNextAsync(JobKind.Publish);
            var row = await third.SetAsync(set);
            Assert.True(row.State is SyntheticSetState.Released or SyntheticSetState.Withheld, row.State.ToString());
            Assert.NotEmpty(third.Read(row.ArchivePath!));
            Assert.Empty(third.Names(DataFiles.QuarantineFolder(generate)));
            Assert.Empty(ScratchFiles(third));
            Assert.Empty(Directory.GetFiles(third.Options.StoreFolder, "*", SearchOption.AllDirectories)); // nothing lies here: all is in the bucket
        }
    }

    /// <summary>Runs a training until its first checkpoint is stored, then stops it as a worker that is told to stop does.</summary>
    private static async Task StopAfterACheckpointAsync(TestSite site, Guid job)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var lease = (await site.Queue.TakeAsync(job, Ct))!;
        var running = Task.Run(() => site.Stage(lease).HandleAsync(lease, stop.Token), Ct);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (site.Names(DataFiles.CheckpointFolder(job)).Count == 0 && !running.IsCompleted) await timer.WaitForNextTickAsync(Ct);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Contains(site.Names(DataFiles.CheckpointFolder(job)), name => name.EndsWith("/manifest.json", StringComparison.Ordinal));
    }

    private static string[] ScratchFiles(TestSite site) =>
        [.. Directory.GetFiles(site.Options.ScratchFolder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))];
}
