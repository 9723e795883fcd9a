using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using MedGan.Api.Security;
using MedGan.Api.Tests.Fixtures;
using Xunit;

namespace MedGan.Api.Tests.Network;

/// <summary>Callers that ask too often, and clients that send a byte now and then.</summary>
public sealed class TrafficTests(TrafficTests.Strict service) : IClassFixture<TrafficTests.Strict>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public sealed class Strict : TestService
    {
        protected override Dictionary<string, string?> Settings => new()
        {
            ["MedGan:Traffic:RequestsPerMinute"] = "60", ["MedGan:Traffic:HeaderSeconds"] = "1", ["MedGan:Traffic:BodyBytesPerSecond"] = "10000",
        };
    }

    [Fact]
    public async Task PrincipalThatAsksTooOften_IsToldToComeBack_AndOthersAreServed()
    {
        using var eager = service.As(Roles.Researcher);
        HttpResponseMessage? refused = null;
        for (var i = 0; i < 200 && refused is null; i++)
        {
            var answer = await eager.GetAsync($"/projects/{TestService.Project}/jobs", Ct);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests) refused = answer;
            else answer.Dispose();
        }
        Assert.NotNull(refused);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal("Too many requests", JsonDocument.Parse(await refused.Content.ReadAsStringAsync(Ct)).RootElement.GetProperty("title").GetString());
        refused.Dispose();
        Assert.DoesNotContain("Too many requests", service.Log.ToString(), StringComparison.Ordinal);
        using var other = service.As(Roles.Steward);
        using var served = await other.GetAsync($"/projects/{TestService.Project}/jobs", Ct);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task TokensOfManyForgedSubjects_ShareTheBucketOfTheirAddress()
    {
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 100; i++)
        {
            using var client = service.Anonymous();
            client.DefaultRequestHeaders.Authorization = new("Bearer", $"e30.{Convert.ToBase64String(Encoding.UTF8.GetBytes($"{{\"sub\":\"{i}\"}}")).TrimEnd('=')}.e30");
            using var answer = await client.GetAsync($"/projects/{TestService.Project}/jobs", Ct);
            statuses.Add(answer.StatusCode);
        }
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
    }

    [Fact]
    public async Task HeadersThatTrickle_AreNotWaitedFor()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(service.Address.Host, service.Address.Port, Ct);
        await using var stream = socket.GetStream();
        await stream.WriteAsync("GET /health/live HTTP/1.1\r\nHost: x\r\n"u8.ToArray(), Ct);
        Assert.True(await ClosedWithinAsync(stream, "X-Slow: y\r\n"u8.ToArray(), TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task BodyThatTrickles_IsBrokenOff_AndLeavesNothing()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(service.Address.Host, service.Address.Port, Ct);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {Stow.Path("slow")} HTTP/1.1\r\nHost: {service.Address.Authority}\r\nAuthorization: Bearer {service.Token(Roles.Steward)}\r\n"
            + "Content-Type: multipart/related; type=\"application/dicom\"; boundary=b\r\nContent-Length: 1000000\r\n\r\n--b\r\nContent-Type: application/dicom\r\n\r\n"), Ct);
        await stream.WriteAsync(MadeUpDicom.Ct(), Ct);
        await stream.WriteAsync("\r\n--b\r\nContent-Type: application/dicom\r\n\r\n"u8.ToArray(), Ct);
        Assert.True(await ClosedWithinAsync(stream, "x"u8.ToArray(), TimeSpan.FromSeconds(30)));
        await Eventually.HoldsAsync(() => service.ObjectFiles().Count == 0, Ct);
        await using var db = service.Db();
        Assert.Empty(db.Cohorts.Where(c => c.Name == "slow"));
    }

    /// <summary>Sends a bit every 100 ms until the other side has closed.</summary>
    private static async Task<bool> ClosedWithinAsync(NetworkStream stream, byte[] bit, TimeSpan patience)
    {
        var closed = Task.Run(async () =>
        {
            try
            {
                var buffer = new byte[4096];
                while (await stream.ReadAsync(buffer, Ct) > 0)
                {
                    // an answer that says why may come first
                }
            }
            catch (IOException)
            {
                // reset
            }
        }, Ct);
        for (var began = Stopwatch.StartNew(); began.Elapsed < patience; await Task.Delay(100, Ct))
        {
            if (closed.IsCompleted) return true;
            try
            {
                await stream.WriteAsync(bit, Ct);
            }
            catch (IOException)
            {
                return true;
            }
        }
        return false;
    }
}
