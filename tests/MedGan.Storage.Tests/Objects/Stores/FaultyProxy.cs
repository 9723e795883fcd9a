using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MedGan.Storage.Tests.Objects.Stores;

/// <summary>An HTTP proxy before a real S3 server, on a free loopback port, that answers or breaks off in its place when it is told to.</summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private FaultyProxy(WebApplication app, HttpClient client) => (_app, _client) = (app, client);

    /// <summary>Where it listens.</summary>
    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>What came, as "METHOD /path?query".</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>What happens to a request: null passes it on.</summary>
    public Func<HttpRequest, Fault?> Decide { get; set; } = _ => null;

    public static async Task<FaultyProxy> StartAsync(Uri server, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var proxy = new FaultyProxy(builder.Build(), new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = server, Timeout = TimeSpan.FromMinutes(5) });
        proxy._app.Run(proxy.PassAsync);
        await proxy._app.StartAsync(ct);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task PassAsync(HttpContext http)
    {
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        Requests.Enqueue($"{http.Request.Method} {target}");
        var fault = Decide(http.Request);
        if (fault is { Status: { } status })
        {
            await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
            http.Response.StatusCode = status;
            await http.Response.WriteAsync(fault.Body ?? $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{(status == 503 ? "SlowDown" : "InternalError")}</Code><Message>told to</Message></Error>");
            return;
        }
        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), new Uri(_client.BaseAddress!, target));
        var hasBody = http.Request.ContentLength > 0;
        if (hasBody) request.Content = new StreamContent(http.Request.Body);
        foreach (var (name, values) in http.Request.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray())) request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        }
        request.Headers.Host = http.Request.Host.Value; // it is signed
        using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, http.RequestAborted);
        http.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
            if (name is not ("Transfer-Encoding" or "Connection" or "Keep-Alive")) http.Response.Headers[name] = values.ToArray();
        if (http.Request.Method == "HEAD") return;
        await using var body = await answer.Content.ReadAsStreamAsync(http.RequestAborted);
        if (fault is { BreakAfter: { } bytes })
        {
            var part = new byte[bytes];
            var read = await body.ReadAtLeastAsync(part, bytes, throwOnEndOfStream: false, http.RequestAborted);
            await http.Response.Body.WriteAsync(part.AsMemory(0, read), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            http.Abort();
            return;
        }
        await body.CopyToAsync(http.Response.Body, http.RequestAborted);
    }
}

/// <summary>What the proxy does instead.</summary>
/// <param name="Status">Answers with it.</param>
/// <param name="Body">And with this.</param>
/// <param name="BreakAfter">Passes the answer on, but breaks the connection after so many bytes of it.</param>
internal sealed record Fault(int? Status = null, string? Body = null, int? BreakAfter = null);
