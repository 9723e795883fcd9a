using FellowOakDicom;
using MedGan.Jobs.PrivacyGate;
using MedGan.Privacy.ReleaseGate;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using MedGan.Testing;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Jobs.Tests;

public sealed class RealSeriesTests
{
    [Fact]
    public async Task WholeJob_OneRealPatientOfEachModality_IsJudgedByTheOtherModalityAndEndsInAFinalState()
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        await using var site = await TestSite.CreateAsync();
        var ct = await IngestAsync(site, "ct", "CT_GE_HiSpeed_head");
        var mr = await IngestAsync(site, "mr", "MR_T1w_axial");
        Assert.Equal((SeriesState.Ready, SeriesState.Ready), (ct.State, mr.State));
        Assert.NotEqual("[]", ct.Notes); // its gantry was tilted and its spacing is uneven

        var (training, train) = await site.QueueTrainingAsync(TestSite.Plan(steps: 20));
        await site.RunAsync(train);
        var (set, generate) = await site.QueueGenerationAsync(training);
        await site.RunAsync(generate);
        await site.RunNextAsync(JobKind.PrivacyGate);
        await site.RunNextAsync(JobKind.Publish);

        var row = await site.SetAsync(set);
        Assert.Contains(row.State, new[] { SyntheticSetState.Released, SyntheticSetState.Withheld });
        var report = PrivacyReport.FromJson(row.ReportJson!);
        Assert.All(report.Modalities.Values, gate => Assert.Equal(HeldOutKind.OtherModalityTrained, gate.Calibration!.Kind));
        Assert.Contains("took part in training", report.ToMarkdown());
        TestContext.Current.SendDiagnosticMessage(report.ToMarkdown());
    }

    private static async Task<SeriesRecord> IngestAsync(TestSite site, string cohort, string folder)
    {
        var files = Directory.GetFiles(SharedData.Path("dicom_series", folder), "*", SearchOption.AllDirectories)
            .Where(DicomFile.HasValidHeader).Order(StringComparer.Ordinal).Select(path => DicomFile.Open(path));
        var series = Assert.Single(await site.UploadAsync(cohort, files));
        await site.RunAsync(await site.Queue.EnqueueAsync(TestSite.Project, JobKind.Ingest, new IngestRequest(TestSite.Project, cohort, [series.Id]), "steward"));
        return await site.ReadAsync(db => db.Series.AsNoTracking().SingleAsync(s => s.Id == series.Id));
    }
}
