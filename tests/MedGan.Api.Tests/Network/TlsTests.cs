using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MedGan.Api.Problems;
using MedGan.Api.Tests.Fixtures;
using MedGan.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MedGan.Api.Tests.Network;

public sealed class TlsTests : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("medgan-tls-").FullName;
    private readonly StringWriter log = new();
    private WebApplication? app;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Certificate => Path.Combine(folder, "server.pem");
    private string Key => Path.Combine(folder, "server.key");
    private Uri Address => new(app!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        await log.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task PemCertificate_IsServed_WithStrictTransportSecurity_AndReadAgainWhenItChanges()
    {
        var first = Certificates.WritePem(Certificate, Key);
        await StartAsync(new() { ["MedGan:Tls:CertificateFile"] = Certificate, ["MedGan:Tls:KeyFile"] = Key });
        Assert.Equal(Uri.UriSchemeHttps, Address.Scheme);
        Assert.Equal(first, await HandshakeAsync(SslProtocols.None));
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } });
        using var answer = await client.GetAsync(new Uri(Address, "/health/live"), Ct);
        Assert.Equal((HttpStatusCode.OK, "max-age=31536000"), (answer.StatusCode, answer.Headers.GetValues("Strict-Transport-Security").Single()));

        var second = Certificates.WritePem(Certificate, Key);
        File.SetLastWriteTimeUtc(Certificate, DateTime.UtcNow.AddSeconds(5));
        await Eventually.HoldsAsync(async () => await HandshakeAsync(SslProtocols.None) == second, Ct);
        Assert.Contains("was read again", log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pkcs12WithAPasswordFile_IsServed()
    {
        var file = Path.Combine(folder, "server.pfx");
        var thumbprint = Certificates.WritePkcs12(file, "only-of-this-test");
        File.WriteAllText(Path.Combine(folder, "password"), "only-of-this-test\n");
        await StartAsync(new() { ["MedGan:Tls:CertificateFile"] = file, ["MedGan:Tls:PasswordFile"] = Path.Combine(folder, "password") });
        Assert.Equal(thumbprint, await HandshakeAsync(SslProtocols.Tls13));
    }

    [Fact]
    public async Task OldProtocol_IsRefused()
    {
        Certificates.WritePem(Certificate, Key);
        await StartAsync(new() { ["MedGan:Tls:CertificateFile"] = Certificate, ["MedGan:Tls:KeyFile"] = Key });
        await HandshakeAsync(SslProtocols.Tls12);
        // A hello of TLS 1.1, byte by byte: the system's own client would refuse to send one, whatever the service takes.
        byte[] body = [3, 2, .. new byte[32], 0, 0, 4, 0xC0, 0x09, 0, 0x2F, 1, 0];
        byte[] hello = [1, 0, 0, (byte)body.Length, .. body];
        using var socket = new TcpClient();
        await socket.ConnectAsync(Address.Host, Address.Port, Ct);
        await socket.GetStream().WriteAsync(new byte[] { 0x16, 3, 1, 0, (byte)hello.Length }.Concat(hello).ToArray(), Ct);
        var alert = new byte[7];
        await socket.GetStream().ReadExactlyAsync(alert, Ct);
        Assert.Equal((0x15, 2, 70), (alert[0], alert[5], alert[6])); // an alert, fatal: protocol_version (RFC 8446 section 6.2)
    }

    [Fact]
    public async Task IntermediateCertificate_IsSentAlong()
    {
        using var root = Certificates.WriteChain(Certificate, Key);
        await StartAsync(new() { ["MedGan:Tls:CertificateFile"] = Certificate, ["MedGan:Tls:KeyFile"] = Key });
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.Add(root);
        using var socket = new TcpClient();
        await socket.ConnectAsync(Address.Host, Address.Port, Ct);
        await using var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = policy }, Ct); // throws where the root is not reached
        Assert.True(tls.IsAuthenticated);
    }

    /// <summary>How Kubernetes changes a mounted secret: the files are links into a folder that is itself a link, which is swapped.</summary>
    [Fact]
    public async Task MountedSecretThatIsSwapped_IsReadAgain()
    {
        string Version(string name)
        {
            var inner = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
            return Certificates.WritePem(Path.Combine(inner, "server.pem"), Path.Combine(inner, "server.key"));
        }
        var first = Version("..1");
        Directory.CreateSymbolicLink(Path.Combine(folder, "..data"), "..1");
        File.CreateSymbolicLink(Certificate, "..data/server.pem");
        File.CreateSymbolicLink(Key, "..data/server.key");
        await StartAsync(new() { ["MedGan:Tls:CertificateFile"] = Certificate, ["MedGan:Tls:KeyFile"] = Key });
        Assert.Equal(first, await HandshakeAsync(SslProtocols.None));

        var second = Version("..2");
        Directory.Delete(Path.Combine(folder, "..data"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "..data"), "..2");
        await Eventually.HoldsAsync(async () => await HandshakeAsync(SslProtocols.None) == second, Ct);
    }

    [Fact]
    public async Task CertificateThatBreaks_IsNotUsed_AndTheOneOfBeforeGoesOn()
    {
        var first = Certificates.WritePem(Certificate, Key);
        await StartAsync(new() { ["MedGan:Tls:CertificateFile"] = Certificate, ["MedGan:Tls:KeyFile"] = Key });
        await File.WriteAllTextAsync(Certificate, "-----BEGIN CERTIFICATE-----\nhalf", Ct);
        await Eventually.HoldsAsync(async () =>
        {
            Assert.Equal(first, await HandshakeAsync(SslProtocols.None));
            return log.ToString().Contains("cannot be read", StringComparison.Ordinal);
        }, Ct);
    }

    [Fact]
    public async Task PlainHttp_IsSentToHttps_AndNothingElseIsAnswered()
    {
        Certificates.WritePem(Certificate, Key);
        var port = Loopback.FreePort();
        await StartAsync(new() { ["MedGan:Tls:CertificateFile"] = Certificate, ["MedGan:Tls:KeyFile"] = Key, ["MedGan:Tls:RedirectPort"] = port.ToString() });
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var answer = await client.PostAsync($"http://127.0.0.1:{port}/projects/p/trainings?x=1", new StringContent("{}"), Ct);
        Assert.Equal(HttpStatusCode.PermanentRedirect, answer.StatusCode);
        Assert.StartsWith("https://127.0.0.1", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("/projects/p/trainings?x=1", answer.Headers.Location.ToString(), StringComparison.Ordinal);
        Assert.Equal("", await answer.Content.ReadAsStringAsync(Ct));

        using var old = new TcpClient();
        await old.ConnectAsync(IPAddress.Loopback, port, Ct);
        await old.GetStream().WriteAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray(), Ct); // names no host to send it on to
        using var reader = new StreamReader(old.GetStream());
        Assert.Contains(" 400 ", await reader.ReadLineAsync(Ct), StringComparison.Ordinal);
    }

    /// <summary>Seen in whose share a request is counted: ten a minute for each address, that of the request or one for all of them.</summary>
    [Theory]
    [InlineData("", false)]
    [InlineData("192.0.2.7, 10.0.0.0/8", false)]
    [InlineData("192.0.2.7, 127.0.0.0/8", true)]
    [InlineData("127.0.0.1", true)]
    public async Task ForwardedAddress_CountsFromNamedProxiesOnly(string proxies, bool counts)
    {
        await StartAsync(new() { ["MedGan:Proxies:Addresses"] = proxies, ["MedGan:Traffic:RequestsPerMinute"] = "10" });
        using var client = new HttpClient { BaseAddress = Address };
        var served = 0;
        for (var i = 1; i <= 40; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
            request.Headers.Add("X-Forwarded-For", $"198.51.100.{i}");
            using var answer = await client.SendAsync(request, Ct);
            served += answer.StatusCode == HttpStatusCode.OK ? 1 : 0;
        }
        Assert.Equal(counts, served == 40);
    }

    /// <summary>Whoever has an IPv6 address has 2^64 of them: they are one caller.</summary>
    [Fact]
    public async Task AddressesOfOneIpv6Network_ShareWhatIsAllowed()
    {
        await StartAsync(new() { ["MedGan:Proxies:Addresses"] = "127.0.0.1", ["MedGan:Traffic:RequestsPerMinute"] = "10" });
        using var client = new HttpClient { BaseAddress = Address };
        async Task<HttpStatusCode> AskAsync(string from)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
            request.Headers.Add("X-Forwarded-For", from);
            using var answer = await client.SendAsync(request, Ct);
            return answer.StatusCode;
        }
        var statuses = new List<HttpStatusCode>();
        while (statuses.Count < 200 && !statuses.Contains(HttpStatusCode.TooManyRequests)) statuses.Add(await AskAsync($"2001:db8:1:2:{statuses.Count:x}::1"));
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        Assert.Equal(HttpStatusCode.OK, await AskAsync("2001:db8:1:3::1"));
    }

    [Theory]
    [InlineData("MedGan:Tls:KeyFile", "/nowhere", "CertificateFile is missing")]
    [InlineData("MedGan:Tls:CertificateFile", "/nowhere.pem", "cannot be used with its key")]
    [InlineData("MedGan:Proxies:Addresses", "proxy.example.org", "must be IP addresses")]
    [InlineData("MedGan:Proxies:Addresses", "10.0.0.0/33", "must be IP addresses")]
    public async Task WrongSetting_StopsTheStart_WithASentence(string setting, string value, string sentence)
    {
        var e = await Assert.ThrowsAsync<CannotStartException>(() => StartAsync(new() { [setting] = value }));
        Assert.Contains(sentence, e.Message, StringComparison.Ordinal);
    }

    private async Task StartAsync(Dictionary<string, string?> settings)
    {
        app = await Service.BuildAsync(new ServiceAddress(Path.Combine(folder, "data"), IPAddress.Loopback, 0), TextWriter.Synchronized(log), new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        await app.StartAsync(Ct);
    }

    private async Task<string> HandshakeAsync(SslProtocols protocols)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(Address.Host, Address.Port, Ct);
        await using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = protocols }, Ct);
        return new X509Certificate2(tls.RemoteCertificate!).Thumbprint;
    }
}
