using System.Diagnostics;
using System.IO.Compression;
using MedGan.Demo.Cohorts;
using MedGan.Demo.Evaluation;
using MedGan.Demo.Reporting;
using MedGan.Demo.Service;
using MedGan.Phantoms;

namespace MedGan.Demo;

/// <summary>The main job as its three users do it over HTTP: the steward uploads, the researcher trains, generates and downloads, the privacy officer reads the evidence.</summary>
internal sealed class MainJob(DemoOptions options, MedGanClient steward, MedGanClient researcher, MedGanClient privacyOfficer)
{
    public async Task<DemoResult> RunAsync(CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        using var phantom = options.CtFolder is null ? new TemporaryFolder() : null;
        var (ctCohort, mrCohort) = phantom is null
            ? (DemoCohort.OfFolder("ct", options.CtFolder!), DemoCohort.OfFolder("mr", options.MrFolder!))
            : Scanned(phantom);
        var truths = new Dictionary<string, PhantomTruth>();
        await UploadAsync(ctCohort, "upload CT (STOW-RS)", CohortUpload.StowAsync, truths, ct);
        await UploadAsync(mrCohort, "upload MR (zip)", CohortUpload.ZipAsync, truths, ct);
        CohortAnswer[] cohorts = [await steward.GetAsync<CohortAnswer>("cohorts/ct", ct), await steward.GetAsync<CohortAnswer>("cohorts/mr", ct)];
        RequireReady(cohorts);

        var training = await researcher.PostAsync<StartedAnswer>("trainings",
            new { name = "demo", ctCohort = "ct", mrCohort = "mr", plan = options.Size is { } size ? new { imageSize = size } : new object(), minutes = options.Minutes }, ct);
        await JobFollower.FollowAsync(researcher, training.Job, "train", ct);
        var started = await researcher.PostAsync<StartedAnswer>("generations", new { training = training.Id }, ct);
        var generation = await FollowGenerationAsync(started, ct);

        var archive = Path.Combine(options.Out, "synthetic-set.zip");
        await researcher.DownloadAsync($"generations/{started.Id}/archive", archive, ct);
        Unpack(archive);
        await privacyOfficer.DownloadAsync("audit", Path.Combine(options.Out, "audit.jsonl"), ct);
        clock.Stop();

        var sheet = Path.Combine(options.Out, "contact-sheet.png");
        var patients = Evaluated(generation, truths);
        var result = new DemoResult
        {
            Source = phantom is null ? "Real DICOM series, CT and MR of different patients." : $"The digital phantom: {PhantomUpload.PatientsPerModality} CT and {PhantomUpload.PatientsPerModality} MR patients, no patient in both.",
            Minutes = options.Minutes,
            TotalSeconds = clock.Elapsed.TotalSeconds,
            Cohorts = cohorts,
            Training = await researcher.GetAsync<TrainingAnswer>($"trainings/{training.Id}", ct),
            Losses = await researcher.GetAsync<List<LossAnswer>>($"trainings/{training.Id}/losses", ct),
            Generation = generation,
            Privacy = await privacyOfficer.GetAsync<PrivacyAnswer>($"generations/{started.Id}/report", ct),
            Truth = phantom is null ? null : TruthEvaluation.SyntheticCt(Scanned(patients, PhantomModality.MrT1), TrainingCt(generation, truths)),
            TruthPng = TruthPicture.Png(Scanned(patients, PhantomModality.MrT1)),
            SamplesPng = await steward.GetBytesAsync($"trainings/{training.Id}/samples/latest.png", ct),
            ContactSheetPng = File.Exists(sheet) ? await File.ReadAllBytesAsync(sheet, ct) : null,
            NearestPairsPng = await privacyOfficer.GetBytesAsync($"generations/{started.Id}/nearest-pairs.png", ct),
            AuditLeaves = File.ReadLines(Path.Combine(options.Out, "audit.jsonl")).Count() - 1,
        };
        await File.WriteAllTextAsync(Path.Combine(options.Out, "report.html"), DemoReport.Html(result), ct);
        return result;
    }

    private static (DemoCohort Ct, DemoCohort Mr) Scanned(TemporaryFolder folder)
    {
        using var bar = new ProgressBar("scan the phantom");
        bar.Report(0, $"{2 * PhantomUpload.PatientsPerModality} made-up patients");
        var cohorts = PhantomUpload.Write(folder.Path);
        bar.Finish("done");
        return cohorts;
    }

