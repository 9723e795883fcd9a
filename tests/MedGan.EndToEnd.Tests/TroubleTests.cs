using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Net.Http.Json;
using MedGan.Phantoms;
using MedGan.Testing;
using Xunit;

namespace MedGan.EndToEnd.Tests;

/// <summary>A disk that is full and an object store that fails: clients are told, nothing is half kept, and all goes on once it is over.</summary>
public sealed class TroubleTests
{
    private const string Project = "p";

    private readonly TinyWork scans = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DiskFull_UploadsAreRefused_JobsWait_AndBothGoOnOnceThereIsRoom()
    {
        var mounted = false;
        await using var cluster = await RunningCluster.StartAsync(1, 1, Settings(), Ct, prepare: data => mounted = Mount(data));
        Assert.SkipUnless(mounted, "a small file system cannot be mounted here: that takes root");
        try
        {
            using var steward = await cluster.ClientAsync(0, "steward", Project, Ct);
            await StoreAsync(steward, "before", HttpStatusCode.OK);
            await ReadyAsync(steward, "before");

            var filler = Path.Combine(cluster.DataFolder, "filler");
            Fill(filler);
            var refused = await StoreAsync(steward, "full", HttpStatusCode.InsufficientStorage);
            Assert.Contains("disk of the service is full", refused, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(["before"], await CohortsAsync(steward));
            File.Delete(filler);
            await StoreAsync(steward, "full", HttpStatusCode.OK);
            await ReadyAsync(steward, "full");

            // Room for an upload, but not for what its ingest job makes of it.
            Fill(filler, leave: 2 * 1024 * 1024);
            Assert.Equal(HttpStatusCode.OK, await TryStoreAsync(steward, "waits"));
            Fill(filler + "2");
            for (var began = Stopwatch.StartNew(); began.Elapsed < TimeSpan.FromSeconds(3); await Task.Delay(200, Ct))
                Assert.DoesNotContain(await JobStatesAsync(steward), state => state is "Failed" or "Cancelled");
            File.Delete(filler);
            File.Delete(filler + "2");
            await ReadyAsync(steward, "waits");
        }
        finally
        {
            Run("umount", "-l", cluster.DataFolder);
        }
    }

    [Fact]
    public async Task ObjectStoreFails_UploadsAreRefused_JobsWait_AndBothGoOnOnceItIsBack()
    {
        await using var store = await S3Server.StartAsync(Ct);
        await using var relay = new TcpRelay(store.Url.Port);
        await using var cluster = await RunningCluster.StartAsync(1, 1, new Dictionary<string, string>(Settings())
        {
            ["MedGan__Objects__ServiceUrl"] = $"http://127.0.0.1:{relay.Port}", ["MedGan__Objects__Bucket"] = S3Server.Bucket,
            ["MedGan__Objects__AccessKey"] = S3Server.Key, ["MedGan__Objects__SecretKey"] = S3Server.Key,
        }, Ct);
        using var steward = await cluster.ClientAsync(0, "steward", Project, Ct);
        await StoreAsync(steward, "before", HttpStatusCode.OK);
        await ReadyAsync(steward, "before");

        relay.Break(true);
        var refused = await StoreAsync(steward, "away", HttpStatusCode.ServiceUnavailable);
        Assert.Contains("object store cannot be reached", refused, StringComparison.OrdinalIgnoreCase);
        Assert.True(relay.Refused > 0);
        Assert.Equal(["before"], await CohortsAsync(steward));
        using (var ready = await steward.GetAsync(new Uri(cluster.Url(0), "health/ready"), Ct)) Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        relay.Break(false);
        await StoreAsync(steward, "away", HttpStatusCode.OK);
        relay.Break(true); // its ingest job cannot read what it is to look at
        await Task.Delay(500, Ct);
        relay.Break(false);
        await ReadyAsync(steward, "away");
        var objects = Directory.EnumerateFiles(store.Folder, "*", SearchOption.AllDirectories).Count();
        Assert.True(objects > 0);
    }

    private static Dictionary<string, string> Settings() => new() { ["MedGan__Queue__RetryDelaySeconds"] = "0.5", ["MedGan__Queue__MaxRetries"] = "20" };

    private async Task<string> StoreAsync(HttpClient steward, string cohort, HttpStatusCode expected)
    {
        using var content = TinyWork.Stow(scans.Series(PhantomModality.Ct, 0));
        using var answer = await steward.PostAsync($"cohorts/{cohort}/dicomweb/studies", content, Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.True(answer.StatusCode == expected, $"{(int)answer.StatusCode} instead of {(int)expected}: {text}");
        return text;
    }

    private async Task<HttpStatusCode> TryStoreAsync(HttpClient steward, string cohort)
    {
        using var content = TinyWork.Stow(scans.Series(PhantomModality.Ct, 0));
        using var answer = await steward.PostAsync($"cohorts/{cohort}/dicomweb/studies", content, Ct);
        return answer.StatusCode;
    }

    private static Task ReadyAsync(HttpClient steward, string cohort) => Eventually.IsAsync(
        () => steward.GetFromJsonAsync<JsonElement>($"cohorts/{cohort}", Ct),
        found => found.GetProperty("series").EnumerateArray().All(s => s.GetProperty("state").GetString() == "Ready"), Ct);

    private static async Task<List<string>> CohortsAsync(HttpClient steward) =>
        [.. (await steward.GetFromJsonAsync<JsonElement>("cohorts", Ct)).EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];

    private static async Task<List<string>> JobStatesAsync(HttpClient steward) =>
        [.. (await steward.GetFromJsonAsync<JsonElement>("jobs", Ct)).EnumerateArray().Select(job => job.GetProperty("state").GetString()!)];

    /// <summary>Takes what room there is, but for some bytes.</summary>
    private static void Fill(string path, long leave = 0)
    {
        var room = new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace - leave;
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var block = new byte[64 * 1024];
        try
        {
            for (; room > 0; room -= block.Length) file.Write(block, 0, (int)Math.Min(block.Length, room));
        }
        catch (IOException)
        {
            // full
        }
    }

    private static bool Mount(string folder) => Environment.UserName == "root" && Run("mount", "-t", "tmpfs", "-o", "size=24m,mode=700", "medgan-test", folder) == 0;

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
