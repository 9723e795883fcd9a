using System.Net;
using System.Text.Json.Nodes;
using FellowOakDicom;
using MedGan.Api.Security;
using MedGan.Api.Tests.Fixtures;
using MedGan.Dicom.Web;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MedGan.Api.Tests.Downloads;

public sealed class WadoTests(ReleasedService service) : IClassFixture<ReleasedService>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private PublishedSeries Series => service.Published.Ct;

    private string Instance => $"{Series.Path}/instances/{Series.Released[0]}";

    [Fact]
    public async Task Study_Series_Instance_ComeAsMultipart_WithWhatWasReleased()
    {
        Assert.Equal(3, (await PartsAsync($"studies/{Series.Study.StudyInstanceUid}")).Count);
        var files = await PartsAsync(Series.Path);
        Assert.Equal(Series.Released, files.Select(f => f.Dataset.GetSingleValue<string>(DicomTag.SOPInstanceUID)));
        Assert.All(files, f => Assert.Equal("YES", f.Dataset.GetSingleValue<string>(DicomTag.SyntheticData)));
        Assert.Single(await PartsAsync(Instance));
    }

    [Fact]
    public async Task Instance_AsABareFile_IsThatFile()
    {
        using var answer = await GetAsync(Instance, "application/dicom");
        Assert.Equal("application/dicom", answer.Content.Headers.ContentType!.MediaType);
        var file = DicomFile.Open(new MemoryStream(await answer.Content.ReadAsByteArrayAsync(Ct)));
        Assert.Equal(Series.Released[0], file.Dataset.GetSingleValue<string>(DicomTag.SOPInstanceUID));
    }

    [Fact]
    public async Task Metadata_IsDicomJsonWithoutPixels()
    {
        foreach (var (path, count) in new[] { ($"studies/{Series.Study.StudyInstanceUid}", 3), (Series.Path, 2), (Instance, 1) })
        {
            using var answer = await GetAsync(path + "/metadata", null);
            var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!.AsArray();
            Assert.Equal(count, body.Count);
            Assert.All(body, i => Assert.Equal("YES", (string)i!["0008001C"]!["Value"]![0]!));
            Assert.All(body, i => Assert.Null(i!["7FE00010"]));
        }
    }

    [Fact]
    public async Task Rendered_IsAPng()
    {
        using var answer = await GetAsync(Instance + "/rendered", "image/png");
        Assert.Equal("image/png", answer.Content.Headers.ContentType!.MediaType);
        var png = await answer.Content.ReadAsByteArrayAsync(Ct);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]);
        Assert.Equal((12, 10), (png[19], png[23]));
    }

    [Theory]
    [InlineData("", "multipart/related; type=\"application/dicom\"")]
    [InlineData("", "application/dicom")]
    [InlineData("/metadata", "application/dicom+json")]
    [InlineData("/rendered", "image/png")]
    public async Task SecondFetch_WithTheEntityTag_IsNotModified(string suffix, string accept)
    {
        using var first = await GetAsync(Instance + suffix, accept);
        var tag = first.Headers.ETag!;
        Assert.False(tag.IsWeak);
        using var client = service.As(Roles.Researcher);
        using var request = new HttpRequestMessage(HttpMethod.Get, Path(Instance + suffix));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.IfNoneMatch.Add(tag);
        using var second = await client.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync(Ct));
    }

    [Theory]
    [InlineData("", "image/jpeg")]
    [InlineData("", "multipart/related; type=\"application/dicom\"; transfer-syntax=1.2.840.10008.1.2.4.50")]
    [InlineData("/metadata", "application/dicom+xml")]
    [InlineData("/rendered", "image/jpeg")]
    public async Task Accept_OfWhatIsNotOnOffer_IsNotAcceptable(string suffix, string accept)
    {
        using var answer = await GetAsync(Instance + suffix, accept, HttpStatusCode.NotAcceptable);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task WhatWasNotReleased_CannotBeReached()
    {
        using var steward = service.As(Roles.Steward);
        using var stored = await steward.PostAsync(Stow.Path("originals"), Stow.Body(MadeUpDicom.Ct(5)), Ct);
        Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
        await using var db = service.Db();
        var original = await db.Series.SingleAsync(s => s.Cohort == "originals", Ct);
        var instance = await db.Instances.SingleAsync(i => i.SeriesId == original.Id, Ct);
        string[] hidden =
        [
            $"{Series.Path}/instances/{Series.Withheld}",
            service.Unfinished.Ct.Path,
            $"{service.Unfinished.Ct.Path}/instances/{service.Unfinished.Ct.Released[0]}",
            service.Foreign.Ct.Path,
            $"{service.Foreign.Ct.Path}/instances/{service.Foreign.Ct.Released[0]}",
            $"studies/{original.StudyInstanceUid}",
            $"studies/{original.StudyInstanceUid}/series/{original.SeriesInstanceUid}",
            $"studies/{original.StudyInstanceUid}/series/{original.SeriesInstanceUid}/instances/{instance.SopInstanceUid}",
            $"studies/{Series.Study.StudyInstanceUid}/series/{original.SeriesInstanceUid}/instances/{instance.SopInstanceUid}",
        ];
        foreach (var path in hidden)
        {
            foreach (var suffix in path.Contains("/instances/", StringComparison.Ordinal) ? new[] { "", "/metadata", "/rendered" } : ["", "/metadata"])
            {
                (await GetAsync(path + suffix, null, HttpStatusCode.NotFound)).Dispose();
            }
        }
    }

    [Theory]
    [InlineData("", "application/dicom", "dicomweb")]
    [InlineData("/metadata", "application/dicom+json", "metadata")]
    [InlineData("/rendered", "image/png", "rendered")]
    public async Task Fetch_IsAudited(string suffix, string accept, string form)
    {
        (await GetAsync(Instance + suffix, accept)).Dispose();
        await using var db = service.Db();
        var leaves = await db.AuditLeaves.Where(l => l.Project == TestService.Project).Select(l => l.LeafJson).ToListAsync(Ct);
        Assert.Contains(leaves, l => l.Contains("set.downloaded", StringComparison.Ordinal) && l.Contains($"\"form\":\"{form}\"", StringComparison.Ordinal) && l.Contains(Series.Released[0], StringComparison.Ordinal) && l.Contains("test-researcher", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DamagedFile_IsNeverHandedOut()
    {
        await using var db = service.Db();
        var uid = service.Published.Mr.Released[0];
        var record = await db.Released.SingleAsync(r => r.SopInstanceUid == uid, Ct);
        var stored = await db.StoredObjects.SingleAsync(o => o.Path == $"released/{TestService.Project}/{record.Sha256}", Ct);
        var file = System.IO.Path.Combine(service.Folder, "store", stored.Name);
        var bytes = await File.ReadAllBytesAsync(file, Ct);
        await File.WriteAllBytesAsync(file, [.. bytes[..^1], (byte)(bytes[^1] ^ 1)], Ct);
        try
        {
            using var answer = await GetAsync($"{service.Published.Mr.Path}/instances/{uid}", "application/dicom", HttpStatusCode.InternalServerError);
            var trace = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!["traceId"]!;
            Assert.Contains($"Request {trace} failed: ObjectDamagedException", service.Log.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            await File.WriteAllBytesAsync(file, bytes, Ct);
        }
    }

    private static string Path(string path) => $"/projects/{TestService.Project}/dicomweb/{path}";

    private async Task<List<DicomFile>> PartsAsync(string path)
    {
        using var answer = await GetAsync(path, "multipart/related; type=\"application/dicom\"; transfer-syntax=*");
        var files = new List<DicomFile>();
        var boundary = DicomMultipart.BoundaryOf(answer.Content.Headers.ContentType!.ToString());
        await foreach (var part in DicomMultipart.ReadAsync(await answer.Content.ReadAsStreamAsync(Ct), boundary, 1000, 1 << 26, Ct))
        {
            files.Add(DicomFile.Open(part.Content));
        }
        return files;
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string? accept, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var client = service.As(Roles.Researcher);
        using var request = new HttpRequestMessage(HttpMethod.Get, Path(path));
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }
        var answer = await client.SendAsync(request, Ct);
        Assert.True(expected == answer.StatusCode, $"{path} as {accept}: {answer.StatusCode}");
        return answer;
    }
}
