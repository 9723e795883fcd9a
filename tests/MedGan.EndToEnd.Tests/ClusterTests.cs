using System.Net;
using System.Net.Http.Json;
using MedGan.Phantoms;
using MedGan.Testing;
using Npgsql;
using Xunit;

namespace MedGan.EndToEnd.Tests;

/// <summary>
/// Two API and three worker processes on one PostgreSQL server and one RabbitMQ broker do two hundred jobs of every kind while workers are
/// killed with -9 every few seconds, the broker twice and the database once. Every job comes to its end exactly once, with one effect, the
/// audit log proves it, and every event arrives.
/// </summary>
public sealed class ClusterTests : IAsyncLifetime
{
    private const int Patients = 3, Trainings = 3, Jobs = 200;
    private const int Ingests = Jobs - Trainings - 3 * Trainings; // a generation is three jobs: Generate, PrivacyGate, Publish

    private const string Request = "medgan.request-synthetic-set.v1";

    private PostgresServer postgres = null!;
    private RabbitServer broker = null!;
    private Mailbox mail = null!;
    private RunningCluster cluster = null!;
    private string database = "";
    private readonly TinyWork scans = new();
    private readonly HttpClient[] stewards = new HttpClient[2], researchers = new HttpClient[2];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        postgres = await PostgresServer.CreateAsync();
        database = await postgres.CreateDatabaseAsync();
        broker = await RabbitServer.CreateAsync(Ct);
        mail = new Mailbox(broker);
        await mail.BindAsync();
        cluster = await RunningCluster.StartAsync(apis: 2, workers: 3, new Dictionary<string, string>(broker.Settings)
        {
            ["MedGan__Database"] = database,
            ["MedGan__Bus__Projects"] = "p",
            ["MedGan__Queue__MaxAttempts"] = "100", // here a worker's death says nothing about the job it was at
            ["MedGan__Queue__LeaseTimeoutSeconds"] = "5",
            ["OMP_NUM_THREADS"] = "1",
        }, Ct);
        for (var api = 0; api < 2; api++)
        {
            stewards[api] = await cluster.ClientAsync(api, "steward", "p", Ct);
            researchers[api] = await cluster.ClientAsync(api, "researcher", "p", Ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in stewards.Concat(researchers)) client?.Dispose();
        if (cluster is not null) await cluster.DisposeAsync();
        if (broker is not null) await broker.DisposeAsync();
        if (postgres is not null) await postgres.DisposeAsync();
    }

