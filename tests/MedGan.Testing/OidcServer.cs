using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MedGan.Testing;

/// <summary>A client of the provider, whose tokens carry these claims.</summary>
public sealed record OidcClient(object Claims, string Audience = "medgan", int Lifetime = 300);

/// <summary>A real OpenID Connect provider (npm's oidc-provider) on a free loopback port. Restarted, it has another key.</summary>
public sealed class OidcServer : IAsyncDisposable
{
    private const string Secret = "only-of-this-test-0123456789abcdef";

    private static readonly string Folder = Path.Combine(BuiltProgram.Root, "tests", "servers");

    private readonly string _config = Path.Combine(Directory.CreateTempSubdirectory("medgan-oidc-").FullName, "config.json");
    private readonly IReadOnlyDictionary<string, OidcClient> _clients;
    private readonly int _port = Loopback.FreePort();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private Process? _process;

    private OidcServer(IReadOnlyDictionary<string, OidcClient> clients) => _clients = clients;

    /// <summary>Its issuer, for MedGan:Auth:Authority.</summary>
    public string Issuer => $"http://127.0.0.1:{_port}";

    /// <summary>The key that it signs with now.</summary>
    public RSA Key { get; private set; } = RSA.Create(2048);

    /// <summary>The key's id.</summary>
    public string KeyId { get; private set; } = "first";

    /// <summary>One that is not started yet.</summary>
    public static OidcServer Create(IReadOnlyDictionary<string, OidcClient> clients) => new(clients);

    /// <summary>Starts it, with a new key unless it is the first time.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        if (!File.Exists(Path.Combine(Folder, "node_modules", "oidc-provider", "package.json"))) throw new InvalidOperationException("oidc-provider is not installed: run ./medgan setup --tests");
        await File.WriteAllTextAsync(_config, JsonSerializer.Serialize(new
        {
            jwks = new { keys = new[] { Jwk(Key, KeyId) } },
            clients = _clients.ToDictionary(c => c.Key, c => new { secret = Secret, audience = c.Value.Audience, lifetime = c.Value.Lifetime, claims = c.Value.Claims }),
        }), ct);
        _process = Process.Start(new ProcessStartInfo("node", [Path.Combine(Folder, "oidc.mjs"), _port.ToString(), _config])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder,
        })!;
        var errors = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        while (await _process.StandardOutput.ReadLineAsync(ct) is { } line)
        {
            if (line == "ready") return;
        }
        throw new InvalidOperationException("oidc-provider did not start: " + await errors);
    }

    /// <summary>Ends it; the next start has another key.</summary>
    public async Task StopAsync()
    {
        if (_process is null) return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Starts it again with another key, and none of the old one.</summary>
    public async Task RotateAsync(CancellationToken ct)
    {
        await StopAsync();
        (Key, KeyId) = (RSA.Create(2048), Guid.NewGuid().ToString("N"));
        await StartAsync(ct);
    }

    /// <summary>An access token of a client, by client credentials.</summary>
    public async Task<string> TokenAsync(string client, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Issuer}/token") { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("resource", "urn:medgan")]) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{client}:{Secret}")));
        using var answer = await _http.SendAsync(request, ct);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
        return answer.IsSuccessStatusCode ? body.GetProperty("access_token").GetString()! : throw new InvalidOperationException($"oidc-provider gave no token: {body}");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
        Directory.Delete(Path.GetDirectoryName(_config)!, recursive: true);
    }

    private static Dictionary<string, string> Jwk(RSA key, string id)
    {
        var p = key.ExportParameters(includePrivateParameters: true);
        static string Url(byte[]? bytes) => Convert.ToBase64String(bytes!).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return new() { ["kty"] = "RSA", ["use"] = "sig", ["alg"] = "RS256", ["kid"] = id, ["n"] = Url(p.Modulus), ["e"] = Url(p.Exponent), ["d"] = Url(p.D), ["p"] = Url(p.P), ["q"] = Url(p.Q), ["dp"] = Url(p.DP), ["dq"] = Url(p.DQ), ["qi"] = Url(p.InverseQ) };
    }
}
