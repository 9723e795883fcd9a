using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FellowOakDicom;
using FellowOakDicom.Imaging;
using FellowOakDicom.IO.Buffer;
using MedGan.Phantoms;
using MedGan.Testing;
using Xunit;

namespace MedGan.EndToEnd.Tests;

/// <summary>Many clients at once, and an upload that is larger than the memory that the web process may use.</summary>
public sealed class LoadTests
{
    private const string Project = "p";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FiveHundredClientsWhileUploadsRun_NoneIsFailed()
    {
        const int Clients = 500;
        await using var cluster = await RunningCluster.StartAsync(1, 1, new Dictionary<string, string>(), Ct);
        using var steward = await cluster.ClientAsync(0, "steward", Project, Ct);
        using var researcher = await cluster.ClientAsync(0, "researcher", Project, Ct);
        await ReleaseASetAsync(steward, researcher);
        var instance = (await researcher.GetFromJsonAsync<JsonElement>("dicomweb/instances?limit=1", Ct))[0];
        string Value(string tag) => instance.GetProperty(tag).GetProperty("Value")[0].GetString()!;
        var (study, series, sop) = (Value("0020000D"), Value("0020000E"), Value("00080018"));
        string[] requests = ["dicomweb/studies", $"dicomweb/studies/{study}/series", $"dicomweb/studies/{study}/series/{series}/instances/{sop}", $"dicomweb/studies/{study}/series/{series}/metadata"];

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var uploads = UploadUntilAsync(steward, enough.Token);
        var times = new List<double>();
        var statuses = new Dictionary<HttpStatusCode, int>();
        var began = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            for (var i = 0; i < requests.Length; i++)
            {
                var one = Stopwatch.StartNew();
                using var request = new HttpRequestMessage(HttpMethod.Get, requests[(client + i) % requests.Length]);
                request.Headers.TryAddWithoutValidation("Accept", request.RequestUri!.OriginalString.EndsWith(sop, StringComparison.Ordinal) ? "application/dicom" : "application/dicom+json");
                using var answer = await researcher.SendAsync(request, Ct);
                await answer.Content.ReadAsByteArrayAsync(Ct);
                lock (times)
                {
                    times.Add(one.Elapsed.TotalMilliseconds);
                    statuses[answer.StatusCode] = statuses.GetValueOrDefault(answer.StatusCode) + 1;
                }
            }
        }));
        var seconds = began.Elapsed.TotalSeconds;
        await enough.CancelAsync();
        var uploaded = await uploads;
        times.Sort();
        TestContext.Current.SendDiagnosticMessage(
            $"{times.Count} requests of {Clients} clients in {seconds:0.0} s, p50 {times[times.Count / 2]:0} ms, p99 {times[times.Count * 99 / 100]:0} ms; meanwhile {uploaded} uploads");
        Assert.Equal([HttpStatusCode.OK], statuses.Keys);
        Assert.True(uploaded > 0, "no upload came through meanwhile");
        Assert.True(seconds < 120, $"it took {seconds:0} s");
    }

    [Fact]
    public async Task TwoGigabytes_AreTakenInWithinBoundedMemory()
    {
        const int Instances = 1000; // of 2 MB each
        await using var cluster = await RunningCluster.StartAsync(1, 0, new Dictionary<string, string>(), Ct);
        using var steward = await cluster.ClientAsync(0, "steward", Project, Ct);
        steward.Timeout = TimeSpan.FromMinutes(5);
        using var content = new ManyInstances(Instances);
        var began = Stopwatch.StartNew();
        using var answer = await steward.PostAsync("cohorts/large/dicomweb/studies", content, Ct);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{(int)answer.StatusCode}: {(await answer.Content.ReadAsStringAsync(Ct))[..200]}");
        var peak = PeakMegabytes(cluster.ApiId(0));
        TestContext.Current.SendDiagnosticMessage($"{content.Sent / 1e9:0.00} GB in {began.Elapsed.TotalSeconds:0.0} s, at most {peak:0} MB resident");
        Assert.True(content.Sent > 2e9);
        Assert.True(peak < 300, $"{peak:0} MB were resident");
    }

    private static async Task ReleaseASetAsync(HttpClient steward, HttpClient researcher)
    {
        var scans = new TinyWork();
        for (var patient = 0; patient < 3; patient++)
        {
            await TinyWork.StoreAsync(steward, "ct", scans.Series(PhantomModality.Ct, patient));
            await TinyWork.StoreAsync(steward, "mr", scans.Series(PhantomModality.MrT1, 100 + patient));
        }
        await TinyWork.SucceededAsync(researcher, 6);
        using var training = await researcher.PostAsJsonAsync("trainings", TinyWork.Training(1), Ct);
        await TinyWork.SucceededAsync(researcher, 7);
        using var set = await researcher.PostAsJsonAsync("generations", new { training = (await training.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid() }, Ct);
        await TinyWork.SucceededAsync(researcher, 10);
    }

    private static async Task<int> UploadUntilAsync(HttpClient steward, CancellationToken enough)
    {
        var (scans, done) = (new TinyWork(), 0);
        for (; !enough.IsCancellationRequested; done++) await TinyWork.StoreAsync(steward, $"load-{done}", scans.Series(PhantomModality.Ct, done % 3));
        return done;
    }

    /// <summary>The most that was ever resident.</summary>
    private static double PeakMegabytes(int process) => File.ReadLines($"/proc/{process}/status").Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].Trim()) / 1024).Single();

    /// <summary>A STOW-RS body of CT slices of 1024 x 1024, made while it is sent.</summary>
    private sealed class ManyInstances : HttpContent
    {
        private const string Boundary = "made-up-boundary", Counter = "1000000";

        private readonly int count;
        private readonly byte[] file;
        private readonly List<int> places = [];

        public ManyInstances(int count)
        {
            this.count = count;
            Headers.ContentType = MediaTypeHeaderValue.Parse($"multipart/related; type=\"application/dicom\"; boundary={Boundary}");
            var dataset = DicomFile.Open(new MemoryStream(new TinyWork().Series(PhantomModality.Ct, 0)[0])).Dataset;
            var uid = $"1.2.826.0.1.3680043.10.1.7.{Counter}";
            dataset.AddOrUpdate(DicomTag.SOPInstanceUID, uid);
            dataset.AddOrUpdate(DicomTag.Rows, (ushort)1024).AddOrUpdate(DicomTag.Columns, (ushort)1024);
            var pixels = new byte[2 * 1024 * 1024];
            new Random(1).NextBytes(pixels);
            for (var i = 1; i < pixels.Length; i += 2) pixels[i] &= 0x07; // 12 bits stored at most
            dataset.Remove(DicomTag.PixelData);
            DicomPixelData.Create(dataset, newPixelData: true).AddFrame(new MemoryByteBuffer(pixels));
            using var stream = new MemoryStream();
            new DicomFile(dataset).Save(stream);
            file = stream.ToArray();
            var mark = Encoding.ASCII.GetBytes(uid);
            for (var at = file.AsSpan().IndexOf(mark); at >= 0;)
            {
                places.Add(at + mark.Length - Counter.Length);
                var next = file.AsSpan(at + mark.Length).IndexOf(mark);
                at = next < 0 ? -1 : at + mark.Length + next;
            }
            Assert.Equal(2, places.Count); // in the meta information, and in the data set
        }

        public long Sent { get; private set; }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var i = 0; i < count; i++)
            {
                foreach (var place in places) Encoding.ASCII.GetBytes((1_000_000 + i).ToString()).CopyTo(file, place);
                foreach (var bytes in new[] { Encoding.ASCII.GetBytes($"--{Boundary}\r\nContent-Type: application/dicom\r\n\r\n"), file, "\r\n"u8.ToArray() })
                {
                    await stream.WriteAsync(bytes, Ct);
                    Sent += bytes.Length;
                }
            }
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"--{Boundary}--\r\n"), Ct);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
