using System.IO.Compression;
using FellowOakDicom;
using MedGan.Dicom.Synthetic;
using MedGan.Dicom.Volumes;
using MedGan.Privacy.ReleaseGate;
using MedGan.Storage.Keys;
using MedGan.Storage.Objects;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MedGan.Api.Tests.Fixtures;

/// <summary>A service with a published set (CT and MR of one synthetic patient), one that is still being published, and one of another project.</summary>
public class ReleasedService : TestService
{
    /// <summary>Published, of the test project.</summary>
    public PublishedSet Published { get; private set; } = null!;

    /// <summary>Of the test project, still being published.</summary>
    public PublishedSet Unfinished { get; private set; } = null!;

    /// <summary>Published, of another project.</summary>
    public PublishedSet Foreign { get; private set; } = null!;

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Published = await PublishAsync(Project, "0001", SyntheticSetState.Released);
        Unfinished = await PublishAsync(Project, "0002", SyntheticSetState.Publishing);
        Foreign = await PublishAsync(OtherProject, "0003", SyntheticSetState.Released);
    }

    private async Task<PublishedSet> PublishAsync(string project, string name, SyntheticSetState state)
    {
        var ct = TestContext.Current.CancellationToken;
        var training = new TrainingRecord
        {
            Id = Guid.NewGuid(),
            Project = project,
            Name = name,
            CtCohort = "ct",
            MrCohort = "mr",
            PlanJson = """{"maxSteps":1}""",
            State = TrainingState.Completed,
            CardJson = """{"name":"card"}""",
            CardMarkdown = "# Card",
            CreatedAt = DateTimeOffset.UtcNow,
        };
        var archive = Path.Combine("archives", $"{name}.zip");
        var set = new SyntheticSetRecord
        {
            Id = Guid.NewGuid(),
            Project = project,
            TrainingId = training.Id,
            State = state,
            ReportJson = """{"released":3}""",
            ArchivePath = archive,
            CreatedAt = DateTimeOffset.UtcNow,
        };
        await using var db = Db();
        db.AddRange(training, set);
        await db.SaveChangesAsync(ct);
        Directory.CreateDirectory(Path.Combine(Folder, "archives"));
        await using (var zip = new ZipArchive(File.Create(Path.Combine(Folder, archive)), ZipArchiveMode.Create))
        {
            await using var entry = await zip.CreateEntry("model-card.md").OpenAsync(ct);
            await entry.WriteAsync("# Card"u8.ToArray(), ct);
        }
        var ct3 = await ReleaseAsync(project, set, name, Modality.CT, 3);
        var mr2 = await ReleaseAsync(project, set, name, Modality.MR, 2);
        return new PublishedSet(set.Id, training.Id, ct3, mr2);
    }

    private async Task<PublishedSeries> ReleaseAsync(string project, SyntheticSetRecord set, string name, Modality modality, int slices)
    {
        var ct = TestContext.Current.CancellationToken;
        var (files, outcome) = GateMaterial.Judge(GateKey.FromBytes(Services.GetRequiredService<KeyRing>().Gate()), name, modality, slices, ct);
        Assert.Equal($"{name}/{slices - 1}", Assert.Single(outcome.Withheld).ImageId);
        var study = GateMaterial.Study(name, modality);
        var series = new SyntheticSeriesRecord
        {
            Id = Guid.NewGuid(),
            SetId = set.Id,
            SourceSeriesId = Guid.NewGuid(),
            SourcePatientPseudonym = "P",
            SourceSplit = SourceSplit.Test,
            TargetModality = modality.ToString(),
            StudyInstanceUid = study.StudyInstanceUid,
            SeriesInstanceUid = study.SeriesInstanceUid,
            SyntheticPatientId = study.PatientId,
            WithheldCount = 1,
        };
        await using var db = Db();
        db.Add(series);
        await db.SaveChangesAsync(ct);
        var queue = Services.GetRequiredService<JobQueue>();
        var lease = (await queue.TakeAsync(await queue.EnqueueAsync(project, JobKind.Publish, new PublishRequest(set.Id), "test", ct), ct))!;
        await Services.GetRequiredService<ReleaseStore>().PutAsync([.. outcome.Released.Select((evidence, k) => (evidence, files[k]))], series.Id, lease, ct);
        await lease.CompleteAsync(new { }, ct: ct);
        var uids = files.Select(f => f.Dataset.GetSingleValue<string>(DicomTag.SOPInstanceUID)).ToList();
        return new PublishedSeries(study, uids[..^1], uids[^1]);
    }
}

/// <summary>A set in the store, with its two series.</summary>
public sealed record PublishedSet(Guid Id, Guid Training, PublishedSeries Ct, PublishedSeries Mr);

/// <summary>A series: what was released of it, and the one slice that was withheld.</summary>
public sealed record PublishedSeries(SyntheticStudy Study, IReadOnlyList<string> Released, string Withheld)
{
    /// <summary>Path below the DICOMweb service.</summary>
    public string Path => $"studies/{Study.StudyInstanceUid}/series/{Study.SeriesInstanceUid}";
}
