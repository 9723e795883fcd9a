using System.Net;
using System.Net.Sockets;
using System.Text;
using MedGan.Api.Security;
using MedGan.Api.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MedGan.Api.Tests.Uploads;

/// <summary>A project that has as many uploads as it may is told to come back, and takes no other project's place.</summary>
public sealed class UploadGateTests(UploadGateTests.OneAtATime service) : IClassFixture<UploadGateTests.OneAtATime>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public sealed class OneAtATime : TestService
    {
        protected override Dictionary<string, string?> Settings { get; } = new()
        {
            ["MedGan:Limits:ConcurrentUploads"] = "3", ["MedGan:Limits:ConcurrentUploadsPerProject"] = "1", ["MedGan:Traffic:BodyBytesPerSecond"] = "0",
        };
    }

    [Fact]
    public async Task UploadsAboveTheBoundOfAProject_AreToldToComeBack_AndAnotherProjectIsServed()
    {
        using var first = await HalfAnUploadAsync("held");
        await Eventually.HoldsAsync(() => service.ObjectFiles().Count > 0, Ct);
        using var steward = service.As(Roles.Steward);
        var sent = Enumerable.Range(0, 4).Select(i => steward.PostAsync(Stow.Path("held"), Stow.Body(MadeUpDicom.Ct(2, 1, i + 1)), Ct)).ToList(); // three wait
        using (var refused = await await Task.WhenAny(sent))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
            Assert.Contains("Too many uploads at once", await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }
        using var elsewhere = service.As(Roles.Steward, TestService.OtherProject);
        using (var stored = await elsewhere.PostAsync(Stow.Path("own", TestService.OtherProject), Stow.Body(MadeUpDicom.Ct(3)), Ct))
            Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
        first.Client.Close(0);
        var answers = await Task.WhenAll(sent);
        Assert.Equal(3, answers.Count(a => a.StatusCode == HttpStatusCode.OK)); // those that waited
        await using var db = service.Db();
        Assert.Equal(3, (await db.Series.SingleAsync(s => s.Cohort == "held", Ct)).InstanceCount);
    }

    private async Task<TcpClient> HalfAnUploadAsync(string cohort)
    {
        var client = new TcpClient();
        await client.ConnectAsync(service.Address.Host, service.Address.Port, Ct);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {Stow.Path(cohort)} HTTP/1.1\r\nHost: {service.Address.Authority}\r\nAuthorization: Bearer {service.Token(Roles.Steward)}\r\n"
            + "Content-Type: multipart/related; type=\"application/dicom\"; boundary=b\r\nContent-Length: 100000\r\n\r\n--b\r\nContent-Type: application/dicom\r\n\r\n"), Ct);
        await stream.WriteAsync(MadeUpDicom.Ct(), Ct);
        await stream.WriteAsync("\r\n--b\r\nContent-Type: application/dicom\r\n\r\nhalf"u8.ToArray(), Ct);
        return client;
    }
}
