using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using MedGan.Api.Problems;
using MedGan.Api.Tests.Fixtures;
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
#pragma warning disable SYSLIB0039, CA5397 // that they are refused is the test
        await Assert.ThrowsAnyAsync<Exception>(() => HandshakeAsync(SslProtocols.Tls11));
#pragma warning restore SYSLIB0039, CA5397
        await HandshakeAsync(SslProtocols.Tls12);
    }

    [Fact]
    public async Task PlainHttp_IsSentToHttps_AndNothingElseIsAnswered()
    {
        Certificates.WritePem(Certificate, Key);
        var port = FreePort();
        await StartAsync(new() { ["MedGan:Tls:CertificateFile"] = Certificate, ["MedGan:Tls:KeyFile"] = Key, ["MedGan:Tls:RedirectPort"] = port.ToString() });
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var answer = await client.PostAsync($"http://127.0.0.1:{port}/projects/p/trainings?x=1", new StringContent("{}"), Ct);
        Assert.Equal(HttpStatusCode.PermanentRedirect, answer.StatusCode);
        Assert.StartsWith("https://127.0.0.1", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("/projects/p/trainings?x=1", answer.Headers.Location.ToString(), StringComparison.Ordinal);
        Assert.Equal("", await answer.Content.ReadAsStringAsync(Ct));
    }

    [Theory]
    [InlineData("MedGan:Tls:KeyFile", "/nowhere", "CertificateFile is missing")]
    [InlineData("MedGan:Tls:CertificateFile", "/nowhere.pem", "cannot be used with its key")]
    [InlineData("MedGan:Proxies:Addresses", "proxy.example.org", "must be IP addresses")]
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
        return new System.Security.Cryptography.X509Certificates.X509Certificate2(tls.RemoteCertificate!).Thumbprint;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