    // Patient by patient, so that the phantom's patients can be told apart by the series that each upload added.
    private async Task UploadAsync(DemoCohort cohort, string title, Func<MedGanClient, string, IEnumerable<string>, CancellationToken, Task<Guid?>> upload,
        Dictionary<string, PhantomTruth> truths, CancellationToken ct)
    {
        var jobs = new List<Guid>();
        var known = new HashSet<string>();
        using (var bar = new ProgressBar(title))
        {
            for (var i = 0; i < cohort.Patients.Count; i++)
            {
                var patient = cohort.Patients[i];
                if (await upload(steward, cohort.Name, patient.Files, ct) is { } job) jobs.Add(job);
                foreach (var series in (await steward.GetAsync<CohortAnswer>($"cohorts/{cohort.Name}", ct)).Series)
                    if (known.Add(series.Id) && patient.Truth is not null) truths[series.Id] = patient.Truth;
                bar.Report((i + 1.0) / cohort.Patients.Count, $"{patient.Files.Count} files");
            }
            bar.Finish($"{cohort.Patients.Sum(p => p.Files.Count)} files, {known.Count} series");
        }
        using var ingest = new ProgressBar($"ingest {cohort.Name}");
        for (var i = 0; i < jobs.Count; i++)
        {
            await WaitAsync(jobs[i], ct);
            ingest.Report((i + 1.0) / jobs.Count, null);
        }
        ingest.Finish("done");
    }

    private async Task WaitAsync(Guid job, CancellationToken ct)
    {
        while (true)
        {
            var answer = await steward.GetAsync<JobAnswer>($"jobs/{job}", ct);
            if (answer.State == "Succeeded") return;
            if (answer.State is "Failed" or "Cancelled") throw DemoException.FallsShort($"ingest ended as {answer.State}: {answer.Error}");
            await Task.Delay(250, ct);
        }
    }

    private async Task<GenerationAnswer> FollowGenerationAsync(StartedAnswer started, CancellationToken ct)
    {
        foreach (var stage in new[] { "generate", "privacyGate", "publish" })
        {
            Guid job;
            while (!(await researcher.GetAsync<GenerationAnswer>($"generations/{started.Id}", ct)).Jobs.TryGetValue(stage, out job)) await Task.Delay(200, ct);
            await JobFollower.FollowAsync(researcher, job, stage == "privacyGate" ? "privacy gate" : stage, ct);
        }
        return await researcher.GetAsync<GenerationAnswer>($"generations/{started.Id}", ct);
    }

    private static void RequireReady(IEnumerable<CohortAnswer> cohorts)
    {
        foreach (var cohort in cohorts)
            if (!cohort.Series.Exists(series => series.State == "Ready"))
                throw DemoException.FallsShort($"no series of cohort {cohort.Name} can be used: {string.Join(' ', cohort.Series.Select(s => s.Reason).Distinct())}");
    }

    private void Unpack(string archive)
    {
        var dicom = Path.Combine(options.Out, "dicom");
        if (Directory.Exists(dicom)) Directory.Delete(dicom, recursive: true);
        ZipFile.ExtractToDirectory(archive, options.Out, overwriteFiles: true);
    }

    private List<EvaluatedPatient> Evaluated(GenerationAnswer generation, Dictionary<string, PhantomTruth> truths)
    {
        if (truths.Count == 0) return [];
        var slices = ReleasedSlice.ReadAll(Path.Combine(options.Out, "dicom"));
        return [.. generation.Series.Where(s => truths.ContainsKey(s.SourceSeries)).Select(s => new EvaluatedPatient(truths[s.SourceSeries], s.SourceSplit, [.. slices[s.SeriesInstanceUid]]))];
    }

    private static IEnumerable<EvaluatedPatient> Scanned(IEnumerable<EvaluatedPatient> patients, PhantomModality modality) =>
        patients.Where(patient => patient.Truth.Scanned == modality);

    private static List<Dicom.Volumes.Volume> TrainingCt(GenerationAnswer generation, Dictionary<string, PhantomTruth> truths) =>
        [.. generation.Series.Where(s => s.SourceSplit == "Train" && truths.TryGetValue(s.SourceSeries, out var t) && t.Scanned == PhantomModality.Ct).Select(s => truths[s.SourceSeries].Scan)];
}
