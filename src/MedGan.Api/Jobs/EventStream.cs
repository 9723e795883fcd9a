using System.Net.ServerSentEvents;

namespace MedGan.Api.Jobs;

/// <summary>Writes text/event-stream until the events end, the client goes, or the service stops.</summary>
internal sealed class EventStream(Func<CancellationToken, IAsyncEnumerable<SseItem<string>>> events, CancellationToken serviceStops) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "text/event-stream";
        httpContext.Response.Headers["X-Accel-Buffering"] = "no";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, serviceStops);
        try
        {
            await httpContext.Response.StartAsync(stop.Token);
            await SseFormatter.WriteAsync(events(stop.Token), httpContext.Response.Body, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The client comes back with the id of the last event it saw.
        }
    }
}
