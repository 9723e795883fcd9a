using FellowOakDicom;
using MedGan.Privacy.Deidentification;
using MedGan.Storage.Objects;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Tests.Objects;

public sealed class CohortStoreTests : IAsyncLifetime
{
    private DataFolder _folder = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
    private CohortStore Store => _folder.Get<CohortStore>();

    public async ValueTask InitializeAsync() => _folder = await DataFolder.CreateAsync();

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task Put_Series_StoresFilesRowsAndOneAuditLeaf()
    {
        var upload = Material.Upload(1, 3);
        var results = await Store.PutAsync("p", "ct", upload, "steward", ct: Ct);
        Assert.Equal(upload.Select(i => (i.SopInstanceUid, PutOutcome.Stored)), results.Select(r => (r.SopInstanceUid, r.Outcome)));
        await using var db = _folder.Db();
        var series = Assert.Single(db.Series);
        Assert.Equal(("p", "ct", "CT", 3, SeriesState.Received), (series.Project, series.Cohort, series.Modality, series.InstanceCount, series.State));
        Assert.Equal(upload[0].PatientPseudonym, series.PatientPseudonym);
        Assert.Contains("\"stored\":3", Assert.Single(await _folder.AuditAsync()));
        var read = new List<string>();
        await foreach (var stream in Store.OpenAsync(series.Id, Ct))
        {
            await using (stream) read.Add(DicomFile.Open(stream).Dataset.GetSingleValue<string>(DicomTag.SOPInstanceUID));
        }
        Assert.Equal(upload.Select(i => i.SopInstanceUid).Order(StringComparer.Ordinal), read);
    }

    [Fact]
    public async Task Put_SameUploadAgain_ChangesNothing()
    {
        await Store.PutAsync("p", "ct", Material.Upload(1, 3), "steward", ct: Ct);
        var files = Files();
        var again = await Store.PutAsync("p", "ct", Material.Upload(1, 3), "steward", ct: Ct);
        Assert.All(again, r => Assert.Equal(PutOutcome.AlreadyStored, r.Outcome));
        Assert.Equal(files, Files());
        await using var db = _folder.Db();
        Assert.Equal(3, db.Series.Single().InstanceCount);
    }

    [Fact]
    public async Task Put_OtherContentUnderTheSameIdentifier_IsAConflictAndTheFirstStays()
    {
        await Store.PutAsync("p", "ct", Material.Upload(1, 1), "steward", ct: Ct);
        var files = Files();
        var result = await Store.PutAsync("p", "ct", Material.Upload(1, 1, seed: 5), "steward", ct: Ct);
        Assert.Equal(PutOutcome.Conflict, Assert.Single(result).Outcome);
        Assert.Equal(files, Files());
    }

    [Fact]
    public async Task Put_NewInstancesOfAReadySeries_MustBeIngestedAgain()
    {
        await Store.PutAsync("p", "ct", Material.Upload(1, 2), "steward", ct: Ct);
        await using (var db = _folder.Db())
        {
            db.Series.Single().State = SeriesState.Ready;
            await db.SaveChangesAsync(Ct);
        }
        await Store.PutAsync("p", "ct", Material.Upload(1, 3), "steward", ct: Ct);
        await using var after = _folder.Db();
        Assert.Equal((SeriesState.Received, 3), (after.Series.Single().State, after.Series.Single().InstanceCount));
    }

    [Fact]
    public async Task Put_UploadBreaksOff_NothingIsKept()
    {
        await Assert.ThrowsAsync<EndOfStreamException>(() => Store.PutAsync("p", "ct", Breaking(), "steward", ct: Ct));
        await AssertNothingIsKeptAsync();

        static async IAsyncEnumerable<DeidentifiedInstance> Breaking()
        {
            foreach (var instance in Material.Upload(1, 3)) yield return instance;
            await Task.Yield();
            throw new EndOfStreamException();
        }
    }

