using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MedGan.Api.Security;
using MedGan.Api.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MedGan.Api.Tests.Uploads;

public sealed class ArchiveTests(SmallService service) : IClassFixture<SmallService>
{
    private const string Path = $"/projects/{TestService.Project}/cohorts/refused/archives";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GoodArchive_IsOk_AndTellsWhatBecameOfEachFile()
    {
        using var client = service.As(Roles.Steward);
        var zip = Zips.Streamed(("patient one/IM 1", MadeUpDicom.Ct(1, 1, 1)), ("patient one/Ü2.dcm", MadeUpDicom.Ct(1, 1, 2)), ("readme.txt", "hello"u8.ToArray()));
        using var answer = await client.PostAsync($"/projects/{TestService.Project}/cohorts/zipped/archives", Stow.Chunked(zip, "application/zip"), Ct);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        var body = JsonNode.Parse(text)!;
        Assert.Equal(2, (int)body["stored"]!);
        Assert.Equal([0, 1], body["instances"]!.AsArray().Select(i => (int)i!["entry"]!));
        Assert.Single(body["instances"]!.AsArray().Select(i => (string)i!["patient"]!).Distinct());
        Assert.Equal("NotDicom", (string)Assert.Single(body["rejected"]!.AsArray())!["reason"]!);
        Assert.Equal(2, (int)body["rejected"]![0]!["entry"]!);
        Assert.Single(body["series"]!.AsArray());
        Assert.Equal((string)body["ingestJob"]!, Assert.Single(answer.Headers.GetValues("MedGan-Ingest-Job")));
        Assert.DoesNotContain("readme", text, StringComparison.Ordinal);
    }

    [Fact]
    public Task WrongContentType_IsUnsupported() => RefusedAsync(Stow.Raw(Zips.Of(("a", MadeUpDicom.Ct())), "application/x-tar"), HttpStatusCode.UnsupportedMediaType);

    [Fact]
    public Task NotAZip_IsBadRequest() => RefusedAsync(Zip(new byte[1000]));

    [Fact]
    public Task NoEntries_IsBadRequest() => RefusedAsync(Zip(Zips.Of()));

    [Fact]
    public Task Encrypted_IsBadRequest() => RefusedAsync(Zip(Zips.Encrypted("a", MadeUpDicom.Ct())));

    [Fact]
    public Task Nested_IsBadRequest_AndKeepsNothingOfTheFilesBefore() =>
        RefusedAsync(Zip(Zips.Of(("a", MadeUpDicom.Ct()), ("b", Zips.Of(("c", MadeUpDicom.Ct()))))));

    [Theory]
    [InlineData("../x")]
    [InlineData("/x")]
    [InlineData("C:\\x")]
    public Task PathInAName_IsBadRequest_AndKeepsNothingOfTheFilesBefore(string name) =>
        RefusedAsync(Zip(Zips.Renamed(Zips.Of(("a", MadeUpDicom.Ct()), (new string('q', name.Length), MadeUpDicom.Ct(2))), new string('q', name.Length), name)));

    [Fact]
    public Task Truncated_IsBadRequest_AndKeepsNothingOfTheFilesBefore() =>
        RefusedAsync(Zip(Zips.Of(("a", MadeUpDicom.Ct()), ("b", MadeUpDicom.Ct(2)))[..^30]));

    [Fact]
    public Task Bomb_IsBadRequest() => RefusedAsync(Zip(Zips.Of(("a", MadeUpDicom.Ct()), ("zeros", new byte[150_000]))));

    [Fact]
    public Task NoDicomAtAll_IsAConflict() => RefusedAsync(Zip(Zips.Of(("a", "text"u8.ToArray()))), HttpStatusCode.Conflict);

    [Fact]
    public Task MoreFilesThanAllowed_IsTooLarge() =>
        RefusedAsync(Zip(Zips.Of([.. Enumerable.Range(1, 6).Select(i => ($"{i}", MadeUpDicom.Ct(1, 1, i)))])), HttpStatusCode.RequestEntityTooLarge);

    [Fact]
    public Task FileAboveItsBound_IsTooLarge() => RefusedAsync(Zip(Zips.Of(("a", Noise(200_001)))), HttpStatusCode.RequestEntityTooLarge);

    [Fact]
    public async Task BodyAboveTheLimit_IsTooLarge_WithoutBeingRead()
    {
        using var client = service.As(Roles.Steward);
        client.DefaultRequestHeaders.ExpectContinue = true;
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new NeverSent(3L << 30) };
        using var answer = await client.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.False(((NeverSent)request.Content).WasRead);
    }

    [Fact]
    public Task ChunkedBodyAboveTheLimit_IsTooLarge() =>
        RefusedAsync(Stow.Chunked(Zips.Of(("a", Noise(150_000)), ("b", Noise(150_000)), ("c", Noise(150_000))), "application/zip"), HttpStatusCode.RequestEntityTooLarge);

    [Fact]
    public Task ChunkedMultipartAboveTheLimit_IsTooLarge_AndKeepsNothingOfTheGoodPartsBefore()
    {
        var parts = new MemoryStream();
        parts.Write(Encoding.ASCII.GetBytes("--b\r\nContent-Type: application/dicom\r\n\r\n"));
        parts.Write(MadeUpDicom.Ct());
        foreach (var _ in Enumerable.Range(0, 3))
        {
            parts.Write(Encoding.ASCII.GetBytes("\r\n--b\r\nContent-Type: application/dicom\r\n\r\n"));
            parts.Write(Noise(150_000));
        }
        parts.Write(Encoding.ASCII.GetBytes("\r\n--b--\r\n"));
        return RefusedAsync(Stow.Chunked(parts.ToArray(), "multipart/related; type=\"application/dicom\"; boundary=b"), HttpStatusCode.RequestEntityTooLarge, Stow.Path("refused"));
    }

    private static HttpContent Zip(byte[] zip) => Stow.Raw(zip, "application/zip");

    private static byte[] Noise(int length)
    {
        var noise = new byte[length];
        new Random(length).NextBytes(noise);
        return noise;
    }

    private async Task RefusedAsync(HttpContent content, HttpStatusCode status = HttpStatusCode.BadRequest, string path = Path)
    {
        using var client = service.As(Roles.Steward);
        var files = service.ObjectFiles();
        using var answer = await client.PostAsync(path, content, Ct);
        Assert.Equal(status, answer.StatusCode);
        if (status != HttpStatusCode.Conflict)
        {
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        }
        await using var db = service.Db();
        Assert.False(await db.Cohorts.AnyAsync(c => c.Name == "refused", Ct));
        Assert.Equal(files.Count, service.ObjectFiles().Count);
    }

    /// <summary>Says how long it is, and notes whether anybody asked for it.</summary>
    private sealed class NeverSent : HttpContent
    {
        private readonly long length;

        public NeverSent(long length)
        {
            this.length = length;
            Headers.TryAddWithoutValidation("Content-Type", "application/zip");
        }

        public bool WasRead { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            WasRead = true;
            return Task.CompletedTask;
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }
}
