using FellowOakDicom;
using MedGan.Jobs.Pacs;
using MedGan.Phantoms;
using MedGan.Storage.Intake;
using MedGan.Storage.Pacs;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Jobs.Tests.Pacs;

/// <summary>Fetches from archives that break off, refuse or send elsewhere.</summary>
public sealed class FetchJobTests
{
    private const string Study = "1.2.826.0.1.3680043.10.1.77", Boundary = "made-up";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnswerThatBreaksOff_KeepsNothing_AndIsTriedAgain()
    {
        await using var site = await TestSite.CreateAsync();
        var files = site.Scan(1, PhantomModality.Ct);
        await using var archive = await ScriptedArchive.StartAsync(async context =>
        {
            await BeginAsync(context.Response, files.Take(3));
            context.Abort();
        });
        var e = await Assert.ThrowsAsync<TransientJobException>(() => FetchAsync(site, archive));
        Assert.Contains("hospital does not answer", e.Message, StringComparison.Ordinal);
        Assert.Empty(await site.ReadAsync(db => db.Series.ToListAsync(Ct)));
        Assert.Empty(await site.ReadAsync(db => db.StoredObjects.Where(o => o.Path.StartsWith("objects/")).ToListAsync(Ct)));
    }

    [Fact]
    public async Task WholeStudy_IsStoredAndIngested_AndItsUidIsInNoRow()
    {
        await using var site = await TestSite.CreateAsync();
        var files = site.Scan(1, PhantomModality.Ct);
        await using var archive = await ScriptedArchive.StartAsync(async context =>
        {
            await BeginAsync(context.Response, files);
            await context.Response.WriteAsync($"--{Boundary}--\r\n");
        });
        var job = await FetchAsync(site, archive);
        Assert.Equal(JobState.Succeeded, (await site.JobAsync(job)).State);
        Assert.Equal(($"/studies/{Study}", true), archive.Requests.Single() is var (path, authorization) ? (path, authorization!.StartsWith("Basic ", StringComparison.Ordinal)) : default);
        var ingest = await site.RunNextAsync(JobKind.Ingest);
        Assert.Equal(job, ingest.CorrelationId);
        Assert.Equal(SeriesState.Ready, (await site.ReadAsync(db => db.Series.SingleAsync(Ct))).State);

        await site.ReadAsync(db => db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)", Ct));
        foreach (var file in Directory.EnumerateFiles(site.DataFolder, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)))
            Assert.DoesNotContain(Study, await File.ReadAllTextAsync(file, System.Text.Encoding.Latin1, Ct), StringComparison.Ordinal);
        // What leads to the study is sealed, and goes once the job has ended.
        Assert.Equal(Study, (await site.Service<StudyFetches>().ReadAsync(job, Ct))!.StudyInstanceUid);
        await site.Service<StudyFetches>().ForgetEndedAsync(Ct);
        Assert.Null(await site.Service<StudyFetches>().ReadAsync(job, Ct));
    }

    [Theory]
    [InlineData(401, "does not let MedGan in")]
    [InlineData(403, "does not let MedGan in")]
    [InlineData(404, "holds no such study")]
    [InlineData(204, "holds no such study")]
    [InlineData(406, "answered 406")]
    [InlineData(500, "does not answer")]
    [InlineData(503, "does not answer")]
    [InlineData(200, "multipart/related")] // a page of HTML
    public async Task Refusal_IsAPlainSentence_AndOnlyWhatMayPassIsTriedAgain(int status, string sentence)
    {
        await using var site = await TestSite.CreateAsync();
        await using var archive = await ScriptedArchive.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            if (status == 200) context.Response.ContentType = "text/html";
            return Task.CompletedTask;
        });
        var e = await Assert.ThrowsAnyAsync<JobFailedException>(() => FetchAsync(site, archive));
        Assert.Contains(sentence, e.Message, StringComparison.Ordinal);
        Assert.Equal(status >= 500, e is TransientJobException);
        Assert.DoesNotContain(Study, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirection_IsNotFollowed()
    {
        await using var site = await TestSite.CreateAsync();
        await using var elsewhere = await ScriptedArchive.StartAsync(_ => Task.CompletedTask);
        await using var archive = await ScriptedArchive.StartAsync(context =>
        {
            context.Response.Redirect(new Uri(elsewhere.Url, "studies").ToString());
            return Task.CompletedTask;
        });
        var e = await Assert.ThrowsAsync<JobFailedException>(() => FetchAsync(site, archive));
        Assert.Contains("another address", e.Message, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Requests); // and the password went nowhere
    }

    [Fact]
    public async Task WorkerThatLostTheJobWhileItFetched_StoresNothing()
    {
        await using var site = await TestSite.CreateAsync();
        var files = site.Scan(1, PhantomModality.Ct);
        await using var archive = await ScriptedArchive.StartAsync(async context =>
        {
            await BeginAsync(context.Response, files);
            // It slept here, and another worker has taken the job.
            await TakeAwayAsync(site);
            await context.Response.WriteAsync($"--{Boundary}--\r\n");
        });
        await Assert.ThrowsAsync<StaleEpochException>(() => FetchAsync(site, archive));
        Assert.Empty(await site.ReadAsync(db => db.Series.ToListAsync(Ct)));
    }

    [Fact]
    public async Task SilentArchive_IsGivenUp_AndTriedAgain()
    {
        await using var site = await TestSite.CreateAsync();
        await using var archive = await ScriptedArchive.StartAsync(async context =>
        {
            await BeginAsync(context.Response, []);
            await context.Response.WriteAsync($"--{Boundary}\r\n");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        await Assert.ThrowsAsync<TransientJobException>(() => FetchAsync(site, archive));
    }

    private static async Task TakeAwayAsync(TestSite site) =>
        Assert.NotNull(await site.Queue.TakeAsync(await site.ReadAsync(db => db.Jobs.Where(j => j.Kind == JobKind.Fetch).Select(j => j.Id).SingleAsync(Ct)), Ct));

    private static async Task<Guid> FetchAsync(TestSite site, ScriptedArchive archive)
    {
        var dbs = site.Service<IDbContextFactory<MedGanDb>>();
        await using var fetch = await site.Service<StudyFetches>().PrepareAsync(new FetchRequest(TestSite.Project, "fetched", "hospital"), new StudyReference(Study, null), Ct);
        Guid job;
        await using (var db = await dbs.CreateDbContextAsync(Ct))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Ct);
            job = await fetch.AddAsync(db, "steward", ct: Ct);
            await db.SaveChangesAsync(Ct);
            await transaction.CommitAsync(Ct);
        }
        using var client = new PacsClient(archive.Options);
        var lease = (await site.Queue.TakeAsync(job, Ct))!;
        await new FetchJob(site.Service<StudyFetches>(), client, site.Service<StudyIntake>()).HandleAsync(lease, Ct);
        return job;
    }

    /// <summary>The answer as far as these files; its end is the test's.</summary>
    private static async Task BeginAsync(HttpResponse response, IEnumerable<DicomFile> files)
    {
        response.ContentType = $"multipart/related; type=\"application/dicom\"; boundary={Boundary}";
        foreach (var file in files)
        {
            await response.WriteAsync($"--{Boundary}\r\nContent-Type: application/dicom\r\n\r\n");
            using var bytes = new MemoryStream();
            await file.SaveAsync(bytes);
            await response.Body.WriteAsync(bytes.ToArray());
            await response.WriteAsync("\r\n");
        }
    }
}
