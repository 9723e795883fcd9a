using MedGan.Storage.Keys;
using MedGan.Storage.Objects;
using MedGan.Storage.Objects.Stores;
using MedGan.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MedGan.Storage.Tests.Objects;

/// <summary>What is wrong with keys or bucket shows at start, in one sentence.</summary>
public sealed class ObjectsStartTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_ObjectsWithoutTheirKeys_RefusesToMakeNewOnes()
    {
        await using var folder = await DataFolder.CreateAsync();
        await folder.Get<CohortStore>().PutAsync("p", "ct", Material.Upload(1, 1), "steward", ct: Ct);
        var keys = Path.Combine(folder.Path, "keys", "objects.key");
        File.Delete(keys);
        var e = await Assert.ThrowsAsync<StorageUnavailableException>(() => StartAsync(folder.Options));
        Assert.Contains("put back " + keys, e.Message);
        Assert.False(File.Exists(keys));
    }

    [Fact]
    public async Task Start_KeysFile_IsRead_AndSaysWhatIsWrongWithIt()
    {
        await using var folder = await DataFolder.CreateAsync();
        var file = Path.Combine(folder.Path, "mounted-secret");
        StorageOptions With(string path) => new() { DataFolder = folder.Path, ObjectKeysFile = path };
        await File.WriteAllTextAsync(file, $"# the new key\n{ObjectKeyRing.Create()}\n# the old one\n{ObjectKeyRing.Create()}", Ct);
        await StartAsync(With(file));
        foreach (var wrong in new[] { "", "zz", new string('a', 63), new string('a', 66), $"{new string('a', 64)}\n{new string('A', 64)}" })
        {
            await File.WriteAllTextAsync(file, wrong, Ct);
            var e = await Assert.ThrowsAsync<StorageUnavailableException>(() => StartAsync(With(file)));
            Assert.Contains("64 hexadecimal digits", e.Message);
        }
        var missing = await Assert.ThrowsAsync<InvalidSettingException>(() => StartAsync(With(file + "-none")));
        Assert.Contains("MedGan:Keys:ObjectsFile names", missing.Message);
    }

    [Fact]
    public async Task Start_NoSuchBucket_SaysSo()
    {
        Assert.SkipUnless(S3Server.Exists, S3Server.WhyAbsent);
        await using var server = await S3Server.StartAsync(Ct);
        await using var folder = await DataFolder.CreateAsync();
        var bucket = PlacingProcess.Settings(server.Url.ToString().TrimEnd('/')) with { Bucket = "no-such-bucket" };
        var e = await Assert.ThrowsAsync<StorageUnavailableException>(() => StartAsync(DataFolder.OptionsFor(folder.Path, bucket: bucket)));
        Assert.Contains("The bucket no-such-bucket at", e.Message);
    }

    [Fact]
    public async Task Key_Rotated_OldObjectsStillOpenAndNewOnesAreSealedUnderTheNewKey()
    {
        await using var folder = await DataFolder.CreateAsync();
        await folder.Get<CohortStore>().PutAsync("p", "ct", Material.Upload(1, 1), "steward", ct: Ct);
        var old = Assert.Single(folder.Objects());
        var keys = Path.Combine(folder.Path, "keys", "objects.key");
        await File.WriteAllTextAsync(keys, ObjectKeyRing.Create() + await File.ReadAllTextAsync(keys, Ct), Ct);
        await using var restarted = folder.Second();
        var store = restarted.GetRequiredService<CohortStore>();
        await store.PutAsync("p", "ct", Material.Upload(1, 2), "steward", ct: Ct);
        var fresh = Assert.Single(folder.Objects(), o => o != old);
        Assert.NotEqual((await File.ReadAllBytesAsync(old, Ct))[8..16], (await File.ReadAllBytesAsync(fresh, Ct))[8..16]);
        await using var db = folder.Db();
        await foreach (var stream in store.OpenAsync(db.Series.Single().Id, Ct)) await using (stream) Assert.True(stream.Length > 0);
    }

    /// <summary>A real disk that fills up: a small tmpfs, in a mount namespace of a process of its own.</summary>
    [Fact]
    public async Task DiskFull_UploadIsRefusedInOneSentence_NothingOfItIsKept_AndASmallOneStillFits()
    {
        Assert.SkipUnless((await BuiltProgram.RunAsync("unshare", ["-m", "true"], Ct)).Code == 0, "mount namespaces are not allowed here");
        var folder = Directory.CreateTempSubdirectory("medgan-full-").FullName;
        try
        {
            var program = Path.Combine(AppContext.BaseDirectory, "MedGan.Storage.Tests");
            var (code, output, error) = await BuiltProgram.RunAsync("unshare", ["-m", "sh", "-c", $"mount -t tmpfs -o size=8m tmpfs {folder} && exec {program} fill {folder}"], Ct);
            Assert.True(code == 0, error);
            Assert.Equal("The disk that holds the data folder is full; free some space and try again.|0 objects|stored|1 objects", output.Trim());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task StartAsync(StorageOptions options)
    {
        await using var services = new ServiceCollection().AddMedGanStorage(options).AddLogging().BuildServiceProvider();
        await services.MigrateAsync(Ct);
    }
}

/// <summary>A process that stores more than its disk holds, then less.</summary>
internal static class FillingProcess
{
    public static async Task<int> RunAsync(string path)
    {
        await using var services = new ServiceCollection().AddMedGanStorage(DataFolder.OptionsFor(path)).AddLogging().BuildServiceProvider();
        await services.MigrateAsync();
        var index = services.GetRequiredService<ObjectIndex>();
        var queue = services.GetRequiredService<Storage.Queue.JobQueue>();
        var lease = (await queue.TakeAsync(await queue.EnqueueAsync("p", Storage.Records.JobKind.Ingest, new Storage.Queue.IngestRequest("p", "c", []), "test")))!;
        try
        {
            await index.WriteAsync(lease, [("work/a", Megabytes(3)), ("work/b", Megabytes(20))]);
        }
        catch (StorageFullException e)
        {
            Console.Write(e.Message);
        }
        Console.Write($"|{await CountAsync()} objects|");
        await index.WriteAsync(lease, "work/a", Megabytes(1));
        Console.Write($"stored|{await CountAsync()} objects");
        return 0;

        ValueTask<int> CountAsync() => services.GetRequiredService<IObjectStore>().ListAsync("", default).CountAsync();
    }

    private static Action<Stream> Megabytes(int count) => stream =>
    {
        for (var i = 0; i < count; i++) stream.Write(new byte[1 << 20]);
    };
}
