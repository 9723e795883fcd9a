using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using MedGan.Phantoms;
using MedGan.Testing;
using Xunit;

namespace MedGan.EndToEnd.Tests;

/// <summary>
/// An upload of one series dies at each of twenty places spread over its bytes: ten times the client goes, ten times the API is killed
/// with -9. Afterwards there is the whole study or none of it, no object that no row names, and the same upload succeeds.
/// </summary>
public sealed class KilledUploadTests : IAsyncLifetime
{
    private const string Boundary = "made-up-boundary", ContentType = $"multipart/related; type=\"application/dicom\"; boundary={Boundary}";

    private readonly List<byte[]> files = [];
    private byte[] body = [];
    private RunningService service = null!;
    private string token = "";
    private HttpClient client = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("medgan-killed-");
        try
        {
            new PhantomCohorts(1, 0).Write(folder.FullName, truth: false);
            files.AddRange(Directory.EnumerateFiles(folder.FullName, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes));
        }
        finally { folder.Delete(recursive: true); }
        body = Multipart();
        service = await RunningService.StartAsync(Ct, withWorker: false);
        token = await service.TokenAsync("steward", "killed", Ct);
        client = new HttpClient { BaseAddress = new Uri(service.Url, "/projects/killed/"), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return service.DisposeAsync();
    }

    [Fact]
    public async Task Upload_KilledAtTwentyPlaces_IsWholeOrNotThere_AndCanBeRepeated()
    {
        var random = new Random(20);
        for (var i = 0; i < 20; i++)
        {
            var (cohort, killApi) = ($"killed-{i}", i % 2 == 1);
            // The twentieths of the body in turn; the last two have sent everything, so that the API dies about its commit.
            var sent = i >= 18 ? body.Length : (int)((i + random.NextDouble()) * body.Length / 18);
            await BreakOffAsync(cohort, sent, killApi, random.Next(0, 60));
            if (killApi) await service.StartApiAsync(Ct);

            await WholeOrNothingAsync(cohort);
            await NoOrphanAsync();
            Assert.Equal(files.Count, await UploadAsync(cohort));
            Assert.Equal(files.Count, await InstancesAsync(cohort));
        }
    }

    /// <summary>Sends so many bytes of the upload; then the client's line goes dead, or the API is killed.</summary>
    private async Task BreakOffAsync(string cohort, int sent, bool killApi, int millisecondsToWork)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, service.Port, Ct);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /projects/killed/cohorts/{cohort}/dicomweb/studies HTTP/1.1\r\nHost: 127.0.0.1:{service.Port}\r\nAuthorization: Bearer {token}\r\n"
            + $"Content-Type: {ContentType}\r\nContent-Length: {body.Length}\r\n\r\n"), Ct);
        await stream.WriteAsync(body.AsMemory(0, sent), Ct);
        await Task.Delay(millisecondsToWork, Ct); // where in its work the API is hit
        if (killApi) service.KillApi();
        else socket.Client.Close(0);
    }

    private async Task WholeOrNothingAsync(string cohort)
    {
        // A client that went after its last byte may still be served: until it is, nothing of the study may be seen.
        var seen = await InstancesAsync(cohort);
        Assert.True(seen == 0 || seen == files.Count, $"{seen} of {files.Count} instances are visible in {cohort}");
    }

    /// <summary>What lies in the store is what the index names.</summary>
    private async Task NoOrphanAsync()
    {
        for (var patience = 0; ; patience++)
        {
            var names = Objects();
            var rows = await RowsAsync();
            if (names.SetEquals(rows)) return;
            Assert.True(patience < 600, $"{names.Except(rows).Count()} objects have no row, {rows.Except(names).Count()} rows no object");
            await Task.Delay(50, Ct); // the sweep runs once the API has started; an upload whose client went is undone after it noticed
        }
    }

    private HashSet<string> Objects()
    {
        var store = Path.Combine(service.DataFolder, "store");
        return Directory.Exists(store) ? [.. Directory.EnumerateFiles(store, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(store, file))] : [];
    }

    private async Task<HashSet<string>> RowsAsync()
    {
        await using var db = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(service.DataFolder, "medgan.db")};Mode=ReadOnly;Pooling=False");
        await db.OpenAsync(Ct);
        await using var command = db.CreateCommand();
        command.CommandText = "SELECT \"Name\" FROM \"StoredObjects\"";
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var rows = new HashSet<string>();
        while (await reader.ReadAsync(Ct)) rows.Add(reader.GetString(0));
        return rows;
    }

    private async Task<int> InstancesAsync(string cohort)
    {
        using var answer = await client.GetAsync($"cohorts/{cohort}", Ct);
        if (answer.StatusCode == HttpStatusCode.NotFound) return 0;
        answer.EnsureSuccessStatusCode();
        var view = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct)).RootElement;
        return view.GetProperty("series").EnumerateArray().Sum(series => series.GetProperty("instances").GetInt32());
    }

    private async Task<int> UploadAsync(string cohort)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(ContentType) } };
        using var answer = await client.PostAsync($"cohorts/{cohort}/dicomweb/studies", content, Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"the repeated upload answered {(int)answer.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement.GetProperty("00081199").GetProperty("Value").GetArrayLength();
    }

    private byte[] Multipart()
    {
        using var bytes = new MemoryStream();
        foreach (var file in files)
        {
            bytes.Write(Encoding.ASCII.GetBytes($"--{Boundary}\r\nContent-Type: application/dicom\r\n\r\n"));
            bytes.Write(file);
            bytes.Write("\r\n"u8);
        }
        bytes.Write(Encoding.ASCII.GetBytes($"--{Boundary}--\r\n"));
        return bytes.ToArray();
    }
}
