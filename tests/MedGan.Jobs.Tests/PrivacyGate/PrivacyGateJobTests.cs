using System.Text.Json.Nodes;
using MedGan.Dicom.Volumes;
using MedGan.Jobs.Hosting;
using MedGan.Jobs.Images;
using MedGan.Jobs.PrivacyGate;
using MedGan.Jobs.Train;
using MedGan.Privacy.ReleaseGate;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Jobs.Tests.PrivacyGate;

public sealed class PrivacyGateJobTests(PhantomChain chain)
{
    [Fact]
    public async Task Gate_PlantedExactCopyOfATrainingImage_IsWithheldAndAudited()
    {
        var (series, trainingImage) = chain.Planted;
        var withheld = await chain.Site.ReadAsync(db => db.Withheld.AsNoTracking()
            .SingleAsync(w => w.SyntheticSeriesId == series && w.SliceIndex == PhantomChain.PlantedSlice));
        Assert.NotEmpty(JsonNode.Parse(withheld.ReasonsJson)!.AsArray());
        Assert.Equal(trainingImage, (string?)JsonNode.Parse(withheld.EvidenceJson)!["nearestTrainingId"]);

        var leaf = (await chain.Site.AuditAsync("image.withheld")).Select(json => JsonNode.Parse(json)!["detail"]!)
            .Single(detail => (string?)detail["series"] == series.ToString());
        Assert.Contains(leaf["images"]!.AsArray(), image => (int)image!["slice"]! == PhantomChain.PlantedSlice && (string?)image["nearest"] == trainingImage);
    }

    [Fact]
    public async Task Gate_Report_StatesCalibrationFalseAlarmsAndSelfTestOfBothModalities()
    {
        var report = PrivacyReport.FromJson((await chain.Site.SetAsync(chain.Set)).ReportJson!);
        Assert.Equal(2, report.Modalities.Count);
        foreach (var gate in report.Modalities.Values)
        {
            Assert.True(gate.Certified, string.Join(' ', gate.WhyNotCertified));
            Assert.Equal(HeldOutKind.SameModality, gate.Calibration!.Kind);
            Assert.Equal(2, gate.Calibration.Patients);
            Assert.Null(gate.FalseAlarm!.WhyNotMeasured);
            Assert.True(gate.FalseAlarm.Images!.Of > 0);
            Assert.Equal(2, gate.FalseAlarm.Patients!.Of);
            var deciding = gate.SelfTest.Where(planted => planted.Deciding).ToList();
            Assert.NotEmpty(deciding);
            Assert.All(deciding, planted => Assert.True(planted.Found.Of > 0));
            Assert.All(deciding, planted => Assert.Equal(planted.Found.Of, planted.Found.Count));
            Assert.Equal(12 * PhantomChain.Patients, gate.Images.Count);
        }
        Assert.Contains("# Synthetic MR", report.ToMarkdown());
    }

