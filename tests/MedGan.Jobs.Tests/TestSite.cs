using FellowOakDicom;
using MedGan.Jobs.Hosting;
using MedGan.Models.Training;
using MedGan.Phantoms;
using MedGan.Privacy.Deidentification;
using MedGan.Storage;
using MedGan.Storage.Objects;
using MedGan.Storage.Objects.Stores;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MedGan.Jobs.Tests;

/// <summary>A data folder of its own with real storage, phantom uploads, and the stages to run by hand.</summary>
internal sealed class TestSite : IAsyncDisposable
{
    public const string Project = "brain";

    private readonly string root = Directory.CreateTempSubdirectory("medgan-jobs").FullName;
    private readonly ServiceProvider services;

    public TestSite(S3Settings? bucket = null)
    {
        Options = new StorageOptions { DataFolder = Path.Combine(root, "data"), S3 = bucket };
        services = new ServiceCollection().AddLogging().AddStages(Options, ComputeDevice.Choose()).BuildServiceProvider();
    }

    public StorageOptions Options { get; }

    public string DataFolder => Options.DataFolder;

    public DataFiles Files => services.GetRequiredService<DataFiles>();

    public JobQueue Queue => services.GetRequiredService<JobQueue>();

    /// <summary>The headers that were uploaded, as they came, to look for afterwards.</summary>
    public List<DicomDataset> Originals { get; } = [];

    public T Service<T>() where T : notnull => services.GetRequiredService<T>();

    public static async Task<TestSite> CreateAsync(S3Settings? bucket = null)
    {
        var site = new TestSite(bucket);
        await site.services.MigrateAsync();
        return site;
    }

    /// <summary>Another machine, which has this one's database, keys and bucket, and nothing else of it.</summary>
    public async Task<TestSite> OnAnotherMachineAsync()
    {
        await ReadAsync(db => db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)"));
        var other = new TestSite(Options.S3);
        var keys = Directory.CreateDirectory(other.Options.KeysFolder).FullName;
        File.Copy(Options.DatabasePath, other.Options.DatabasePath);
        foreach (var key in Directory.GetFiles(Options.KeysFolder)) File.Copy(key, Path.Combine(keys, Path.GetFileName(key)));
        await other.services.MigrateAsync();
        return other;
    }

    /// <summary>A small plan that runs in seconds.</summary>
    public static CycleGanPlan Plan(long steps) => new()
    {
        ImageSize = 32,
        GeneratorWidth = 4,
        ResidualBlocks = 1,
        DiscriminatorWidth = 4,
        BatchSize = 2,
        PoolSize = 8,
        Seed = 7,
        MaxSteps = steps,
        CheckpointEverySteps = 5,
        SampleEverySteps = 10,
        Device = "cpu",
        Threads = 1,
    };

    /// <summary>A phantom's files as a scanner would have written them, each changed by <paramref name="change"/>.</summary>
    public IReadOnlyList<DicomFile> Scan(int seed, PhantomModality modality, Action<DicomDataset>? change = null)
    {
        var folder = Path.Combine(root, "scanner", $"{modality}-{seed}");
        Directory.CreateDirectory(folder);
        PhantomSeries.Write(PhantomPatient.Create(seed), modality, folder, new PhantomGrid(Columns: 48, Slices: 12, PixelSpacingMm: 5, SliceSpacingMm: 9));
        var files = Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(path => DicomFile.Open(path)).ToList();
        foreach (var file in files)
        {
            change?.Invoke(file.Dataset);
            Originals.Add(file.Dataset);
        }
        return files;
    }

    /// <summary>De-identifies and stores, as the API does; returns the series.</summary>
    public async Task<IReadOnlyList<SeriesRecord>> UploadAsync(string cohort, IEnumerable<DicomFile> files)
    {
        var key = PseudonymKey.FromBytes([.. Enumerable.Range(1, 32).Select(n => (byte)n)]).ForProject(Project);
        var deidentifier = new Deidentifier(key);
        var instances = files.Select(deidentifier.Apply).ToList();
        var uids = instances.Select(i => i.SeriesInstanceUid).ToHashSet();
        await Service<CohortStore>().PutAsync(Project, cohort, instances, "steward");
        return await ReadAsync(db => db.Series.AsNoTracking().Where(s => s.Cohort == cohort && uids.Contains(s.SeriesInstanceUid)).ToListAsync());
    }

    /// <summary>Uploads phantoms of both modalities and ingests them: other patients, or the same ones, whose images then lie on the same voxels.</summary>
    public async Task UploadCohortsAsync(int patients, bool same = false)
    {
        var series = new List<Guid>();
        for (var n = 0; n < patients; n++)
        {
            series.AddRange((await UploadAsync("ct", Scan(100 + n, PhantomModality.Ct))).Select(s => s.Id));
            series.AddRange((await UploadAsync("mr", Scan((same ? 100 : 200) + n, PhantomModality.MrT1))).Select(s => s.Id));
        }
        foreach (var cohort in new[] { "ct", "mr" })
        {
            var ids = await ReadAsync(db => db.Series.Where(s => s.Cohort == cohort).Select(s => s.Id).ToListAsync());
            await RunAsync(await Queue.EnqueueAsync(Project, JobKind.Ingest, new IngestRequest(Project, cohort, ids), "steward"));
        }
    }

