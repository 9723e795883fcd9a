using FellowOakDicom;
using MedGan.Storage.Objects;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;

namespace MedGan.Storage.Tests.Objects;

public sealed class ReleaseStoreTests : IAsyncLifetime
{
    private readonly Guid _series = Guid.NewGuid();
    private DataFolder _folder = null!;
    private JobLease _lease = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
    private ReleaseStore Store => _folder.Get<ReleaseStore>();

    public async ValueTask InitializeAsync()
    {
        _folder = await DataFolder.CreateAsync();
        var set = Guid.NewGuid();
        await using var db = _folder.Db();
        var training = new TrainingRecord
        {
            Id = Guid.NewGuid(), Project = "p", Name = "t", CtCohort = "c", MrCohort = "m", PlanJson = "{}", CreatedAt = DateTimeOffset.UtcNow,
        };
        db.Trainings.Add(training);
        db.SyntheticSets.Add(new SyntheticSetRecord { Id = set, Project = "p", TrainingId = training.Id, CreatedAt = DateTimeOffset.UtcNow });
        var study = Material.Study("s");
        db.SyntheticSeries.Add(new SyntheticSeriesRecord
        {
            Id = _series, SetId = set, SourceSeriesId = Guid.NewGuid(), SourcePatientPseudonym = "x", SourceSplit = SourceSplit.Test, TargetModality = "CT",
            StudyInstanceUid = study.StudyInstanceUid, SeriesInstanceUid = study.SeriesInstanceUid, SyntheticPatientId = study.PatientId,
        });
        await db.SaveChangesAsync(Ct);
        var id = await _folder.Get<JobQueue>().EnqueueAsync("p", JobKind.Publish, new PublishRequest(set), "r", Ct);
        _lease = (await _folder.Get<JobQueue>().TakeAsync(id, Ct))!;
    }

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task Put_ReleasedImages_AreStoredWithTheirSealAndCanBeOpened()
    {
        var released = Material.Released("s", 3);
        await Store.PutAsync(released, _series, _lease, Ct);
        await Store.PutAsync(released, _series, _lease, Ct); // again: nothing changes
        await using var db = _folder.Db();
        var rows = db.Released.OrderBy(r => r.InstanceNumber).ToList();
        Assert.Equal([1, 2, 3], rows.Select(r => r.InstanceNumber));
        Assert.Equal(released.Select(r => r.Evidence.Seal), rows.Select(r => r.SealJson));
        Assert.Equal(3, db.SyntheticSeries.Single().ReleasedCount);
        Assert.Equal(3, Files().Length);
        await using var stream = Store.Open(rows[1]);
        var file = DicomFile.Open(stream);
        Assert.Equal(ReleaseStore.ContentOf(released[1].Synthetic.Dataset), ReleaseStore.ContentOf(file.Dataset));
        Assert.Contains("\"00080018\"", rows[1].AttributesJson);
        Assert.DoesNotContain("7FE00010", rows[1].AttributesJson);
    }

    [Fact]
    public async Task Put_OnePixelIsNotWhatWasJudged_NothingOfTheSeriesIsStored()
    {
        var released = Material.Released("s", 3);
        var pixels = released[2].Synthetic.Dataset.GetDicomItem<DicomElement>(DicomTag.PixelData);
        var bytes = pixels.Buffer.Data.ToArray();
        bytes[10] ^= 1;
        released[2].Synthetic.Dataset.AddOrUpdate(new DicomOtherWord(DicomTag.PixelData, new FellowOakDicom.IO.Buffer.MemoryByteBuffer(bytes)));
        await Assert.ThrowsAsync<ReleaseRefusedException>(() => Store.PutAsync(released, _series, _lease, Ct));
        await AssertNothingIsKeptAsync();
    }

    [Fact]
    public async Task Put_EvidenceOfAnotherImage_IsRefused()
    {
        var released = Material.Released("s", 2);
        await Assert.ThrowsAsync<ReleaseRefusedException>(() => Store.PutAsync(released[0].Evidence, released[1].Synthetic, _series, _lease, Ct));
        await AssertNothingIsKeptAsync();
    }

    [Fact]
    public async Task Put_ImagesOfAnotherSeries_AreRefused()
    {
        await Assert.ThrowsAsync<ReleaseRefusedException>(() => Store.PutAsync(Material.Released("other", 1), _series, _lease, Ct));
        await AssertNothingIsKeptAsync();
    }

    [Fact]
    public async Task Put_LeaseIsStale_NothingIsStored()
    {
        await _folder.Get<JobQueue>().TakeAsync(_lease.Id, Ct);
        await Assert.ThrowsAsync<StaleEpochException>(() => Store.PutAsync(Material.Released("s", 2), _series, _lease, Ct));
        await AssertNothingIsKeptAsync();
    }

    private async Task AssertNothingIsKeptAsync()
    {
        Assert.Empty(Files());
        await using var db = _folder.Db();
        Assert.Empty(db.Released);
    }

    private string[] Files() => [.. _folder.Objects()];
}
