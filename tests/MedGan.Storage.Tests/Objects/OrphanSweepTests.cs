using System.Diagnostics;
using MedGan.Storage.Objects;
using MedGan.Storage.Objects.Stores;
using MedGan.Storage.Records;
using MedGan.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MedGan.Storage.Tests.Objects;

/// <summary>Objects whose process died are removed, those of living processes and those with a name are not: in the data folder and in a bucket.</summary>
public abstract class OrphanSweepContract : IAsyncLifetime
{
    private DataFolder _folder = null!;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IObjectStore Store => _folder.Get<IObjectStore>();
    private OrphanSweep Sweep => _folder.Get<OrphanSweep>();

    protected abstract Task<S3Settings?> BucketAsync();

    public async ValueTask InitializeAsync() => _folder = await DataFolder.CreateAsync(bucket: await BucketAsync());

    public virtual async ValueTask DisposeAsync()
    {
        if (_folder is not null) await _folder.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Sweep_ProcessKilledBetweenPlacingAndNaming_LeavesNothing()
    {
        await _folder.Get<CohortStore>().PutAsync("p", "ct", Material.Upload(1, 2), "steward", ct: Ct);
        var kept = await NamesAsync();
        using var process = DataFolder.StartSelf(["place", _folder.Path, .. Bucket()]);
        Assert.Equal("placed", await process.StandardOutput.ReadLineAsync(Ct)); // two objects in the store, one half way in its scratch
        Assert.Equal(4, (await NamesAsync()).Count);
        Assert.Equal(0, await Sweep.RunAsync(Ct)); // it lives
        Assert.Equal(4, (await NamesAsync()).Count);
        Assert.NotEmpty(Scratch());

        process.Kill();
        await process.WaitForExitAsync(Ct);
        Assert.Equal(2, await Sweep.RunAsync(Ct)); // at once, not a day later
        Assert.Equal(kept, await NamesAsync());
        await Sweep.RunAsync(Ct);
        Assert.Empty(Scratch());
        Assert.Single((await WritersAsync()), w => !w.Ended);
    }

    [Fact]
    public async Task Sweep_SilentProcessThatStillLives_CanNameNothingAnyMore_AndGoesOnUnderAnotherId()
    {
        await using var other = _folder.Second();
        var lease = await LeaseAsync(other);
        var index = other.GetRequiredService<ObjectIndex>();
        await index.WriteAsync(lease, "work/a", stream => stream.Write("first"u8), Ct);
        var writer = await other.GetRequiredService<StoreWriter>().IdAsync(Ct);
        await using var placement = index.NewPlacement();
        var staged = await placement.AddAsync("p", stream => stream.Write("late"u8), Ct);
        await placement.PlacedAsync();

        await using (var db = _folder.Db()) // as one of another machine, whose lock nobody here sees, that was paused
            await db.StoreWriters.Where(w => w.Id == writer).ExecuteUpdateAsync(rows => rows.SetProperty(w => w.SeenAt, DateTimeOffset.UtcNow - StoreWriter.Silence - TimeSpan.FromSeconds(1)), Ct);
        Assert.Equal(1, await Sweep.RunAsync(Ct));

        await Assert.ThrowsAsync<WriterLostException>(() => lease.WriteAsync((db, _) => placement.NameAsync(db, "work/late", staged, Ct), Ct));
        Assert.Null(await index.OpenAsync("work/late", Ct));
        Assert.Equal("first", await TextAsync(index, "work/a")); // what has a name stays
        await other.GetRequiredService<StoreWriter>().BeatOnceAsync(Ct);
        await index.WriteAsync(lease, "work/b", stream => stream.Write("second"u8), Ct);
        Assert.Equal("second", await TextAsync(index, "work/b"));
        Assert.NotEqual(writer, await other.GetRequiredService<StoreWriter>().IdAsync(Ct));
    }

    [Fact]
    public async Task Write_OverAnother_RemovesTheOldObject_AndAStaleWorkerChangesNothing()
    {
        var index = _folder.Get<ObjectIndex>();
        var lease = await LeaseAsync(_folder.Get<IServiceProvider>());
        await index.WriteAsync(lease, "work/a", stream => stream.Write("first"u8), Ct);
        await index.WriteAsync(lease, [("work/a", stream => stream.Write("second"u8)), ("work/dir/b", stream => stream.Write("b"u8))], ct: Ct);
        Assert.Equal(2, (await NamesAsync()).Count);
        await index.WriteAsync(lease, [("work/dir/c", stream => stream.Write("c"u8))], replaced: "work/dir/", ct: Ct);
        Assert.Equal(["work/a", "work/dir/c"], await index.ListAsync("work/", Ct));
        Assert.Equal(2, (await NamesAsync()).Count);

        await _folder.Get<Storage.Queue.JobQueue>().TakeAsync(lease.Id, Ct); // another worker has the job now
        await Assert.ThrowsAsync<Storage.Queue.StaleEpochException>(() => index.WriteAsync(lease, "work/a", stream => stream.Write("stale"u8), Ct));
        Assert.Equal("second", await TextAsync(index, "work/a"));
        Assert.Equal(2, (await NamesAsync()).Count);
        await index.RemoveAsync("work/", Ct);
        Assert.Empty(await NamesAsync());
    }

    [Fact]
    public async Task Store_HoldsNoPlainText_AndNoNameThatTellsOfTheContent()
    {
        var index = _folder.Get<ObjectIndex>();
        var marker = "A marker that nobody may find 0123456789"u8.ToArray();
        await index.WriteAsync(await LeaseAsync(_folder.Get<IServiceProvider>()), "work/a", stream =>
        {
            for (var i = 0; i < 5000; i++) stream.Write(marker);
        }, Ct);
        await _folder.Get<CohortStore>().PutAsync("p", "ct", Material.Upload(1, 2), "steward", ct: Ct);
        var files = Places().SelectMany(place => Directory.GetFiles(place, "*", SearchOption.AllDirectories)).ToList();
        Assert.True(files.Count >= 3);
        await using var db = _folder.Db();
        var hashes = await db.StoredObjects.Select(o => o.Sha256).ToListAsync(Ct);
        foreach (var file in files.Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)))
        {
            var bytes = await File.ReadAllBytesAsync(file, Ct);
            Assert.True(bytes.AsSpan().IndexOf(marker) < 0 && bytes.AsSpan().IndexOf("DICM"u8) < 0 && bytes.AsSpan().IndexOf("1.2.840.10008"u8) < 0, $"{file} holds plain text");
            Assert.DoesNotContain(hashes, hash => file.Contains(hash[..16], StringComparison.Ordinal));
        }
    }

    /// <summary>Every folder that the objects could lie in, as it lies on disk.</summary>
    protected virtual IEnumerable<string> Places() => [_folder.Options.StoreFolder, _folder.Options.ScratchFolder];

    protected virtual string[] Bucket() => [];

    private async Task<List<string>> NamesAsync() => await Store.ListAsync("", Ct).Order().ToListAsync(Ct);

    private string[] Scratch() => Directory.GetFiles(_folder.Options.ScratchFolder, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)).ToArray();

    private async Task<List<StoreWriterRecord>> WritersAsync()
    {
        await using var db = _folder.Db();
        return await db.StoreWriters.AsNoTracking().ToListAsync(Ct);
    }

    private static async Task<Storage.Queue.JobLease> LeaseAsync(IServiceProvider services)
    {
        var queue = services.GetRequiredService<Storage.Queue.JobQueue>();
        return (await queue.TakeAsync(await queue.EnqueueAsync("p", JobKind.Ingest, new Storage.Queue.IngestRequest("p", "c", []), "test", Ct), Ct))!;
    }

    private static async Task<string> TextAsync(ObjectIndex index, string path)
    {
        using var reader = new StreamReader((await index.OpenAsync(path, Ct))!);
        return await reader.ReadToEndAsync(Ct);
    }
}