    /// <summary>A training with its queued job.</summary>
    public async Task<(Guid Training, Guid Job)> QueueTrainingAsync(TrainingPlan plan, string? source = null, string ctCohort = "ct", string mrCohort = "mr") => await WriteAsync(db =>
    {
        var training = new TrainingRecord
        {
            Id = Guid.NewGuid(),
            Project = Project,
            Name = "phantom",
            CtCohort = ctCohort,
            MrCohort = mrCohort,
            SourceModality = source,
            PlanJson = plan.ToJson(),
            CreatedAt = DateTimeOffset.UtcNow,
        };
        training.JobId = Queue.Add(db, Project, JobKind.Train, new TrainRequest(training.Id), "researcher");
        db.Trainings.Add(training);
        return (training.Id, training.JobId);
    });

    /// <summary>A synthetic set with its queued job.</summary>
    public async Task<(Guid Set, Guid Job)> QueueGenerationAsync(Guid training) => await WriteAsync(db =>
    {
        var set = Guid.NewGuid();
        var job = Queue.Add(db, Project, JobKind.Generate, new GenerateRequest(set), "researcher");
        db.SyntheticSets.Add(new SyntheticSetRecord
        {
            Id = set,
            Project = Project,
            TrainingId = training,
            JobIds = $$"""{"generate":"{{job}}"}""",
            CreatedAt = DateTimeOffset.UtcNow,
        });
        return (set, job);
    });

    /// <summary>Runs one queued job to its end in this process; what the stage throws is thrown.</summary>
    public async Task<JobRecord> RunAsync(Guid job)
    {
        var lease = await Queue.TakeAsync(job) ?? throw new InvalidOperationException("There is no such job to take.");
        await Stage(lease).HandleAsync(lease, CancellationToken.None);
        return await JobAsync(job);
    }

    /// <summary>The stage that runs a job, as the worker makes it.</summary>
    public IJobHandler Stage(JobLease lease) => WorkerServices.Handler(services, lease.Kind);

    /// <summary>Runs the queued job of a kind.</summary>
    public async Task<JobRecord> RunNextAsync(JobKind kind) =>
        await RunAsync(await ReadAsync(db => db.Jobs.Where(j => j.Kind == kind && j.State == JobState.Queued).Select(j => j.Id).SingleAsync()));

    public Task<JobRecord> JobAsync(Guid job) => ReadAsync(db => db.Jobs.AsNoTracking().SingleAsync(j => j.Id == job));

    public Task<SyntheticSetRecord> SetAsync(Guid set) => ReadAsync(db => db.SyntheticSets.AsNoTracking().SingleAsync(s => s.Id == set));

    public Task<List<SyntheticSeriesRecord>> SeriesAsync(Guid set) =>
        ReadAsync(db => db.SyntheticSeries.AsNoTracking().Where(s => s.SetId == set).OrderBy(s => s.SeriesInstanceUid).ToListAsync());

    public Task<List<string>> AuditAsync(string action) => ReadAsync(db =>
        db.AuditLeaves.AsNoTracking().OrderBy(l => l.Index).Select(l => l.LeafJson).Where(json => json.Contains($"\"action\":\"{action}\"")).ToListAsync());

    public async Task<T> ReadAsync<T>(Func<MedGanDb, Task<T>> read)
    {
        await using var db = await Service<IDbContextFactory<MedGanDb>>().CreateDbContextAsync();
        return await read(db);
    }

    /// <summary>What is stored under a path, opened.</summary>
    public byte[] Read(string path)
    {
        using var stream = Files.OpenAsync(path, CancellationToken.None).GetAwaiter().GetResult();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>The names of what is stored in a folder.</summary>
    public IReadOnlyList<string> Names(string folder) =>
        [.. Files.ListAsync(folder, CancellationToken.None).GetAwaiter().GetResult().Select(path => path[(folder.Length + 1)..])];

    /// <summary>Puts something in the place of what is stored under a path, as whoever has the keys could.</summary>
    public async Task PlantAsync(string path, Action<Stream> write)
    {
        var lease = (await Queue.TakeAsync(await Queue.EnqueueAsync(Project, JobKind.Ingest, new IngestRequest(Project, "none", []), "test")))!;
        await Files.WriteAsync(lease, path, write, CancellationToken.None);
        await lease.CompleteAsync(new { });
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(root, recursive: true);
    }

    private async Task<T> WriteAsync<T>(Func<MedGanDb, T> write)
    {
        await using var db = await Service<IDbContextFactory<MedGanDb>>().CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var result = write(db);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
        return result;
    }
}
