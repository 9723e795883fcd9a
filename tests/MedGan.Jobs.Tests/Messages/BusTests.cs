using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MedGan.Jobs.Hosting;
using MedGan.Jobs.Messages;
using MedGan.Storage;
using MedGan.Storage.Outbox;
using MedGan.Storage.Pacs;
using MedGan.Storage.Records;
using MedGan.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace MedGan.Jobs.Tests.Messages;

/// <summary>The bus against a real broker; what listens and sends here is the broker's own client, as any other program would.</summary>
public sealed class BusTests(BusTests.Broker shared) : IClassFixture<BusTests.Broker>, IAsyncDisposable
{
    private const string Project = "brain";

    private readonly List<IHost> _hosts = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("medgan-bus-").FullName;
    private RabbitServer _broker = shared.Server;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync(CancellationToken.None);
            host.Dispose();
        }
        if (!ReferenceEquals(_broker, shared.Server)) await _broker.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Event_IsPlainJsonOnAnExchangeOfItsName_WithTheOutboxsIds()
    {
        var host = await StartAsync();
        await using var heard = await ListenAsync("medgan.training-completed.v1");
        var (training, correlation) = (Guid.NewGuid(), Guid.NewGuid());
        await AddAsync(host, correlation, new TrainingCompleted(Project, training, "t", 10, "aa", "bb"));
        var (body, properties) = await heard.NextAsync();
        Assert.Equal($$"""{"project":"brain","training":"{{training}}","name":"t","steps":10,"snapshotSha256":"aa","weightsSha256":"bb"}""", body);
        var row = Assert.Single(await OutboxAsync(host));
        Assert.Equal((row.MessageId.ToString(), correlation.ToString()), (properties.MessageId, properties.CorrelationId));
        Assert.StartsWith("application/json", properties.ContentType);
        await UntilAsync(async () => (await OutboxAsync(host)).All(o => o.PublishedAt is not null));
    }

    [Fact]
    public async Task BrokerKilled_EventsWaitAndComeAfterItsRestart_InTheirOrder()
    {
        await UseOwnBrokerAsync();
        var host = await StartAsync();
        await using (var before = await ListenAsync("medgan.training-completed.v1", "kept"))
        {
            await AddAsync(host, Guid.NewGuid(), Event(0));
            await before.NextAsync();
        }
        await _broker.KillAsync();
        for (var i = 1; i <= 20; i++) await AddAsync(host, Guid.NewGuid(), Event(i));
        await _broker.StartAsync(Ct);
        await using var after = await ListenAsync("medgan.training-completed.v1", "kept");
        var steps = new List<long>();
        while (steps.Distinct().Count() < 20) steps.Add(JsonNode.Parse((await after.NextAsync()).Body)!["steps"]!.GetValue<long>());
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), steps.Distinct());
    }

    [Fact]
    public async Task TwoPublishers_EveryEventIsPublishedOnce()
    {
        await using var heard = await ListenAsync("medgan.training-completed.v1");
        var hosts = new[] { await StartAsync(), await StartAsync() };
        for (var i = 0; i < 60; i++) await AddAsync(hosts[i % 2], Guid.NewGuid(), Event(i));
        var ids = new List<string?>();
        while (ids.Count < 60) ids.Add((await heard.NextAsync()).Properties.MessageId);
        Assert.Equal(60, ids.Distinct().Count());
        Assert.False(await heard.IsNextWithinAsync(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Command_TwiceDelivered_QueuesOneSet_WithItsCorrelationInTheAuditLog()
    {
        var host = await StartAsync();
        var training = await CompletedTrainingAsync(host);
        var (id, correlation) = (Guid.NewGuid(), Guid.NewGuid());
        for (var i = 0; i < 2; i++) await SendAsync(new { project = Project, training }, id, correlation);
        await SendAsync(new { project = Project, training }, Guid.NewGuid(), Guid.NewGuid());
        await UntilAsync(async () => await ReadAsync(host, db => db.Inbox.CountAsync(Ct)) == 2);
        await QueueIsEmptyAsync();
        Assert.Equal(2, await ReadAsync(host, db => db.SyntheticSets.CountAsync(Ct)));
        var jobs = await ReadAsync(host, db => db.Jobs.AsNoTracking().ToListAsync(Ct));
        Assert.Equal(2, jobs.Count);
        Assert.All(jobs, job => Assert.Equal((JobKind.Generate, BusCommands.Actor), (job.Kind, job.Actor)));
        Assert.Contains(correlation, jobs.Select(j => j.CorrelationId!.Value));
        var queued = await ReadAsync(host, db => db.AuditLeaves.Select(l => l.LeafJson).Where(l => l.Contains("job.queued")).ToListAsync(Ct));
        Assert.Single(queued, l => l.Contains($"\"correlation\":\"{correlation}\""));
    }

    [Fact]
    public async Task Command_ThatMayNotBeCarriedOut_IsRefusedAndAudited_AndTheSenderHearsWhy()
    {
        var host = await StartAsync();
        await using var heard = await ListenAsync("medgan.command-refused.v1");
        var training = await CompletedTrainingAsync(host);
        await SendAsync(new { project = "other", training }, Guid.NewGuid(), Guid.NewGuid());
        Assert.Contains("takes no commands", (await heard.NextAsync()).Body);
        await SendAsync(new { project = Project, training = Guid.NewGuid() }, Guid.NewGuid(), Guid.NewGuid());
        Assert.Contains("no such training", (await heard.NextAsync()).Body);
        Assert.Empty(await ReadAsync(host, db => db.SyntheticSets.ToListAsync(Ct)));
        Assert.Equal(2, await ReadAsync(host, db => db.AuditLeaves.CountAsync(l => l.LeafJson.Contains("command.refused"), Ct)));
    }

    [Fact]
    public async Task IngestStudy_TwiceDelivered_QueuesOneFetch_AndWhatIsRefusedRepeatsNothing()
    {
        const string Exchange = "medgan.ingest-study.v1", Study = "1.2.840.99.4711";
        var host = await StartAsync();
        await using var heard = await ListenAsync("medgan.command-refused.v1");
        var id = Guid.NewGuid();
        for (var i = 0; i < 2; i++) await SendRawAsync(JsonSerializer.Serialize(new { project = Project, cohort = "ct", pacs = "main", studyInstanceUid = Study }), id, exchange: Exchange);
        foreach (var (project, cohort, pacs, study, why) in new[]
        {
            ("other", "ct", "main", Study, "takes no commands"), (Project, "CT!", "main", Study, "names of project and cohort"),
            (Project, "ct", "elsewhere", Study, "no such PACS"), (Project, "ct", "main", $"{Study}/../x", "not named by a UID"),
        })
        {
            await SendRawAsync(JsonSerializer.Serialize(new { project, cohort, pacs, studyInstanceUid = study, seriesInstanceUid = (string?)null }), Guid.NewGuid(), exchange: Exchange);
            var (body, _) = await heard.NextAsync();
            Assert.Contains(why, body);
            Assert.DoesNotContain(Study, body);
        }
        await UntilAsync(async () => await ReadAsync(host, db => db.Inbox.CountAsync(Ct)) == 5);
        var job = Assert.Single(await ReadAsync(host, db => db.Jobs.AsNoTracking().ToListAsync(Ct)));
        Assert.Equal((JobKind.Fetch, BusCommands.Actor, id), (job.Kind, job.Actor, job.CorrelationId));
        Assert.DoesNotContain(await ReadAsync(host, db => db.AuditLeaves.Select(l => l.LeafJson).ToListAsync(Ct)), leaf => leaf.Contains(Study));
    }

    [Fact]
    public async Task Command_ThatCannotBeRead_GoesToTheErrorQueue_AndTheNextIsServed()
    {
        var host = await StartAsync();
        var training = await CompletedTrainingAsync(host);
        await using var errors = await ListenAsync(exchange: $"{Bus.CommandQueue}_error", queue: $"{Bus.CommandQueue}_error");
        await SendRawAsync("""{"project":"brain","training":""", Guid.NewGuid());
        await SendAsync(new { project = Project, training }, Guid.NewGuid(), Guid.NewGuid());
        Assert.Equal("""{"project":"brain","training":""", (await errors.NextAsync()).Body);
        await UntilAsync(async () => await ReadAsync(host, db => db.SyntheticSets.CountAsync(Ct)) == 1);
    }

    [Fact]
    public async Task BrokerIsAway_WorkerStartsAndJobsRun_EventsComeOnceItIsThere()
    {
        await UseOwnBrokerAsync();
        await _broker.KillAsync();
        var host = await StartAsync();
        await AddAsync(host, Guid.NewGuid(), Event(5));
        await _broker.StartAsync(Ct);
        await UntilAsync(async () => (await OutboxAsync(host)).All(o => o.PublishedAt is not null));
    }

    // A bus that lost its broker may come back to it after its host was stopped, and would take what is meant for the next test's host.
    private async Task UseOwnBrokerAsync() => _broker = await RabbitServer.CreateAsync(Ct);

    private static TrainingCompleted Event(long number) => new(Project, Guid.NewGuid(), "t", number, "aa", "bb");

    /// <summary>The bus as the worker has it, on this test's data folder; no stages and no torch.</summary>
    private async Task<IHost> StartAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddFilter("MassTransit", LogLevel.Critical);
        builder.Services.AddMedGanStorage(new StorageOptions { DataFolder = _folder, Pacs = PacsOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["main:Url"] = "https://pacs.example.org/dicom-web" }).Build()) });
        builder.Services.AddBus(new BusOptions { Host = "127.0.0.1", Port = (ushort)_broker.Port, User = RabbitServer.User, Password = RabbitServer.Password, Projects = [Project] });
        var host = builder.Build();
        await host.Services.MigrateAsync(Ct);
        await host.StartAsync(Ct);
        _hosts.Add(host);
        return host;
    }

    private static async Task AddAsync(IHost host, Guid correlation, object message)
    {
        await using var db = await host.Services.GetRequiredService<IDbContextFactory<MedGanDb>>().CreateDbContextAsync(Ct);
        await using var transaction = await db.Database.BeginTransactionAsync(Ct);
        host.Services.GetRequiredService<OutboxStore>().Add(db, Project, correlation, message);
        await db.SaveChangesAsync(Ct);
        await transaction.CommitAsync(Ct);
    }

    private static async Task<Guid> CompletedTrainingAsync(IHost host)
    {
        await using var db = await host.Services.GetRequiredService<IDbContextFactory<MedGanDb>>().CreateDbContextAsync(Ct);
        var training = new TrainingRecord
        {
            Id = Guid.NewGuid(), Project = Project, Name = "t", CtCohort = "ct", MrCohort = "mr", PlanJson = "{}", State = TrainingState.Completed, CreatedAt = DateTimeOffset.UtcNow,
        };
        db.Trainings.Add(training);
        await db.SaveChangesAsync(Ct);
        return training.Id;
    }

    private static async Task<T> ReadAsync<T>(IHost host, Func<MedGanDb, Task<T>> read)
    {
        await using var db = await host.Services.GetRequiredService<IDbContextFactory<MedGanDb>>().CreateDbContextAsync(Ct);
        return await read(db);
    }

    private static Task<List<OutboxRecord>> OutboxAsync(IHost host) => ReadAsync(host, db => db.Outbox.AsNoTracking().ToListAsync(Ct));

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (!await holds()) await Task.Delay(50, patience.Token);
    }

    private Task SendAsync(object command, Guid id, Guid correlation) => SendRawAsync(JsonSerializer.Serialize(command), id, correlation);

    /// <summary>As docs/messages.md tells: JSON to the exchange of the command, with a message id.</summary>
    private async Task SendRawAsync(string json, Guid id, Guid? correlation = null, string exchange = "medgan.request-synthetic-set.v1")
    {
        await using var connection = await ConnectAsync();
        var properties = new BasicProperties { MessageId = id.ToString(), CorrelationId = correlation?.ToString(), ContentType = "application/json", DeliveryMode = DeliveryModes.Persistent };
        await UntilAsync(async () =>
        {
            try
            {
                // Mandatory and confirmed: the worker makes exchange, queue and what binds them once it is connected, and until then a message goes nowhere.
                await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Ct);
                await channel.BasicPublishAsync(exchange, "", mandatory: true, properties, Encoding.UTF8.GetBytes(json), Ct);
                return true;
            }
            catch (Exception e) when (e is RabbitMQ.Client.Exceptions.OperationInterruptedException or RabbitMQ.Client.Exceptions.PublishException)
            {
                return false;
            }
        });
    }

    private async Task QueueIsEmptyAsync()
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Ct);
        await UntilAsync(async () => await channel.MessageCountAsync(Bus.CommandQueue, Ct) == 0);
    }

    private Task<IConnection> ConnectAsync() => new ConnectionFactory
    {
        HostName = "127.0.0.1", Port = _broker.Port, UserName = RabbitServer.User, Password = RabbitServer.Password,
    }.CreateConnectionAsync(Ct);

    /// <summary>A durable queue of somebody else's, bound to an exchange of ours.</summary>
    private async Task<Listener> ListenAsync(string exchange, string? queue = null)
    {
        var connection = await ConnectAsync();
        var channel = await connection.CreateChannelAsync(cancellationToken: Ct);
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, cancellationToken: Ct);
        queue ??= $"listener-{Guid.NewGuid():N}";
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: Ct);
        await channel.QueueBindAsync(queue, exchange, "", cancellationToken: Ct);
        var listener = new Listener(connection, channel);
        await listener.StartAsync(queue);
        return listener;
    }

    /// <summary>One broker for all of these tests that do not kill it; they run one after the other.</summary>
    public sealed class Broker : IAsyncLifetime
    {
        public RabbitServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await RabbitServer.CreateAsync(CancellationToken.None);

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }

    private sealed class Listener(IConnection connection, IChannel channel) : IAsyncDisposable
    {
        private readonly BlockingCollection<(string Body, IReadOnlyBasicProperties Properties)> _heard = [];

        public Task StartAsync(string queue)
        {
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += (_, delivery) =>
            {
                _heard.Add((Encoding.UTF8.GetString(delivery.Body.Span), new BasicProperties(delivery.BasicProperties)));
                return Task.CompletedTask;
            };
            return channel.BasicConsumeAsync(queue, autoAck: true, consumer, Ct);
        }

        public Task<(string Body, IReadOnlyBasicProperties Properties)> NextAsync() => Task.Run(() =>
            _heard.TryTake(out var next, TimeSpan.FromMinutes(2)) ? next : throw new TimeoutException("no message came within two minutes"), Ct);

        public Task<bool> IsNextWithinAsync(TimeSpan time) => Task.Run(() => _heard.TryTake(out _, time), Ct);

        public async ValueTask DisposeAsync()
        {
            await channel.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
