using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FellowOakDicom;
using MedGan.Dicom.Volumes;
using MedGan.Jobs.Hosting;
using MedGan.Jobs.PrivacyGate;
using MedGan.Storage.Objects;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Jobs.Tests.Publish;

public sealed class PublishJobTests(PhantomChain chain)
{
    [Fact]
    public async Task Publish_Set_IsReleasedWithoutThePlantedCopyAndItsQuarantineIsGone()
    {
        var set = await chain.Site.SetAsync(chain.Set);
        Assert.Equal(SyntheticSetState.Released, set.State);
        var series = await chain.Site.SeriesAsync(chain.Set);
        Assert.All(series, s => Assert.Null(s.QuarantinePath));
        var generate = JsonNode.Parse(set.JobIds)!["generate"]!.GetValue<Guid>();
        Assert.Empty(chain.Site.Names(DataFiles.QuarantineFolder(generate)));
        var released = await ReleasedAsync();
        Assert.Equal(series.Sum(s => s.ReleasedCount), released.Count);
        Assert.DoesNotContain(released, r => r.SyntheticSeriesId == chain.Planted.Series && r.InstanceNumber == PhantomChain.PlantedSlice + 1);
        Assert.Contains(chain.Set.ToString(), Assert.Single(await chain.Site.AuditAsync("set.published"), leaf => leaf.Contains(chain.Set.ToString())));
    }

    [Fact]
    public async Task Publish_Instances_AreSyntheticDicomInTheSourceGeometry()
    {
        var store = chain.Site.Service<ReleaseStore>();
        var series = (await chain.Site.SeriesAsync(chain.Set)).First(s => s.ReleasedCount >= 4 && s.TargetModality == "CT");
        var source = chain.Site.Files.ReadVolume(chain.Snapshot.Series.Single(s => s.Id == series.SourceSeriesId).VolumePath).Geometry;
        foreach (var row in (await ReleasedAsync()).Where(r => r.SyntheticSeriesId == series.Id))
        {
            using var stream = store.Open(row);
            var dataset = DicomFile.Open(stream, FileReadOption.ReadAll).Dataset;
            Assert.Equal("YES", dataset.GetString(DicomTag.SyntheticData));
            Assert.Equal(series.SyntheticPatientId, dataset.GetString(DicomTag.PatientID));
            Assert.Equal((source.Rows, source.Columns), (dataset.GetSingleValue<int>(DicomTag.Rows), dataset.GetSingleValue<int>(DicomTag.Columns)));
            var position = dataset.GetValues<double>(DicomTag.ImagePositionPatient);
            var expected = source.PositionMm(0, 0, row.InstanceNumber - 1);
            Assert.Equal(expected.Z, position[2], tolerance: 1e-3);
            Assert.Equal(expected.X, position[0], tolerance: 1e-3);
            Assert.Equal(-1000, MemoryMarshal.Cast<byte, short>(ReleaseStore.ContentOf(dataset))[0]); // the corner is air, whatever was painted there
        }
    }

    [Fact]
    public async Task Publish_Archive_HoldsExactlyTheReleasedInstancesAndTheDocuments()
    {
        var set = await chain.Site.SetAsync(chain.Set);
        using var zip = new ZipArchive(new MemoryStream(chain.Site.Read(set.ArchivePath!)));
        string[] documents = ["contact-sheet.png", "model-card.json", "model-card.md", "privacy-report.json", "privacy-report.md"];
        Assert.Equal(documents, zip.Entries.Select(e => e.FullName).Where(name => !name.StartsWith("dicom/", StringComparison.Ordinal)));
        var archived = zip.Entries.Where(e => e.FullName.EndsWith(".dcm", StringComparison.Ordinal)).Select(Sha256).Order(StringComparer.Ordinal);
        Assert.Equal((await ReleasedAsync()).Select(r => r.Sha256).Order(StringComparer.Ordinal), archived);
        Assert.Equal(set.ReportJson, Text(zip.GetEntry("privacy-report.json")!));
    }

    [Fact]
    public async Task Publish_RepeatedAfterItDiedBeforeItsEnd_ReleasesTheSameOnceAndSaysSoOnce()
    {
        var site = chain.Site;
        var (set, generate) = await site.QueueGenerationAsync(chain.Training.Id);
        await site.RunAsync(generate);
        await site.RunNextAsync(JobKind.PrivacyGate);
        var job = await site.ReadAsync(db => db.Jobs.Where(j => j.Kind == JobKind.Publish && j.State == JobState.Queued).Select(j => j.Id).SingleAsync());

        var report = (await site.SetAsync(set)).ReportJson;
        await SetReportAsync("no report"); // everything is stored, but the archive cannot be made
        await Assert.ThrowsAnyAsync<Exception>(() => site.RunAsync(job));
        var before = await StoredAsync();
        Assert.NotEmpty(before);
        Assert.Equal(SyntheticSetState.Publishing, (await site.SetAsync(set)).State);

        await SetReportAsync(report);
        await site.RunAsync(job);
        Assert.Equal(before, await StoredAsync());
        Assert.Equal(SyntheticSetState.Released, (await site.SetAsync(set)).State);
        Assert.Single(await site.AuditAsync("set.published"), leaf => leaf.Contains(set.ToString()));
        var series = (await site.SeriesAsync(set)).Where(s => s.ReleasedCount > 0).ToList();
        foreach (var one in series) Assert.Single(await site.AuditAsync("image.released"), leaf => leaf.Contains(one.Id.ToString()));
        Assert.Equal(before.Count, series.Sum(s => s.ReleasedCount));

        Task<int> SetReportAsync(string? json) => site.ReadAsync(db => db.SyntheticSets.Where(s => s.Id == set).ExecuteUpdateAsync(rows => rows.SetProperty(s => s.ReportJson, json)));

        Task<List<string>> StoredAsync() => site.ReadAsync(db => db.Released
            .Where(r => db.SyntheticSeries.Any(s => s.SetId == set && s.Id == r.SyntheticSeriesId)).Select(r => r.SopInstanceUid + r.Sha256).Order().ToListAsync());
    }

