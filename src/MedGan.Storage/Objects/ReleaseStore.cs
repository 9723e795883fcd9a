using System.Security.Cryptography;
using FellowOakDicom;
using FellowOakDicom.Imaging;
using FellowOakDicom.Serialization;
using MedGan.Privacy.ReleaseGate;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Objects;

/// <summary>A synthetic file does not fit the evidence it came with; nothing was stored.</summary>
public sealed class ReleaseRefusedException(string sentence) : JobFailedException(sentence);

/// <summary>The only source of downloads. It takes a synthetic file only together with the gate's word on that very content.</summary>
public sealed class ReleaseStore(ObjectIndex objects, TimeProvider clock)
{
    /// <summary>Stores one instance; see the overload for many.</summary>
    public Task PutAsync(ReleasedInstance evidence, DicomFile synthetic, Guid syntheticSeriesId, JobLease lease, CancellationToken ct = default) =>
        PutAsync([(evidence, synthetic)], syntheticSeriesId, lease, ct);

    /// <summary>
    /// Stores released instances of one series: all of them, or none. Storing the same again changes nothing.
    /// The caller audits the release, once for the series.
    /// </summary>
    /// <param name="instances">The evidence is for the pixel data of its file: SHA-256 of the first frame's stored values.</param>
    /// <param name="syntheticSeriesId">The series' record; the files carry its UIDs.</param>
    /// <param name="lease">The publishing job, whose epoch fences the rows.</param>
    /// <param name="ct">Cancels before anything is visible.</param>
    /// <exception cref="ReleaseRefusedException">A file's pixels are not those that were judged, or it belongs to another series.</exception>
    public async Task PutAsync(
        IReadOnlyList<(ReleasedInstance Evidence, DicomFile Synthetic)> instances, Guid syntheticSeriesId, JobLease lease, CancellationToken ct = default)
    {
        await using var placement = objects.NewPlacement();
        var staged = new List<(ReleasedInstance Evidence, DicomFile Synthetic, StagedObject File)>();
        foreach (var (evidence, synthetic) in instances)
        {
            ct.ThrowIfCancellationRequested();
            RequireJudgedPixels(evidence, synthetic.Dataset);
            staged.Add((evidence, synthetic, await placement.AddAsync(lease.Project, stream => synthetic.Save(stream), ct)));
        }
        await placement.PlacedAsync();
        await lease.WriteAsync(async (db, _) =>
        {
            var series = await db.SyntheticSeries.SingleAsync(s => s.Id == syntheticSeriesId, ct);
            foreach (var (evidence, synthetic, file) in staged)
            {
                RequireSeries(series, synthetic.Dataset);
                await placement.NameContentAsync(db, PathOf(lease.Project, file.Sha256), file, ct);
                await AddAsync(db, lease.Project, series, evidence, synthetic.Dataset, file, ct);
            }
            series.ReleasedCount = await db.Released.CountAsync(r => r.SyntheticSeriesId == series.Id, ct)
                + db.ChangeTracker.Entries<ReleasedRecord>().Count(e => e.State == EntityState.Added);
        }, ct);
        placement.Committed();
    }

    /// <summary>Opens a released file. Its bytes are checked before they are handed out; one that was changed far behind its start is noticed there.</summary>
    /// <exception cref="ObjectDamagedException">It is missing or was changed.</exception>
    public Task<Stream> OpenAsync(ReleasedRecord instance, CancellationToken ct = default) =>
        objects.OpenContentAsync(PathOf(instance.Project, instance.Sha256), ObjectIndex.PlainReleased, instance.Sha256, ct);

    /// <summary>As <see cref="OpenAsync"/>, for those who wait.</summary>
    /// <exception cref="ObjectDamagedException">It is missing or was changed.</exception>
    public Stream Open(ReleasedRecord instance) => OpenAsync(instance).GetAwaiter().GetResult();

    /// <summary>The content that evidence speaks of: the stored pixel values of the one frame.</summary>
    public static byte[] ContentOf(DicomDataset dataset) => DicomPixelData.Create(dataset).GetFrame(0).Data;

    private static string PathOf(string project, string sha256) => $"released/{project}/{sha256}";

    private static void RequireJudgedPixels(ReleasedInstance evidence, DicomDataset dataset)
    {
        if (Convert.ToHexStringLower(SHA256.HashData(ContentOf(dataset))) != evidence.ContentSha256)
        {
            throw new ReleaseRefusedException("A synthetic image is not the one that the privacy gate judged; nothing of its series was released.");
        }
    }

    private static void RequireSeries(SyntheticSeriesRecord series, DicomDataset dataset)
    {
        if (dataset.GetSingleValue<string>(DicomTag.SeriesInstanceUID) != series.SeriesInstanceUid
            || dataset.GetSingleValue<string>(DicomTag.StudyInstanceUID) != series.StudyInstanceUid)
        {
            throw new ReleaseRefusedException("A synthetic image belongs to another series than the one it was released for; nothing was released.");
        }
    }

    private async Task AddAsync(
        MedGanDb db, string project, SyntheticSeriesRecord series, ReleasedInstance evidence, DicomDataset dataset, StagedObject file, CancellationToken ct)
    {
        var uid = dataset.GetSingleValue<string>(DicomTag.SOPInstanceUID);
        if (await db.Released.FindAsync([uid], ct) is { } there)
        {
            if (there.Sha256 == file.Sha256 && there.SyntheticSeriesId == series.Id) return;
            throw new ReleaseRefusedException("Another image was released under the same identifier before; nothing was released.");
        }
        var attributes = dataset.Clone();
        attributes.Remove(DicomTag.PixelData);
        db.Released.Add(new ReleasedRecord
        {
            SopInstanceUid = uid,
            Project = project,
            SyntheticSeriesId = series.Id,
            InstanceNumber = dataset.GetSingleValue<int>(DicomTag.InstanceNumber),
            SopClassUid = dataset.GetSingleValue<string>(DicomTag.SOPClassUID),
            Sha256 = file.Sha256,
            Bytes = file.Bytes,
            SealJson = evidence.Seal,
            AttributesJson = DicomJson.ConvertDicomToJson(attributes),
            StoredAt = clock.GetUtcNow(),
        });
    }
}
