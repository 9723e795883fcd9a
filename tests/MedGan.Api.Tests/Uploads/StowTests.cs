using System.Net;
using System.Text.Json.Nodes;
using MedGan.Api.Security;
using MedGan.Api.Tests.Fixtures;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MedGan.Api.Tests.Uploads;

public sealed class StowTests(TestService service) : IClassFixture<TestService>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AllGood_IsOk_WithNewUidsInTheOrderOfTheParts_AndAnIngestJob()
    {
        using var client = service.As(Roles.Steward);
        using var answer = await client.PostAsync(Stow.Path("good"), Stow.Body(MadeUpDicom.Ct(1, 1, 1), MadeUpDicom.Ct(1, 1, 2), MadeUpDicom.Ct(2, 1, 1)), Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/dicom+json", answer.Content.Headers.ContentType!.MediaType);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!;
        var uids = body["00081199"]!["Value"]!.AsArray().Select(i => (string)i!["00081155"]!["Value"]![0]!).ToList();
        Assert.Equal(3, uids.Distinct().Count());
        Assert.All(uids, uid => Assert.StartsWith("2.25.", uid, StringComparison.Ordinal));
        Assert.Null(body["00081198"]);

        await using var db = service.Db();
        var stored = await db.Instances.Where(i => uids.Contains(i.SopInstanceUid)).ToListAsync(Ct);
        Assert.Equal(3, stored.Count);
        var series = await db.Series.Where(s => s.Cohort == "good").ToListAsync(Ct);
        Assert.Equal([2, 1], series.Select(s => s.InstanceCount).OrderDescending());
        var job = Guid.Parse(Assert.Single(answer.Headers.GetValues("MedGan-Ingest-Job")));
        Assert.Equal(JobKind.Ingest, (await db.Jobs.SingleAsync(j => j.Id == job, Ct)).Kind);
    }

    [Fact]
    public async Task SomeGood_IsAccepted_AndTellsCodesOnly()
    {
        using var client = service.As(Roles.Steward);
        using var answer = await client.PostAsync(Stow.Path("some"), Stow.Body(MadeUpDicom.SecondaryCapture(), MadeUpDicom.Ct(3), "no dicom"u8.ToArray()), Ct);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        var body = JsonNode.Parse(text)!;
        Assert.Single(body["00081199"]!["Value"]!.AsArray());
        var failed = body["00081198"]!["Value"]!.AsArray();
        Assert.Equal([0x0122, 0xC000], failed.Select(f => (int)f!["00081197"]!["Value"]![0]!));
        Assert.StartsWith("Part 0: UnsupportedSopClass", (string)failed[0]!["00000902"]!["Value"]![0]!, StringComparison.Ordinal);
        Assert.StartsWith("Part 2: NotDicom", (string)failed[1]!["00000902"]!["Value"]![0]!, StringComparison.Ordinal);
        Assert.DoesNotContain(MadeUpDicom.Root, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Truncated_IsAConflict_AndKeepsNothing()
    {
        var whole = MadeUpDicom.Ct(4);
        foreach (var length in new[] { 131, 132, 200, whole.Length / 2, whole.Length - 1 })
        {
            await RefusedAsync(Stow.Body(whole[..length]), HttpStatusCode.Conflict);
        }
    }

    [Fact]
    public Task NotDicom_IsAConflict_AndKeepsNothing() => RefusedAsync(Stow.Body("%PDF-1.7 not a picture"u8.ToArray()), HttpStatusCode.Conflict);

    [Theory]
    [InlineData("application/dicom", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("multipart/form-data; boundary=b", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("multipart/related; type=\"application/dicom+xml\"; boundary=b", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("multipart/related; type=\"application/dicom\"", HttpStatusCode.BadRequest)]
    public Task UnusableContentType_IsRefused(string contentType, HttpStatusCode status) => RefusedAsync(Stow.Raw(MadeUpDicom.Ct(), contentType), status);

    [Fact]
    public async Task TruncatedMultipart_IsBadRequest_AndKeepsNothingOfItsGoodParts()
    {
        using var whole = Stow.Body(MadeUpDicom.Ct(5, 1, 1), MadeUpDicom.Ct(5, 1, 2));
        var bytes = await whole.ReadAsByteArrayAsync(Ct);
        var contentType = whole.Headers.ContentType!.ToString();
        await RefusedAsync(Stow.Raw(bytes[..^200], contentType), HttpStatusCode.BadRequest);
        await RefusedAsync(Stow.Chunked(bytes[..^20], contentType), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task WrongAccept_IsNotAcceptable_AndKeepsNothing()
    {
        using var client = service.As(Roles.Steward);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "application/dicom+xml");
        using var answer = await client.PostAsync(Stow.Path("refused"), Stow.Body(MadeUpDicom.Ct(6)), Ct);
        Assert.Equal(HttpStatusCode.NotAcceptable, answer.StatusCode);
    }

    [Fact]
    public async Task OrthancsChunksAndUnquotedBoundary_AreRead()
    {
        var boundary = $"{Guid.NewGuid()}-{Guid.NewGuid()}";
        byte[] body =
        [
            .. System.Text.Encoding.ASCII.GetBytes($"--{boundary}\r\nContent-Type: application/dicom\r\nContent-Length: {MadeUpDicom.Ct(7).Length}\r\n\r\n"),
            .. MadeUpDicom.Ct(7),
            .. System.Text.Encoding.ASCII.GetBytes($"\r\n--{boundary}--"),
        ];
        using var client = service.As(Roles.Steward);
        using var answer = await client.PostAsync(Stow.Path("orthanc"), Stow.Chunked(body, $"multipart/related; type=application/dicom; boundary={boundary}"), Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public Task PackedBody_IsUnsupported()
    {
        var body = Stow.Body(MadeUpDicom.Ct(6));
        body.Headers.ContentEncoding.Add("gzip");
        return RefusedAsync(body, HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task UploadsAtTheSameTime_AreAllStored_AndEachNamesAJob()
    {
        using var client = service.As(Roles.Steward);
        var answers = await Task.WhenAll(Enumerable.Range(1, 6).Select(i => client.PostAsync(Stow.Path("together"), Stow.Body(MadeUpDicom.Ct(10, 1, i)), Ct)));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        Assert.Equal(6, answers.Select(a => Assert.Single(a.Headers.GetValues("MedGan-Ingest-Job"))).Distinct().Count());
        await using var db = service.Db();
        Assert.Equal(6, (await db.Series.SingleAsync(s => s.Cohort == "together", Ct)).InstanceCount);
    }

    [Fact]
    public async Task SameUploadTwice_IsOk_AndStoredOnce()
    {
        using var client = service.As(Roles.Steward);
        using var first = await client.PostAsync(Stow.Path("twice"), Stow.Body(MadeUpDicom.Ct(8)), Ct);
        using var second = await client.PostAsync(Stow.Path("twice"), Stow.Body(MadeUpDicom.Ct(8)), Ct);
        Assert.Equal(await first.Content.ReadAsStringAsync(Ct), await second.Content.ReadAsStringAsync(Ct));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.False(second.Headers.Contains("MedGan-Ingest-Job"));
        await using var db = service.Db();
        Assert.Equal(1, (await db.Series.SingleAsync(s => s.Cohort == "twice", Ct)).InstanceCount);
    }

    [Fact]
    public async Task OtherPixelsUnderTheSameUid_AreRefusedAsADuplicate()
    {
        using var client = service.As(Roles.Steward);
        using var first = await client.PostAsync(Stow.Path("conflict"), Stow.Body(MadeUpDicom.Ct(9)), Ct);
        var other = MadeUpDicom.Ct(9, change: d => d.AddOrUpdate(new FellowOakDicom.DicomOtherWord(FellowOakDicom.DicomTag.PixelData, new ushort[256])));
        using var second = await client.PostAsync(Stow.Path("conflict"), Stow.Body(other), Ct);
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        var body = JsonNode.Parse(await second.Content.ReadAsStringAsync(Ct))!;
        Assert.Equal(0x0111, (int)body["00081198"]!["Value"]![0]!["00081197"]!["Value"]![0]!);
    }

    private async Task RefusedAsync(HttpContent content, HttpStatusCode status)
    {
        using var client = service.As(Roles.Steward);
        var files = service.ObjectFiles().Count;
        using var answer = await client.PostAsync(Stow.Path("refused"), content, Ct);
        Assert.Equal(status, answer.StatusCode);
        await using var db = service.Db();
        Assert.False(await db.Cohorts.AnyAsync(c => c.Name == "refused", Ct));
        Assert.Equal(files, service.ObjectFiles().Count);
    }
}