    [Fact]
    public async Task Gate_NearestPairs_AreDrawnForThePrivacyOfficer()
    {
        var gate = JsonNode.Parse((await chain.Site.SetAsync(chain.Set)).JobIds)!["privacyGate"]!.GetValue<Guid>();
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], chain.Site.Read(DataFiles.NearestPairs(gate))[..4]);
    }

    [Fact]
    public async Task Gate_WhatCannotBeJudged_IsWithheldAndPublishedAsAReportWithoutImages()
    {
        var (set, generate) = await chain.Site.QueueGenerationAsync(chain.Training.Id);
        await chain.Site.RunAsync(generate);
        var broken = (await chain.Site.SeriesAsync(set))[0];
        await chain.Site.PlantAsync(broken.QuarantinePath!, stream => stream.Write("not a volume"u8));

        await chain.Site.RunNextAsync(JobKind.PrivacyGate);
        await chain.Site.RunNextAsync(JobKind.Publish);

        var row = await chain.Site.SetAsync(set);
        Assert.Equal(SyntheticSetState.Withheld, row.State);
        Assert.All(await chain.Site.SeriesAsync(set), series => Assert.Equal((0, 12), (series.ReleasedCount, series.WithheldCount)));
        Assert.Equal(0, await chain.Site.ReadAsync(db => db.Released.CountAsync(r => db.SyntheticSeries.Any(s => s.SetId == set && s.Id == r.SyntheticSeriesId))));
        var report = PrivacyReport.FromJson(row.ReportJson!);
        Assert.All(report.Modalities.Values, gate => Assert.Contains("could not be run", Assert.Single(gate.WhyNotCertified)));
        Assert.Contains((await chain.Site.AuditAsync("set.judged")), leaf => leaf.Contains(set.ToString()) && leaf.Contains("\"released\":0"));
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(chain.Site.Read(row.ArchivePath!)));
        Assert.Equal(["model-card.json", "model-card.md", "privacy-report.json", "privacy-report.md"], zip.Entries.Select(e => e.FullName));
    }

    [Fact]
    public async Task Publish_PixelsChangedAfterTheGate_AreRefused()
    {
        var (set, generate) = await chain.Site.QueueGenerationAsync(chain.Training.Id);
        await chain.Site.RunAsync(generate);
        await chain.Site.RunNextAsync(JobKind.PrivacyGate);
        var judged = (await chain.Site.SeriesAsync(set)).First(s => s.ReleasedCount > 0);
        var volume = chain.Site.Files.ReadVolume(judged.QuarantinePath!);
        for (var i = 0; i < volume.Voxels.Length; i++) volume.Voxels[i] += 10;
        await chain.Site.PlantAsync(judged.QuarantinePath!, stream => MedGan.Dicom.Volumes.VolumeFile.Write(volume, stream));

        var error = await Assert.ThrowsAsync<JobFailedException>(() => chain.Site.RunNextAsync(JobKind.Publish));
        Assert.Contains("not those that the privacy gate judged", error.Message);
        Assert.Equal(0, await chain.Site.ReadAsync(db => db.Released.CountAsync(r => r.SyntheticSeriesId == judged.Id)));
    }

    [Fact]
    public void Inputs_NoHeldOutPatientOfTheModality_CalibrateWithTheHeldOutOnesOfTheOther()
    {
        var cohort = Load(series => series.Split == SourceSplit.Train || series.Modality == Modality.MR);
        var input = GateInputs.Of(Modality.CT, cohort, []);
        Assert.Equal(HeldOutKind.OtherModality, input.HeldOutKind);
        Assert.NotEmpty(cohort.Training(Modality.MR)); // which must not calibrate
        Assert.Equal(cohort.HeldOut(Modality.MR).Select(i => i.Id), input.HeldOut.Select(i => i.Id));
        Assert.Equal(cohort.Of(Modality.CT).Select(i => i.Id), input.Training.Select(i => i.Id));
    }

    [Fact]
    public void Inputs_NobodyHeldOut_CalibrateWithTheOtherModalityAndSayThatItWasTrainedOn()
    {
        var cohort = Load(series => series.Split == SourceSplit.Train);
        var input = GateInputs.Of(Modality.CT, cohort, []);
        Assert.Equal(HeldOutKind.OtherModalityTrained, input.HeldOutKind);
        Assert.Equal(cohort.Of(Modality.MR).Select(i => i.Id), input.HeldOut.Select(i => i.Id));
        Assert.Equal(cohort.Of(Modality.CT).Select(i => i.Id), input.Training.Select(i => i.Id));
    }

    private CohortImages Load(Func<SnapshotSeries, bool> which) => CohortImages.Load(
        chain.Snapshot with { Series = [.. chain.Snapshot.Series.Where(which)] },
        series => chain.Site.Files.ReadVolume(series.VolumePath), 32, TestContext.Current.CancellationToken);
}
