using FellowOakDicom;
using MedGan.Storage.Objects;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Tests.Objects;

/// <summary>A data folder of a version that kept plain files still opens.</summary>
public sealed class PlainFilesTests : IAsyncLifetime
{
    private DataFolder _folder = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
    private CohortStore Store => _folder.Get<CohortStore>();
    private ObjectIndex Index => _folder.Get<ObjectIndex>();

    public async ValueTask InitializeAsync() => _folder = await DataFolder.CreateAsync();

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task Instances_AreRead_AndWhatIsNewIsSealedBesideThem()
    {
        await Store.PutAsync("p", "ct", Material.Upload(1, 2), "steward", ct: Ct);
        var plain = await MakePlainAsync();
        Assert.Empty(_folder.Objects());
        Assert.Equal(2, await CountAsync());

        Assert.All(await Store.PutAsync("p", "ct", Material.Upload(1, 2), "steward", ct: Ct), r => Assert.Equal(PutOutcome.AlreadyStored, r.Outcome));
        Assert.Empty(_folder.Objects());
        await Store.PutAsync("p", "ct", Material.Upload(1, 3), "steward", ct: Ct);
        Assert.Single(_folder.Objects());
        Assert.Equal(3, await CountAsync());
        Assert.Equal(0, await _folder.Get<OrphanSweep>().RunAsync(Ct));
        Assert.All(plain, file => Assert.True(File.Exists(file)));
    }

    [Fact]
    public async Task Instance_ChangedOrGone_IsRefused()
    {
        await Store.PutAsync("p", "ct", Material.Upload(1, 1), "steward", ct: Ct);
        var file = Assert.Single(await MakePlainAsync());
        await File.AppendAllTextAsync(file, "x", Ct);
        await Assert.ThrowsAsync<ObjectDamagedException>(CountAsync);
        File.Delete(file);
        await Assert.ThrowsAsync<ObjectDamagedException>(CountAsync);
    }

    [Fact]
    public async Task FilesOfJobs_AreFoundListedAndRemovedByTheirPaths()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "work", "job", "samples")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "10.png"), "ten", Ct);
        await File.WriteAllTextAsync(Path.Combine(folder, "20.png"), "twenty", Ct);
        Assert.Equal(["work/job/samples/10.png", "work/job/samples/20.png"], await Index.ListAsync("work/job/samples/", Ct));
        using (var reader = new StreamReader((await Index.OpenAsync("work/job/samples/20.png", Ct))!)) Assert.Equal("twenty", await reader.ReadToEndAsync(Ct));
        await Index.RemoveAsync("work/job/samples/", Ct);
        Assert.Empty(await Index.ListAsync("work/", Ct));
        Assert.Null(await Index.OpenAsync("keys/gate.key", Ct));
        Assert.Null(await Index.OpenAsync("work/../keys/gate.key", Ct));
        Assert.True(File.Exists(Path.Combine(_folder.Path, "keys", "objects.key")));
    }

    private async Task<int> CountAsync()
    {
        await using var db = _folder.Db();
        var count = 0;
        await foreach (var stream in Store.OpenAsync(await db.Series.Select(s => s.Id).SingleAsync(Ct), Ct))
        {
            await using (stream) Assert.NotEmpty(DicomFile.Open(stream).Dataset.GetSingleValue<string>(DicomTag.SOPInstanceUID));
            count++;
        }
        return count;
    }

    /// <summary>Puts every object where the earlier version had it, without a row in the index.</summary>
    private async Task<IReadOnlyList<string>> MakePlainAsync()
    {
        var files = new List<string>();
        await using var db = _folder.Db();
        foreach (var row in await db.StoredObjects.ToListAsync(Ct))
        {
            var path = Path.Combine(_folder.Path, "objects", row.Sha256[..2], row.Sha256[2..4], row.Sha256);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using (var file = File.Create(path))
            await using (var content = (await Index.OpenAsync(row.Path, Ct))!)
                await content.CopyToAsync(file, Ct);
            files.Add(path);
            File.Delete(Path.Combine(_folder.Options.StoreFolder, row.Name));
            db.Remove(row);
        }
        await db.SaveChangesAsync(Ct);
        return files;
    }
}
