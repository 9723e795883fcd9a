using System.Text;
using MedGan.Api.Problems;
using MedGan.Api.Uploads;
using MedGan.Dicom.Web;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace MedGan.Api.Tests.Uploads;

public sealed class StowBodyTests
{
    private const string Dicom = "Content-Type: application/dicom\r\n\r\n";
    private static readonly UploadLimits Limits = new() { TotalBytes = 2000, PartBytes = 500, Parts = 3 };

    [Fact]
    public async Task Read_TwoParts_GivesBothInOrder()
    {
        var parts = await ReadAsync($"--b\r\n{Dicom}first\r\n--b\r\n{Dicom}second\r\n--b--\r\n");
        Assert.Equal(["first", "second"], parts);
    }

    [Fact]
    public async Task Read_PartsOfUnequalLength_AreEachWhole()
    {
        string[] sent = [new('a', 3), new('b', 90_000), new('c', 1), new('d', 200_000)];
        var body = string.Concat(sent.Select(part => $"--b\r\n{Dicom}{part}\r\n")) + "--b--\r\n";
        Assert.Equal(sent, await ReadAsync(body, new UploadLimits { TotalBytes = 1_000_000, PartBytes = 200_000, Parts = 4 }));
    }

    [Fact]
    public async Task Read_PreambleAndEpilogue_ArePassedOver()
    {
        var parts = await ReadAsync($"ignore me\r\n--b\r\n{Dicom}first\r\n--b--\r\nand me");
        Assert.Equal(["first"], parts);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--b--\r\n")]
    [InlineData("no boundary at all")]
    [InlineData("--b\r\n" + Dicom + "breaks o")]
    [InlineData("--b\r\n" + Dicom + "first\r\n--b\r\nContent-Ty")]
    [InlineData("--b\r\n" + Dicom + "first\r\n--b\r\n" + Dicom)]
    public async Task Read_BrokenOffOrEmpty_IsBadRequest(string body) => Assert.Equal(400, await StatusAsync(body));

    [Fact]
    public async Task Read_PartOfAnotherType_IsUnsupported() =>
        Assert.Equal(415, await StatusAsync("--b\r\nContent-Type: application/pdf\r\n\r\nx\r\n--b--\r\n"));

    [Fact]
    public async Task Read_PartAboveItsBound_IsTooLarge() =>
        Assert.Equal(413, await StatusAsync($"--b\r\n{Dicom}{new string('x', 501)}\r\n--b--\r\n"));

    [Fact]
    public async Task Read_AllPartsAboveTheirBound_IsTooLarge()
    {
        var limits = new UploadLimits { TotalBytes = 1000, PartBytes = 500, Parts = 10 };
        var part = $"--b\r\n{Dicom}{new string('x', 400)}\r\n";
        Assert.Equal(413, await StatusAsync(part + part + part + "--b--\r\n", limits));
    }

    [Fact]
    public async Task Read_MorePartsThanAllowed_IsTooLarge()
    {
        var part = $"--b\r\n{Dicom}x\r\n";
        Assert.Equal(413, await StatusAsync(part + part + part + part + "--b--\r\n"));
    }

    [Theory]
    [InlineData("application/dicom", 415)]
    [InlineData("multipart/form-data; boundary=b", 415)]
    [InlineData("multipart/related; type=\"application/dicom+json\"; boundary=b", 415)]
    [InlineData("multipart/related; type=\"application/dicom\"", 400)]
    [InlineData("multipart/related; type=\"application/dicom\"; boundary=\"\"", 400)]
    [InlineData(null, 415)]
    public void Boundary_OfUnusableType_IsRefused(string? contentType, int status) =>
        Assert.Equal(status, Assert.Throws<RefusedException>(() => StowBody.Read(Request("", contentType), Limits, TestContext.Current.CancellationToken)).Status);

    [Fact]
    public void Boundary_LongerThanTheRfcAllows_IsTakenAsOrthancSendsIt()
    {
        var boundary = $"{Guid.NewGuid()}-{Guid.NewGuid()}";
        Assert.Equal(boundary, DicomMultipart.BoundaryOf($"multipart/related; type=application/dicom; boundary={boundary}"));
    }

    private static HttpRequest Request(string body, string? contentType)
    {
        var request = new DefaultHttpContext().Request;
        (request.Body, request.ContentType) = (new MemoryStream(Encoding.ASCII.GetBytes(body)), contentType);
        return request;
    }

    private static async Task<int> StatusAsync(string body, UploadLimits? limits = null) =>
        (await Assert.ThrowsAsync<RefusedException>(() => ReadAsync(body, limits))).Status;

    private static async Task<List<string>> ReadAsync(string body, UploadLimits? limits = null)
    {
        var parts = new List<string>();
        await foreach (var part in StowBody.Read(Request(body, "multipart/related; type=\"application/dicom\"; boundary=b"), limits ?? Limits, TestContext.Current.CancellationToken))
        {
            Assert.Equal(parts.Count, part.Index);
            parts.Add(Encoding.ASCII.GetString(part.Content.ToArray()));
        }
        return parts;
    }
}