    [Fact]
    public async Task TwoHundredJobs_WorkersBrokerAndDatabaseKilled_EachEndsOnceWithOneEffectAndItsEvents()
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var trouble = MakeTroubleAsync(enough.Token);
        try
        {
            await QueueAsync();
            await EndedAsync(Jobs);
        }
        finally
        {
            await enough.CancelAsync();
        }
        await trouble;
        await EveryJobEndedOnceAsync();
        await EveryEffectIsThereOnceAsync();
        await EveryEventArrivedAsync();
        await TheAuditLogVerifiesAsync();
    }

    /// <summary>Uploads and trainings by both APIs in turn, and a generation from each training's model: one by an API, the others by commands that come twice.</summary>
    private async Task QueueAsync()
    {
        var uploads = new List<(string Cohort, PhantomModality Modality, int Patient)>();
        for (var patient = 0; patient < Patients; patient++)
        {
            uploads.Add(("ct", PhantomModality.Ct, patient));
            uploads.Add(("mr", PhantomModality.MrT1, 100 + patient));
        }
        for (var i = uploads.Count; i < Ingests; i++) uploads.Add(($"other-{i}", PhantomModality.Ct, i % Patients));
        for (var i = 0; i < uploads.Count; i++)
        {
            await UploadAsync(i % 2, uploads[i].Cohort, scans.Series(uploads[i].Modality, uploads[i].Patient));
            if (i == 2 * Patients) await EndedAsync(2 * Patients); // both cohorts are there; the trainings run beside the rest
            if (i > 2 * Patients && i <= 2 * Patients + Trainings) await TrainAsync(i % 2, i);
        }
        var models = await CompletedTrainingsAsync();
        await PostAsync(researchers[0], "generations", new { training = models[0] });
        foreach (var training in models.Skip(1)) await mail.SendTwiceAsync(Request, new { project = "p", training });
    }

    private async Task MakeTroubleAsync(CancellationToken ct)
    {
        var random = new Random(7);
        try
        {
            for (var round = 1; ; round++)
            {
                // The broker dies in the second and the sixth round, the database in the fourth: a fast machine does not spare itself these.
                await Task.Delay(TimeSpan.FromSeconds(5 + 3 * random.NextDouble()), round <= 6 ? CancellationToken.None : ct);
                var worker = random.Next(cluster.Workers);
                await cluster.KillWorkerAsync(worker);
                if (round == 4)
                {
                    await postgres.StopAsync();
                    await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
                    await postgres.StartAsync();
                }
                if (round is 2 or 6)
                {
                    await broker.KillAsync();
                    await broker.StartAsync(CancellationToken.None);
                }
                cluster.StartWorker(worker);
            }
        }
        catch (OperationCanceledException)
        {
            // enough
        }
    }

    private async Task EveryJobEndedOnceAsync()
    {
        await using var db = await Database.OpenAsync(database);
        Assert.Equal([$"Succeeded {Jobs}"], await Database.RowsAsync(db, """SELECT "State" || ' ' || count(*) FROM "Jobs" GROUP BY "State" """));
        Assert.Equal([Jobs.ToString()], await Database.RowsAsync(db, """SELECT count(*)::text FROM "AuditLeaves" WHERE "LeafJson"::json->>'action' = 'job.queued' """));
        Assert.Empty(await Database.RowsAsync(db,
            """
            SELECT j."Id"::text FROM "Jobs" j
            WHERE (SELECT count(*) FROM "AuditLeaves" l WHERE l."LeafJson"::json->>'action' = 'job.succeeded' AND l."LeafJson"::json->'detail'->>'job' = j."Id"::text) <> 1
               OR (SELECT count(*) FROM "AuditLeaves" l WHERE l."LeafJson"::json->>'action' = 'job.started' AND l."LeafJson"::json->'detail'->>'job' = j."Id"::text) <> j."Epoch"
            """));
        // The killing did hit jobs, or this test shows nothing.
        Assert.NotEqual(["0"], await Database.RowsAsync(db, """SELECT count(*)::text FROM "Jobs" WHERE "Epoch" > 1"""));
    }

    private async Task EveryEffectIsThereOnceAsync()
    {
        await using var db = await Database.OpenAsync(database);
        Assert.Equal([$"Ready {Ingests}"], await Database.RowsAsync(db, """SELECT "State" || ' ' || count(*) FROM "Series" GROUP BY "State" """));
        Assert.Equal([Ingests.ToString()], await Database.RowsAsync(db, """SELECT count(*)::text FROM "AuditLeaves" WHERE "LeafJson"::json->>'action' = 'series.ingested' """));
        Assert.Equal([Trainings.ToString()], await Database.RowsAsync(db, """SELECT count(*)::text FROM "AuditLeaves" WHERE "LeafJson"::json->>'action' = 'training.completed' """));
        Assert.Equal([Trainings.ToString()], await Database.RowsAsync(db, """SELECT count(*)::text FROM "SyntheticSets" WHERE "State" IN ('Released', 'Withheld')"""));
        Assert.Equal([(Trainings * 2 * Patients).ToString()], await Database.RowsAsync(db, """SELECT count(*)::text FROM "SyntheticSeries" """));
    }

    private async Task EveryEventArrivedAsync()
    {
        await UntilAsync(async db => await Database.RowsAsync(db, """SELECT count(*)::text FROM "Outbox" WHERE "PublishedAt" IS NULL""") is ["0"]);
        var arrived = (await mail.EmptyAsync()).Where(m => m.Exchange != Request).ToList();
        await using var db = await Database.OpenAsync(database);
        Assert.Equal(await Database.RowsAsync(db, """SELECT "MessageId"::text FROM "Outbox" ORDER BY 1"""), arrived.Select(m => m.Id.ToString()).Distinct().Order(StringComparer.Ordinal));
        var told = arrived.DistinctBy(m => m.Id).CountBy(m => m.Exchange).ToDictionary();
        Assert.Equal((Ingests, Trainings), (told["medgan.study-ingested.v1"], told["medgan.training-completed.v1"]));
        Assert.Equal(Trainings, told.GetValueOrDefault("medgan.synthetic-set-released.v1") + told.GetValueOrDefault("medgan.synthetic-set-withheld.v1"));
        Assert.Equal(["2"], await Database.RowsAsync(db, """SELECT count(*)::text FROM "Inbox" """)); // four deliveries of two commands
        TestContext.Current.SendDiagnosticMessage($"{arrived.Count} messages for {told.Values.Sum()} events");
    }

    private async Task TheAuditLogVerifiesAsync()
    {
        using var officer = await cluster.ClientAsync(1, "privacy-officer", "p", Ct);
        var file = Path.Combine(cluster.Folder, "audit.jsonl");
        await File.WriteAllBytesAsync(file, await officer.GetByteArrayAsync("audit", Ct), Ct);
        var (code, output, error) = await BuiltProgram.RunAsync("dotnet", [BuiltProgram.Dll("src/MedGan.Api"), "verify", file], Ct);
        Assert.True(code == 0, output + error);
    }

    private async Task UploadAsync(int api, string cohort, IReadOnlyList<byte[]> files) =>
        await UntilServedAsync(async () =>
        {
            using var content = TinyWork.Stow(files);
            return await stewards[api].PostAsync($"cohorts/{cohort}/dicomweb/studies", content, Ct);
        });

    private Task TrainAsync(int api, int seed) =>
        PostAsync(researchers[api], "trainings", TinyWork.Training(seed));

    private static async Task PostAsync(HttpClient client, string path, object body) => await UntilServedAsync(() => client.PostAsJsonAsync(path, body, Ct));

    /// <summary>A client does what Retry-After tells it, until it is served; anything but success and "later" fails the test.</summary>
    private static async Task UntilServedAsync(Func<Task<HttpResponseMessage>> send)
    {
        while (true)
        {
            using var answer = await send();
            if (answer.IsSuccessStatusCode) return;
            Assert.True(answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests, $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(Ct)}");
            await Task.Delay(500, Ct);
        }
    }

    private async Task<IReadOnlyList<Guid>> CompletedTrainingsAsync()
    {
        List<string> done = [];
        await UntilAsync(async db => (done = await Database.RowsAsync(db, """SELECT "Id"::text FROM "Trainings" WHERE "State" = 'Completed'""")).Count == Trainings);
        return [.. done.Select(Guid.Parse)];
    }

    private Task EndedAsync(int jobs) => UntilAsync(async db =>
        (await Database.RowsAsync(db, """SELECT count(*)::text FROM "Jobs" WHERE "State" IN ('Succeeded', 'Failed', 'Cancelled')""")) is [var count] && int.Parse(count) >= jobs);

    private async Task UntilAsync(Func<NpgsqlConnection, Task<bool>> holds)
    {
        var patience = TimeSpan.FromMinutes(10);
        for (var began = TimeProvider.System.GetTimestamp(); ;)
        {
            try
            {
                await using var db = await Database.OpenAsync(database);
                if (await holds(db)) return;
            }
            catch (NpgsqlException e) when (e.IsTransient || e.InnerException is IOException or System.Net.Sockets.SocketException)
            {
                // it is being restarted
            }
            if (TimeProvider.System.GetElapsedTime(began) > patience)
            {
                await using var db = await Database.OpenAsync(database);
                var open = await Database.RowsAsync(db, """SELECT "Kind" || ' ' || "State" || ' ' || count(*) FROM "Jobs" GROUP BY "Kind", "State" """);
                Assert.Fail($"not within {patience}: {string.Join(", ", open)}\n{cluster.Console()}");
            }
            await Task.Delay(200, Ct);
        }
    }
}