public sealed class OrphanSweepOnDiskTests : OrphanSweepContract
{
    protected override Task<S3Settings?> BucketAsync() => Task.FromResult<S3Settings?>(null);
}

public sealed class OrphanSweepInABucketTests : OrphanSweepContract
{
    private S3Server? _server;

    protected override async Task<S3Settings?> BucketAsync()
    {
        Assert.SkipUnless(S3Server.Exists, S3Server.WhyAbsent);
        _server = await S3Server.StartAsync(Ct);
        return PlacingProcess.Settings(_server.Url.ToString().TrimEnd('/'));
    }

    protected override IEnumerable<string> Places() => [_server!.Folder, .. base.Places()];

    protected override string[] Bucket() => [_server!.Url.ToString().TrimEnd('/')];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }
}

/// <summary>A process that places objects, gives them no name, and waits to be killed.</summary>
internal static class PlacingProcess
{
    public static S3Settings Settings(string url) => new() { ServiceUrl = url, Bucket = S3Server.Bucket, AccessKey = S3Server.Key, SecretKey = S3Server.Key };

    public static async Task<int> RunAsync(string folder, string? bucket)
    {
        await using var services = new ServiceCollection().AddMedGanStorage(DataFolder.OptionsFor(folder, bucket: bucket is null ? null : Settings(bucket))).AddLogging().BuildServiceProvider();
        var vault = services.GetRequiredService<ObjectVault>();
        for (var i = 0; i < 2; i++) await vault.PlaceAsync(await vault.StageAsync("p", stream => stream.Write("never named"u8), default), default);
        await vault.StageAsync("p", stream =>
        {
            stream.Write(new byte[200_000]);
            Console.WriteLine("placed");
            Thread.Sleep(Timeout.Infinite);
        }, default);
        return 0;
    }
}
