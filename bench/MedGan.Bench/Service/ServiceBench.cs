using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using MedGan.Phantoms;
using MedGan.Testing;

namespace MedGan.Bench.Service;

/// <summary>
/// STOW-RS and WADO-RS of our API process against Orthanc with its DICOMweb plugin: the same files, the same client, four requests at a
/// time, in turns. Ours de-identifies, seals, audits and stores an upload whole or not at all; Orthanc stores what it gets.
/// </summary>
internal static class ServiceBench
{
    private const string Project = "bench";
    private const int AtOnce = 4, SeriesUploads = 16, InstanceUploads = 100, SeriesFetches = 30, InstanceFetches = 200;

    /// <summary>Seconds of every request, and how much a second in every round.</summary>
    private sealed record Figures(List<double> Seconds, List<double> PerSecond);

    public static async Task<BenchReport> RunAsync(int rounds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(30));
        var ct = patience.Token;
        var scans = new Scans(new PhantomGrid(Columns: 512, Slices: 12, PixelSpacingMm: 0.475, SliceSpacingMm: 9));
        await using var service = await RunningService.StartAsync(ct);
        await using var orthanc = await OrthancServer.StartAsync(ct);
        var released = await ReleasedSeries.MakeAsync(service, Project, scans, ct);
        service.KillWorker(); // what it does with an upload comes after the answer
        using var steward = await service.ClientAsync("steward", Project, ct);
        using var researcher = await service.ClientAsync("researcher", Project, ct);
        var (ours, peer) = (new DicomWebServer("MedGan", steward, "cohorts/uploads/dicomweb/studies", "dicomweb"), new DicomWebServer("Orthanc", orthanc.Client, "dicom-web/studies", "dicom-web"));
        var oursToRead = ours with { Client = researcher };
        await peer.StoreAsync(released.Files);
        var peerName = await PeerNameAsync(orthanc.Client, ct);

        var rows = new List<BenchRow>();
        var seriesBytes = released.Files.Sum(f => (long)f.Length);
        rows.AddRange(await MeasureAsync($"STOW-RS of 12 slices, {Mega(scans.Next(PhantomModality.Ct).Sum(f => (long)f.Length)):0.0} MB", rounds, peerName, ours, peer,
            () => Many(SeriesUploads, () => scans.Next(PhantomModality.Ct)), (server, files) => server.StoreAsync(files), files => Mega(files.Sum(f => (long)f.Length)), "MB/s"));
        rows.AddRange(await MeasureAsync($"STOW-RS of one slice, {Mega(scans.Next(PhantomModality.Ct)[0].Length):0.0} MB", rounds, peerName, ours, peer,
            () => Many(InstanceUploads, () => (IReadOnlyList<byte[]>)[scans.Next(PhantomModality.Ct)[0]]), (server, files) => server.StoreAsync(files), _ => 1, "requests/s"));
        rows.AddRange(await MeasureAsync($"WADO-RS of a series, {Mega(seriesBytes):0.0} MB", rounds, peerName, oursToRead, peer,
            () => Many(SeriesFetches, () => released.Path), (server, path) => server.RetrieveAsync(path, released.Files.Count, seriesBytes), _ => Mega(seriesBytes), "MB/s"));
        var next = 0;
        rows.AddRange(await MeasureAsync($"WADO-RS of one slice, {Mega(released.Files[0].Length):0.0} MB", rounds, peerName, oursToRead, peer,
            () => Many(InstanceFetches, () => $"{released.Path}/instances/{released.Instances[next++ % released.Instances.Count]}"), (server, path) => server.RetrieveAsync(path, 1, released.Files[0].Length), _ => 1, "requests/s"));
        return new("service", BenchReport.ThisMachine, rows);
    }

    /// <summary>Both servers do the same requests in every round, the one that begins alternating; a short round before the first is not counted.</summary>
    private static async Task<IEnumerable<BenchRow>> MeasureAsync<T>(
        string name, int rounds, string peerName, DicomWebServer ours, DicomWebServer peer, Func<List<T>> material, Func<DicomWebServer, T, Task<double>> request, Func<T, double> amount, string unit)
    {
        var (our, their) = (new Figures([], []), new Figures([], []));
        for (var round = -1; round < rounds; round++)
        {
            var work = material();
            if (round < 0) work = work[..(work.Count / 4)];
            (DicomWebServer, Figures)[] turns = [(ours, our), (peer, their)];
            foreach (var (server, figures) in round % 2 == 0 ? turns : turns.Reverse()) await RoundAsync(server, work, request, amount, figures);
            if (round < 0) foreach (var figures in new[] { our, their }) { figures.Seconds.Clear(); figures.PerSecond.Clear(); }
        }
        return
        [
            BenchRow.MoreIsBetter(name, unit, Statistics.Median(our.PerSecond), Statistics.Median(their.PerSecond), peerName),
            BenchRow.LessIsBetter($"  its latency, p50 of {our.Seconds.Count}", "ms", 1000 * Statistics.Percentile(our.Seconds, 50), 1000 * Statistics.Percentile(their.Seconds, 50), peerName),
            BenchRow.LessIsBetter($"  its latency, p99 of {our.Seconds.Count}", "ms", 1000 * Statistics.Percentile(our.Seconds, 99), 1000 * Statistics.Percentile(their.Seconds, 99), peerName),
        ];
    }

    private static async Task RoundAsync<T>(DicomWebServer server, List<T> work, Func<DicomWebServer, T, Task<double>> request, Func<T, double> amount, Figures figures)
    {
        var seconds = new double[work.Count];
        var clock = Stopwatch.StartNew();
        await Parallel.ForAsync(0, work.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) => seconds[i] = await request(server, work[i]));
        figures.PerSecond.Add(work.Sum(amount) / clock.Elapsed.TotalSeconds);
        figures.Seconds.AddRange(seconds);
    }

    private static async Task<string> PeerNameAsync(HttpClient orthanc, CancellationToken ct)
    {
        var version = (JsonElement of) => of.GetProperty("Version").GetString();
        return $"Orthanc {version(await orthanc.GetFromJsonAsync<JsonElement>("system", ct))}, DICOMweb {version(await orthanc.GetFromJsonAsync<JsonElement>("plugins/dicom-web", ct))}";
    }

    private static List<T> Many<T>(int count, Func<T> make) => [.. Enumerable.Range(0, count).Select(_ => make())];

    private static double Mega(long bytes) => bytes / 1e6;
}
