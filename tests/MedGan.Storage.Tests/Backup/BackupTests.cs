using MedGan.Storage.Audit;
using MedGan.Storage.Backup;
using MedGan.Storage.Objects;
using MedGan.Storage.Objects.Stores;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using MedGan.Storage.Tests.Objects;
using MedGan.Testing;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Tests.Backup;

/// <summary>A backup that is written while others write, restored in an empty place, holds everything of one instant; one that is damaged or does not fit is refused.</summary>
public abstract class BackupContract : IAsyncLifetime
{
    private readonly string _backup = Path.Combine(Directory.CreateTempSubdirectory("medgan-backup-").FullName, "backup");
    private readonly List<DataFolder> _folders = [];
    private DataFolder _folder = null!;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Keys => _backup + "-keys";

    /// <summary>An empty place: a database, and a bucket or none.</summary>
    protected abstract Task<(string? Postgres, S3Settings? Bucket)> PlaceAsync();

    public async ValueTask InitializeAsync() => _folder = await NewAsync();

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var folder in _folders) await folder.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(_backup)!, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task WrittenWhileOthersWrite_IsOneInstant_AndItsObjectsOpen()
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        await UploadAsync(1);
        var others = Task.Run(async () =>
        {
            // Uploads, and a job that replaces its file over and over: objects come and go under the backup's feet.
            var id = await _folder.Get<JobQueue>().EnqueueAsync("p", JobKind.Train, new { }, "test", Ct);
            var lease = (await _folder.Get<JobQueue>().TakeAsync(id, Ct))!;
            for (var i = 2; !enough.IsCancellationRequested; i++)
            {
                await UploadAsync(i);
                await _folder.Get<ObjectIndex>().WriteAsync(lease, "work/checkpoint", stream => stream.WriteByte((byte)i), Ct);
            }
        }, Ct);
        for (var round = 0; round < 3; round++) await _folder.Get<BackupWriter>().RunAsync(_backup, Keys, Ct);
        await enough.CancelAsync();
        await others;

        var restored = await RestoreAsync(Keys);
        await using var db = restored.Db();
        var series = await db.Series.AsNoTracking().ToListAsync(Ct);
        Assert.NotEmpty(series);
        foreach (var one in series)
        {
            var opened = 0;
            await foreach (var file in restored.Get<CohortStore>().OpenAsync(one.Id, Ct))
            {
                await using (file) await file.CopyToAsync(Stream.Null, Ct); // every byte is checked on its way
                opened++;
            }
            Assert.Equal(one.InstanceCount, opened);
        }
        await using (var checkpoint = await restored.Get<ObjectIndex>().OpenAsync("work/checkpoint", Ct))
            Assert.True(checkpoint is null || checkpoint.ReadByte() >= 2);
        Assert.Equal((await db.StoredObjects.CountAsync(Ct)), Directory.GetFiles(Path.Combine(_backup, "objects"), "*", SearchOption.AllDirectories).Length);
        // The same log, and it goes on: the restored audit log is the beginning of the one that went on.
        var (before, now) = (await restored.AuditAsync(), await _folder.AuditAsync());
        Assert.Equal(before, now.Take(before.Count));
        await restored.Get<CohortStore>().PutAsync("p", "more", Material.Upload(50, 1), "steward", ct: Ct);
        await using var export = new MemoryStream();
        await restored.Get<AuditExport>().WriteAsync("p", export, Ct);
        export.Position = 0;
        Assert.True(AuditVerifier.Verify(export, null).Valid);
    }

    [Fact]
    public async Task SecondBackup_CopiesOnlyWhatIsNew_AndForgetsWhatIsGone()
    {
        await UploadAsync(1);
        var first = await _folder.Get<BackupWriter>().RunAsync(_backup, null, Ct);
        await UploadAsync(2);
        var second = await _folder.Get<BackupWriter>().RunAsync(_backup, null, Ct);
        Assert.Equal((2, 2, 4, 2), (first.Objects, first.Copied, second.Objects, second.Copied));
        await _folder.Get<ObjectIndex>().RemoveAsync("objects/p/", Ct);
        Assert.Equal((0, 0), await _folder.Get<BackupWriter>().RunAsync(_backup, null, Ct) is var third ? (third.Objects, third.Copied) : default);
        Assert.Empty(Directory.GetFiles(Path.Combine(_backup, "objects"), "*", SearchOption.AllDirectories));
        Assert.False(Directory.Exists(Keys)); // keys are never in it unasked
    }

    [Theory]
    [InlineData("objects")]
    [InlineData("database")]
    public async Task ChangedFile_IsRefused_AndNothingIsRestored(string which)
    {
        await UploadAsync(1);
        await _folder.Get<BackupWriter>().RunAsync(_backup, Keys, Ct);
        var file = which == "database" ? Path.Combine(_backup, "database") : Directory.GetFiles(Path.Combine(_backup, which), "*", SearchOption.AllDirectories)[0];
        var bytes = await File.ReadAllBytesAsync(file, Ct);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Ct);

        var empty = await EmptyAsync();
        var e = await Assert.ThrowsAsync<BackupException>(() => empty.Get<BackupReader>().RunAsync(_backup, Keys, Ct));
        Assert.Contains("changed; nothing was restored", e.Message, StringComparison.Ordinal);
        await DatabaseDump.RequireEmptyAsync(empty.Options, Ct);
    }

    [Fact]
    public async Task PlaceThatIsNotEmpty_IsRefused()
    {
        await _folder.Get<BackupWriter>().RunAsync(_backup, Keys, Ct);
        var e = await Assert.ThrowsAsync<BackupException>(() => _folder.Get<BackupReader>().RunAsync(_backup, Keys, Ct));
        Assert.Contains("empty", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherKeys_AreNoticed()
    {
        await UploadAsync(1);
        await _folder.Get<BackupWriter>().RunAsync(_backup, Keys, Ct);
        var other = await NewAsync();
        await other.Get<CohortStore>().PutAsync("p", "ct", Material.Upload(1, 1), "steward", ct: Ct); // makes its keys
        var empty = await EmptyAsync();
        var e = await Assert.ThrowsAsync<BackupException>(() => empty.Get<BackupReader>().RunAsync(_backup, other.Options.KeysFolder, Ct));
        Assert.Contains("key", e.Message, StringComparison.Ordinal);
    }

    private Task UploadAsync(int patient) => _folder.Get<CohortStore>().PutAsync("p", "ct", Material.Upload(patient, 2), "steward", ct: Ct);

    private async Task<DataFolder> RestoreAsync(string keys)
    {
        var place = await EmptyAsync();
        await place.Get<BackupReader>().RunAsync(_backup, keys, Ct);
        await place.MigrateAsync();
        return place;
    }

    private async Task<DataFolder> NewAsync()
    {
        var place = await EmptyAsync();
        await place.MigrateAsync();
        return place;
    }

    private async Task<DataFolder> EmptyAsync()
    {
        var (postgres, bucket) = await PlaceAsync();
        var folder = DataFolder.Empty(postgres, bucket: bucket);
        _folders.Add(folder);
        return folder;
    }
}

public sealed class BackupOfSqliteAndDisk : BackupContract
{
    protected override Task<(string? Postgres, S3Settings? Bucket)> PlaceAsync() => Task.FromResult<(string?, S3Settings?)>((null, null));
}

public sealed class BackupOfPostgresAndBucket(SharedPostgres postgres) : BackupContract
{
    private readonly List<S3Server> _servers = [];

    protected override async Task<(string? Postgres, S3Settings? Bucket)> PlaceAsync()
    {
        Assert.SkipUnless(S3Server.Exists, S3Server.WhyAbsent);
        var server = await S3Server.StartAsync(Ct);
        _servers.Add(server);
        return (await postgres.NewDatabaseAsync(), new S3Settings { ServiceUrl = server.Url.ToString().TrimEnd('/'), Bucket = S3Server.Bucket, AccessKey = S3Server.Key, SecretKey = S3Server.Key });
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var server in _servers) await server.DisposeAsync();
    }
}
