using MedGan.Jobs.Hosting;
using System.Diagnostics;
using System.Security.Cryptography;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Jobs.Tests.Hosting;

public sealed class WorkerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Worker_KilledInTheMiddleOfTraining_GoesOnFromItsCheckpointToTheWeightsOfAnUndisturbedRun()
    {
        await using var site = await TestSite.CreateAsync();
        await site.UploadCohortsAsync(patients: 2);
        var plan = TestSite.Plan(steps: 60);
        var disturbed = await site.QueueTrainingAsync(plan);
        using (var killed = WorkerProcess.Start(site.DataFolder))
        {
            await killed.WaitAsync(() => StepAsync(site, disturbed.Job, least: 10), Patience);
            await killed.KillAsync();
        }
        Assert.False((await site.JobAsync(disturbed.Job)).IsFinal, "the training was over before the worker was killed");

        var undisturbed = await site.QueueTrainingAsync(plan);
        using var worker = WorkerProcess.Start(site.DataFolder);
        var first = await worker.WaitAsync(() => EndAsync(site, disturbed.Job), Patience);
        var second = await worker.WaitAsync(() => EndAsync(site, undisturbed.Job), Patience);

        Assert.Equal((JobState.Succeeded, 2), (first.State, first.Epoch));
        Assert.Equal((JobState.Succeeded, 1), (second.State, second.Epoch));
        Assert.Contains(await LogAsync(site, disturbed.Job), line => line.StartsWith("Going on from the checkpoint of step", StringComparison.Ordinal));
        Assert.DoesNotContain(await LogAsync(site, undisturbed.Job), line => line.StartsWith("Going on from", StringComparison.Ordinal));
        Assert.Equal(WeightsSha256(site, undisturbed.Training), WeightsSha256(site, disturbed.Training));
    }

    [Fact]
    public async Task Cancel_RunningTraining_StopsWithinSeconds()
    {
        await using var site = await TestSite.CreateAsync();
        await site.UploadCohortsAsync(patients: 2);
        var (training, job) = await site.QueueTrainingAsync(TestSite.Plan(steps: 1_000_000));
        using var worker = WorkerProcess.Start(site.DataFolder);
        await worker.WaitAsync(() => StepAsync(site, job, least: 1), Patience);

        var clock = Stopwatch.StartNew();
        await site.Queue.CancelAsync(TestSite.Project, job, "researcher", TestContext.Current.CancellationToken);
        var ended = await worker.WaitAsync(() => EndAsync(site, job), Patience);
        Assert.Equal(JobState.Cancelled, ended.State);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(8));
        Assert.Equal(TrainingState.Cancelled, await site.ReadAsync(db => db.Trainings.Where(t => t.Id == training).Select(t => t.State).SingleAsync()));
    }

    [Fact]
    public async Task Worker_SecondOnTheSameFolder_EndsWithOneSentence()
    {
        await using var site = await TestSite.CreateAsync();
        using var first = WorkerProcess.Start(site.DataFolder);
        await first.WaitAsync(() => Task.FromResult(first.Errors.Contains("Ready on") ? first : null), Patience);
        await first.WaitAsync(() => Task.FromResult(File.Exists(Path.Combine(site.DataFolder, "quartz.db")) ? first : null), Patience);
        using var second = WorkerProcess.Start(site.DataFolder);
        Assert.Equal(2, await second.ExitAsync());
        Assert.Contains("Another worker is already using", second.Errors);
        Assert.DoesNotContain("   at ", second.Errors);
    }

    [Fact]
    public async Task Worker_DataFolderThatIsAFile_EndsWithOneSentence()
    {
        var path = Path.GetTempFileName();
        try
        {
            using var worker = WorkerProcess.Start(path);
            Assert.Equal(2, await worker.ExitAsync());
            Assert.Contains(path, worker.Errors);
            Assert.Contains("choose another", worker.Errors);
            Assert.Single(worker.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Worker_DataFolderOfALaterVersion_EndsWithOneSentence()
    {
        await using var site = await TestSite.CreateAsync();
        await site.ReadAsync(db => db.Database.ExecuteSqlRawAsync("INSERT INTO __EFMigrationsHistory VALUES ('99990101000000_FromTheFuture', '10.0.0')"));
        using var worker = WorkerProcess.Start(site.DataFolder);
        Assert.Equal(2, await worker.ExitAsync());
        Assert.Contains("later version of MedGan", worker.Errors);
    }

    [Fact]
    public async Task Worker_NativeLibraryMissing_EndsWithOneSentenceThatNamesIt()
    {
        await using var site = await TestSite.CreateAsync();
        var program = Path.Combine(site.DataFolder, "..", "program");
        Directory.CreateDirectory(program);
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory).Where(f => Path.GetExtension(f) is ".dll" or ".json"))
            File.Copy(file, Path.Combine(program, Path.GetFileName(file)));
        using var worker = WorkerProcess.Start(site.DataFolder, program);
        Assert.Equal(2, await worker.ExitAsync());
        Assert.Contains("libtorch", Assert.Single(worker.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
    }

    /// <summary>The job, once its training has taken so many steps and left a checkpoint of them.</summary>
    private static async Task<JobRecord?> StepAsync(TestSite site, Guid id, int least)
    {
        var job = await site.JobAsync(id);
        if (job.IsFinal) throw new InvalidOperationException($"The job has ended: {job.State}, {job.Error}");
        return site.Names(DataFiles.WorkFolder(id)).Contains($"samples/{(least + 9) / 10 * 10}.png") ? job : null;
    }

    private static async Task<JobRecord?> EndAsync(TestSite site, Guid id) => await site.JobAsync(id) is { IsFinal: true } job ? job : null;

    private static Task<List<string>> LogAsync(TestSite site, Guid job) =>
        site.ReadAsync(db => db.JobLogs.Where(l => l.JobId == job).Select(l => l.Line).ToListAsync());

    private static string WeightsSha256(TestSite site, Guid training) =>
        Convert.ToHexStringLower(SHA256.HashData(site.Read($"{DataFiles.ModelFolder(training)}/weights.safetensors")));
}
