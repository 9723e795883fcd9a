using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MedGan.Testing;

/// <summary>A span, as a collector receives it.</summary>
public sealed record CollectedSpan(string Name, string TraceId, string SpanId, string ParentId);

/// <summary>Receives traces as an OpenTelemetry collector does (OTLP over HTTP, protobuf), and keeps of each span its name and ids.</summary>
public sealed class TraceCollector : IAsyncDisposable
{
    private readonly ConcurrentQueue<CollectedSpan> _spans = new();
    private readonly WebApplication _web;

    private TraceCollector(WebApplication web) => _web = web;

    public IReadOnlyList<CollectedSpan> Spans => [.. _spans];
    public string Url => _web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<TraceCollector> StartAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var collector = new TraceCollector(builder.Build());
        collector._web.Run(collector.TakeAsync);
        await collector._web.StartAsync(ct);
        return collector;
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        // opentelemetry/proto/collector/trace/v1: request { 1: resource_spans { 2: scope_spans { 2: span { 1: trace id, 2: span id, 4: parent, 5: name } } } }
        foreach (var resource in Fields(body.ToArray(), 1))
        foreach (var scope in Fields(resource, 2))
        foreach (var span in Fields(scope, 2))
            _spans.Enqueue(new CollectedSpan(Text(span, 5), Hex(span, 1), Hex(span, 2), Hex(span, 4)));
        context.Response.ContentType = "application/x-protobuf";
    }

    private static string Text(byte[] message, int field) => Encoding.UTF8.GetString(Fields(message, field).FirstOrDefault() ?? []);
    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Fields(message, field).FirstOrDefault() ?? []);

    /// <summary>The length-delimited fields of a number.</summary>
    private static IEnumerable<byte[]> Fields(byte[] message, int number)
    {
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            switch (key & 7)
            {
                case 0: Varint(message, ref at); break;
                case 1: at += 8; break;
                case 5: at += 4; break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    if ((int)(key >> 3) == number) yield return message[at..(at + length)];
                    at += length;
                    break;
                default: throw new InvalidDataException($"wire type {key & 7}");
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = message[at++];
            value |= (ulong)(b & 0x7f) << shift;
            if ((b & 0x80) == 0) return value;
        }
    }
}
