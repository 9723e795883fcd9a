using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Amazon.S3;
using Amazon.S3.Model;
using FellowOakDicom;
using MedGan.Phantoms;
using MedGan.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Xunit;

namespace MedGan.EndToEnd.Tests;

/// <summary>
/// An informatics gateway of the MONAI Deploy convention, played by the broker's and the store's own clients: payloads in its bucket come in, a released set goes
/// out through it, and what it says of the export is on the audit trail.
/// </summary>
public sealed class GatewayTests : IAsyncLifetime
{
    private const string Project = "p", Exchange = "monaideploy";

    private PostgresServer postgres = null!;
    private RabbitServer broker = null!;
    private S3Server store = null!;
    private RunningCluster cluster = null!;
    private AmazonS3Client bucket = null!;
    private IConnection connection = null!;
    private string database = "";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        postgres = await PostgresServer.CreateAsync();
        database = await postgres.CreateDatabaseAsync();
        broker = await RabbitServer.CreateAsync(Ct);
        store = await S3Server.StartAsync(Ct);
        bucket = new AmazonS3Client(S3Server.Key, S3Server.Key, new AmazonS3Config
        {
            ServiceURL = store.Url.ToString(), ForcePathStyle = true, AuthenticationRegion = "us-east-1",
            RequestChecksumCalculation = Amazon.Runtime.RequestChecksumCalculation.WHEN_REQUIRED, ResponseChecksumValidation = Amazon.Runtime.ResponseChecksumValidation.WHEN_REQUIRED,
        });
        connection = await new ConnectionFactory { HostName = "127.0.0.1", Port = broker.Port, UserName = RabbitServer.User, Password = RabbitServer.Password }.CreateConnectionAsync(Ct);
        await using (var channel = await connection.CreateChannelAsync(cancellationToken: Ct))
        {
            await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Topic, durable: true, cancellationToken: Ct);
            await channel.QueueDeclareAsync("gateway-exporter", durable: true, exclusive: false, autoDelete: false, cancellationToken: Ct);
            await channel.QueueBindAsync("gateway-exporter", Exchange, "md.export.request.monaiscu", cancellationToken: Ct);
        }
        cluster = await RunningCluster.StartAsync(1, 1, new Dictionary<string, string>(broker.Settings)
        {
            ["MedGan__Database"] = database,
            ["MedGan__Monai__Exchange"] = Exchange,
            ["MedGan__Monai__Bucket__ServiceUrl"] = store.Url.ToString().TrimEnd('/'), ["MedGan__Monai__Bucket__Bucket"] = S3Server.Bucket,
            ["MedGan__Monai__Bucket__AccessKey"] = S3Server.Key, ["MedGan__Monai__Bucket__SecretKey"] = S3Server.Key,
            ["MedGan__Monai__Workflows__heads_ct"] = $"{Project}/ct", ["MedGan__Monai__Workflows__heads_mr"] = $"{Project}/mr",
            [$"MedGan__Monai__Exports__{Project}"] = "ARCHIVE,RESEARCH",
        }, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (connection is not null) await connection.DisposeAsync();
        bucket?.Dispose();
        if (cluster is not null) await cluster.DisposeAsync();
        if (store is not null) await store.DisposeAsync();
        if (broker is not null) await broker.DisposeAsync();
        if (postgres is not null) await postgres.DisposeAsync();
    }

    [Fact]
    public async Task PayloadsComeIn_AndAReleasedSetGoesOut()
    {
        using var researcher = await cluster.ClientAsync(0, "researcher", Project, Ct);
        var scans = new TinyWork();
        for (var patient = 0; patient < 3; patient++)
        {
            await SendPayloadAsync("heads_ct", scans.Series(PhantomModality.Ct, patient));
            await SendPayloadAsync("heads_mr", scans.Series(PhantomModality.MrT1, 100 + patient));
        }
        await SendPayloadAsync("of-somebody-else", scans.Series(PhantomModality.Ct, 0));
        await SendPayloadAsync("heads_ct", scans.Series(PhantomModality.Ct, 4), bucketName: "another-bucket");
        await TinyWork.SucceededAsync(researcher, 12); // six payloads fetched and ingested: each message came twice
        var series = (await researcher.GetFromJsonAsync<JsonElement>("cohorts/ct", Ct)).GetProperty("series").EnumerateArray().ToList();
        Assert.Equal((3, true), (series.Count, series.TrueForAll(s => s.GetProperty("state").GetString() == "Ready" && s.GetProperty("instances").GetInt32() == 12)));

        using var training = await researcher.PostAsJsonAsync("trainings", TinyWork.Training(1), Ct);
        await TinyWork.SucceededAsync(researcher, 13);
        using var generation = await researcher.PostAsJsonAsync("generations", new { training = (await training.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid() }, Ct);
        var set = (await generation.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid();
        await TinyWork.SucceededAsync(researcher, 17); // generated, judged, published, exported

        var request = await Eventually.IsAsync(NextExportAsync, message => message is not null, Ct);
        Assert.Equal(set.ToString(), request!.Value.GetProperty("workflow_instance_id").GetString());
        Assert.Equal(["ARCHIVE", "RESEARCH"], request.Value.GetProperty("destinations").EnumerateArray().Select(d => d.GetString()));
        var files = request.Value.GetProperty("files").EnumerateArray().Select(f => f.GetString()!).ToList();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            using var answer = await bucket.GetObjectAsync(S3Server.Bucket, file, Ct);
            using var copy = new MemoryStream();
            await answer.ResponseStream.CopyToAsync(copy, Ct);
            copy.Position = 0;
            Assert.Equal("YES", (await DicomFile.OpenAsync(copy)).Dataset.GetString(DicomTag.SyntheticData));
        }

        var job = request.Value.GetProperty("export_task_id").GetString();
        await PublishAsync("md.export.complete", new
        {
            workflow_instance_id = set.ToString(), export_task_id = job, status = "Success", message = "", file_statuses = files.ToDictionary(f => f, _ => "Success"),
        });
        await Eventually.IsAsync(ExportedAsync, leaves => leaves.Count > 0, Ct);
        Assert.Contains($"\"succeeded\":{files.Count}", Assert.Single(await ExportedAsync()), StringComparison.Ordinal);
    }

    /// <summary>As the gateway does: files into the bucket, then a message - and, as a broker may, the message once more.</summary>
    private async Task SendPayloadAsync(string workflow, IReadOnlyList<byte[]> files, string bucketName = S3Server.Bucket)
    {
        var payload = Guid.NewGuid();
        for (var i = 0; i < files.Count; i++)
        {
            await bucket.PutObjectAsync(new PutObjectRequest { BucketName = S3Server.Bucket, Key = $"{payload}/dcm/{i}.dcm", InputStream = new MemoryStream(files[i]), UseChunkEncoding = false }, Ct);
            await bucket.PutObjectAsync(new PutObjectRequest { BucketName = S3Server.Bucket, Key = $"{payload}/dcm/{i}.dcm.json", ContentBody = "{}", UseChunkEncoding = false }, Ct);
        }
        var message = new
        {
            payload_id = payload, workflows = new[] { workflow }, file_count = files.Count, correlation_id = Guid.NewGuid().ToString(), bucket = bucketName,
            trigger = new { dataService = "DIMSE", source = "SCANNER", destination = "MEDGAN" }, data_origins = Array.Empty<object>(), timestamp = DateTime.UtcNow,
            payload = files.Select((_, i) => new { path = $"dcm/{i}.dcm", metadata = $"dcm/{i}.dcm.json" }),
        };
        var id = Guid.NewGuid();
        for (var i = 0; i < 2; i++) await PublishAsync("md.workflow.request", message, id);
    }

    private async Task PublishAsync(string topic, object message, Guid? id = null)
    {
        var properties = new BasicProperties { MessageId = (id ?? Guid.NewGuid()).ToString(), ContentType = "application/json", DeliveryMode = DeliveryModes.Persistent, AppId = "gateway" };
        await Eventually.IsAsync(async () =>
        {
            try
            {
                await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Ct);
                await channel.BasicPublishAsync(Exchange, topic, mandatory: true, properties, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(message)), Ct);
                return true;
            }
            catch (Exception e) when (e is OperationInterruptedException or RabbitMQ.Client.Exceptions.PublishException)
            {
                return false; // the worker has not bound its queue yet
            }
        }, sent => sent, Ct);
    }

    private async Task<JsonElement?> NextExportAsync()
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Ct);
        return await channel.BasicGetAsync("gateway-exporter", autoAck: true, Ct) is { } message ? JsonDocument.Parse(message.Body).RootElement : null;
    }

    private async Task<List<string>> ExportedAsync()
    {
        await using var db = await Database.OpenAsync(database);
        return await Database.RowsAsync(db, """SELECT "LeafJson" FROM "AuditLeaves" WHERE "LeafJson" LIKE '%"action":"set.exported"%'""");
    }
}
