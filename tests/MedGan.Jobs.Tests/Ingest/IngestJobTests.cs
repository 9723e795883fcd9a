using FellowOakDicom;
using MedGan.Phantoms;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Jobs.Tests.Ingest;

public sealed class IngestJobTests
{
    [Fact]
    public async Task Ingest_PhantomSeries_IsReadyWithVolumePreviewAndAuditLeaf()
    {
        await using var site = await TestSite.CreateAsync();
        var series = Assert.Single(await site.UploadAsync("ct", site.Scan(1, PhantomModality.Ct)));
        await RunAsync(site, "ct", series.Id);

        var row = await RowAsync(site, series.Id);
        Assert.Equal(SeriesState.Ready, row.State);
        var volume = site.Files.ReadVolume(row.VolumePath!);
        Assert.Equal(12, volume.Geometry.Slices);
        Assert.InRange(volume.Voxels.Max(), 700, 3000); // bone, in HU
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], site.Read(row.PreviewPath!)[..4]);
        Assert.Contains(series.Id.ToString(), Assert.Single(await site.AuditAsync("series.ingested")));
    }

    [Fact]
    public async Task Ingest_SagittalSeries_IsRejectedForTrainingWithAPlainReasonAndAudited()
    {
        await using var site = await TestSite.CreateAsync();
        var files = site.Scan(2, PhantomModality.MrT1, Sagittal);
        var series = Assert.Single(await site.UploadAsync("mr", files));
        await RunAsync(site, "mr", series.Id);

        var row = await RowAsync(site, series.Id);
        Assert.Equal(SeriesState.Rejected, row.State);
        Assert.Contains("not axial", row.Reason);
        Assert.Null(row.VolumePath);
        Assert.Contains("not axial", Assert.Single(await site.AuditAsync("series.rejected")));
    }

    [Fact]
    public async Task Ingest_TooFewSlicesBesideAGoodSeries_RejectsOnlyThatSeries()
    {
        await using var site = await TestSite.CreateAsync();
        var few = Assert.Single(await site.UploadAsync("ct", site.Scan(3, PhantomModality.Ct).Skip(4).Take(3)));
        var good = Assert.Single(await site.UploadAsync("ct", site.Scan(4, PhantomModality.Ct)));
        var job = await RunAsync(site, "ct", few.Id, good.Id);

        Assert.Equal(SeriesState.Rejected, (await RowAsync(site, few.Id)).State);
        Assert.Equal(SeriesState.Ready, (await RowAsync(site, good.Id)).State);
        Assert.Contains("\"ready\":1,\"rejected\":1", job.ResultJson);
    }

    [Theory]
    [InlineData(true)] // the file is gone
    [InlineData(false)] // its content was changed
    public async Task Ingest_DamagedObjectBesideAGoodSeries_RejectsOnlyThatSeries(bool missing)
    {
        await using var site = await TestSite.CreateAsync();
        var damaged = Assert.Single(await site.UploadAsync("ct", site.Scan(6, PhantomModality.Ct)));
        var good = Assert.Single(await site.UploadAsync("ct", site.Scan(7, PhantomModality.Ct)));
        var sha256 = await site.ReadAsync(db => db.Instances.Where(i => i.SeriesId == damaged.Id).Select(i => i.Sha256).FirstAsync());
        var name = await site.ReadAsync(db => db.StoredObjects.Where(o => o.Path.EndsWith(sha256)).Select(o => o.Name).SingleAsync());
        var file = Path.Combine(site.Options.StoreFolder, name);
        if (missing) File.Delete(file);
        else File.AppendAllText(file, "changed");
        var job = await RunAsync(site, "ct", damaged.Id, good.Id);

        var row = await RowAsync(site, damaged.Id);
        Assert.Equal(SeriesState.Rejected, row.State);
        Assert.Contains("restore it from a backup", row.Reason);
        Assert.Equal(SeriesState.Ready, (await RowAsync(site, good.Id)).State);
        Assert.Contains("\"ready\":1,\"rejected\":1", job.ResultJson);
    }

    [Fact]
    public async Task Ingest_SeriesOfAnotherCohort_IsNotTouched()
    {
        await using var site = await TestSite.CreateAsync();
        var series = Assert.Single(await site.UploadAsync("ct", site.Scan(5, PhantomModality.Ct)));
        await RunAsync(site, "elsewhere", series.Id);
        Assert.Equal(SeriesState.Received, (await RowAsync(site, series.Id)).State);
    }

    private static async Task<JobRecord> RunAsync(TestSite site, string cohort, params Guid[] series) =>
        await site.RunAsync(await site.Queue.EnqueueAsync(TestSite.Project, JobKind.Ingest, new IngestRequest(TestSite.Project, cohort, series), "steward"));

    private static Task<SeriesRecord> RowAsync(TestSite site, Guid id) => site.ReadAsync(db => db.Series.AsNoTracking().SingleAsync(s => s.Id == id));

    /// <summary>The same stack, turned so that its slices lie along the body.</summary>
    private static void Sagittal(DicomDataset dataset)
    {
        var position = dataset.GetValues<decimal>(DicomTag.ImagePositionPatient);
        dataset.AddOrUpdate(DicomTag.ImageOrientationPatient, 0m, 1m, 0m, 0m, 0m, -1m);
        dataset.AddOrUpdate(DicomTag.ImagePositionPatient, position[2], position[0], -position[1]);
    }
}