    [Fact]
    public async Task Put_StateChangeFails_FilesAreTakenBack()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => Store.PutAsync("p", "ct", Material.Upload(1, 3), "steward", (_, _, _) => throw new InvalidDataException(), Ct));
        await AssertNothingIsKeptAsync();
    }

    [Fact]
    public async Task Put_DatabaseFull_IsOnePlainSentenceAndNothingIsKept()
    {
        var full = await Assert.ThrowsAsync<StorageFullException>(() => Store.PutAsync("p", "ct", Material.Upload(1, 2), "steward", async (db, audit, _) =>
        {
            await db.Database.ExecuteSqlRawAsync("PRAGMA max_page_count = 1", Ct); // SQLite takes the present size for the least
            audit.Append("filler", new { text = new string('x', 1 << 20) });
        }, Ct));
        Assert.Equal("The disk that holds the data folder is full; free some space and try again.", full.Message);
        await AssertNothingIsKeptAsync();
    }

    [Fact]
    public async Task Put_FailingAndGoodUploadsOfTheSameContentAtOnce_TheGoodOnesFilesStay()
    {
        var upload = Material.Upload(1, 2);
        await Parallel.ForAsync(0, 24, Ct, async (i, ct) =>
        {
            try
            {
                await Store.PutAsync("p", $"cohort{i}", upload, "steward", (_, _, _) => i % 3 == 0 ? Task.CompletedTask : throw new InvalidDataException(), ct);
            }
            catch (InvalidDataException)
            {
                Assert.NotEqual(0, i % 3);
            }
        });
        await using var db = _folder.Db();
        var series = db.Series.ToList();
        Assert.Equal(8, series.Count);
        await foreach (var stream in Store.OpenAsync(series[0].Id, Ct)) await stream.DisposeAsync();
        Assert.Equal(2, Files().Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Open_FileChangedOrGone_IsRefused(bool changed)
    {
        await Store.PutAsync("p", "ct", Material.Upload(1, 1), "steward", ct: Ct);
        var file = Assert.Single(Files());
        if (changed)
        {
            var bytes = await File.ReadAllBytesAsync(file, Ct);
            bytes[^1] ^= 1;
            await File.WriteAllBytesAsync(file, bytes, Ct);
        }
        else
        {
            File.Delete(file);
        }
        await using var db = _folder.Db();
        await Assert.ThrowsAsync<ObjectDamagedException>(async () => await Store.OpenAsync(db.Series.Single().Id, Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task Put_DiskFullWhileItIsStaged_IsOnePlainSentenceAndNothingIsKept()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full");
        await Assert.ThrowsAsync<StorageFullException>(() => _folder.Get<ObjectVault>().StageAsync("p", stream =>
        {
            stream.Write(new byte[1000]);
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            full.Write(new byte[1]);
        }, Ct));
        Assert.Empty(Files());
    }

    [Fact]
    public void PublicStores_TakeNoBytesThatNobodyChecked()
    {
        Type[] unchecked_ = [typeof(Stream), typeof(byte[]), typeof(ReadOnlyMemory<byte>), typeof(string)];
        var puts = new[] { typeof(CohortStore), typeof(ReleaseStore) }.SelectMany(t => t.GetMethods()).Where(m => m.Name == "PutAsync").ToList();
        Assert.Equal(4, puts.Count);
        Assert.All(puts, m => Assert.Contains(m.GetParameters(), p => p.ParameterType.ToString().Contains(nameof(DeidentifiedInstance)) || p.ParameterType.ToString().Contains("ReleasedInstance")));
        Assert.All(puts.SelectMany(m => m.GetParameters()).Where(p => unchecked_.Contains(p.ParameterType)), p => Assert.Contains(p.Name, new[] { "project", "cohort", "actor" }));
        Assert.Empty(typeof(DeidentifiedInstance).GetConstructors());
        Assert.Empty(typeof(Privacy.ReleaseGate.ReleasedInstance).GetConstructors());
    }

    private async Task AssertNothingIsKeptAsync()
    {
        Assert.Empty(Files());
        Assert.Empty(await _folder.AuditAsync());
        await using var db = _folder.Db();
        Assert.False(await db.Instances.AnyAsync(Ct) || await db.Series.AnyAsync(Ct) || await db.Cohorts.AnyAsync(Ct));
    }

    private string[] Files() => [.. _folder.Objects()];
}