    [Fact]
    public async Task Publish_SealOfAnotherSliceOfTheSameContent_IsRefused()
    {
        var site = chain.Site;
        var (set, generate) = await site.QueueGenerationAsync(chain.Training.Id);
        await site.RunAsync(generate);
        var series = (await site.SeriesAsync(set)).First(s => s.TargetModality == "CT");
        var path = series.QuarantinePath!;
        var volume = site.Files.ReadVolume(series.QuarantinePath!);
        for (var slice = 0; slice < 2; slice++) volume.Slice(slice).Fill(-1000); // only air, so the gate releases both
        await site.PlantAsync(path, stream => VolumeFile.Write(volume, stream));
        await site.RunNextAsync(JobKind.PrivacyGate);
        var seals = await Seals.ReadAsync(site.Files, path, TestContext.Current.CancellationToken);
        Assert.Equal([0, 1], seals.Take(2).Select(seal => seal.Slice));
        var swapped = Seals.File(path, [new SliceSeal(0, seals[1].Seal), new SliceSeal(1, seals[0].Seal), .. seals.Skip(2)]);
        await site.PlantAsync(swapped.Path, swapped.Write);

        await Assert.ThrowsAsync<JobFailedException>(() => site.RunNextAsync(JobKind.Publish));
        Assert.Equal(0, await site.ReadAsync(db => db.Released.CountAsync(r => r.SyntheticSeriesId == series.Id)));
    }

    /// <summary>Every original name, date, identifier and UID is looked for in every file, and in every entry of every archive.</summary>
    [Fact]
    public async Task DataFolder_AfterTheWholeJob_HoldsNoOriginalIdentifier()
    {
        var originals = chain.Site.Originals.SelectMany(Identifying).Distinct().ToList();
        Assert.True(originals.Count > 100, $"only {originals.Count} identifying values were found in the phantoms' headers");
        var needles = originals.ConvertAll(Encoding.UTF8.GetBytes);
        foreach (var path in Directory.EnumerateFiles(chain.Site.DataFolder, "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)))
            RequireNone(File.ReadAllBytes(path), path);
        var stored = await chain.Site.Service<ObjectIndex>().ListAsync("", TestContext.Current.CancellationToken);
        Assert.True(stored.Count > 100, $"only {stored.Count} objects are searched behind their seal");
        foreach (var path in stored)
        {
            var content = chain.Site.Read(path);
            RequireNone(content, path);
            if (!path.EndsWith(".zip", StringComparison.Ordinal)) continue;
            using var zip = new ZipArchive(new MemoryStream(content));
            foreach (var entry in zip.Entries) RequireNone(Bytes(entry), $"{path}:{entry.FullName}");
        }

        void RequireNone(byte[] content, string where)
        {
            for (var i = 0; i < needles.Count; i++)
                Assert.False(content.AsSpan().IndexOf(needles[i]) >= 0, $"an original value of the kind '{originals[i][..3]}...' is in {where}");
        }
    }

    private static IEnumerable<string> Identifying(DicomDataset dataset)
    {
        foreach (var item in dataset)
        {
            if (item is DicomSequence sequence)
                foreach (var value in sequence.Items.SelectMany(Identifying)) yield return value;
            else if (item is DicomStringElement text && IsIdentifying(item))
                foreach (var value in text.Get<string[]>().Select(v => v.Trim(' ', '\0')).Where(v => v.Length >= 6)) yield return value;
        }
    }

    private static bool IsIdentifying(DicomItem item) => item.ValueRepresentation.Code switch
    {
        "PN" or "DA" or "DT" => true,
        "UI" => item.Tag != DicomTag.SOPClassUID && item.Tag.DictionaryEntry.Keyword.EndsWith("InstanceUID", StringComparison.Ordinal) || item.Tag == DicomTag.FrameOfReferenceUID,
        _ => item.Tag == DicomTag.PatientID || item.Tag == DicomTag.AccessionNumber || item.Tag == DicomTag.InstitutionName
            || item.Tag == DicomTag.OtherPatientIDsRETIRED || item.Tag == DicomTag.PatientAddress || item.Tag == DicomTag.PatientTelephoneNumbers
            || item.Tag == DicomTag.DeviceSerialNumber || item.Tag == DicomTag.StationName || item.Tag == DicomTag.StudyID,
    };

    private Task<List<ReleasedRecord>> ReleasedAsync() => chain.Site.ReadAsync(db => db.Released.AsNoTracking()
        .Where(r => db.SyntheticSeries.Any(s => s.SetId == chain.Set && s.Id == r.SyntheticSeriesId)).ToListAsync());

    private static string Sha256(ZipArchiveEntry entry) => Convert.ToHexStringLower(SHA256.HashData(Bytes(entry)));

    private static string Text(ZipArchiveEntry entry) => Encoding.UTF8.GetString(Bytes(entry));

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
