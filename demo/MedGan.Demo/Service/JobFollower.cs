using System.Net.ServerSentEvents;
using System.Text.Json;

namespace MedGan.Demo.Service;

/// <summary>Follows a job's server-sent events to its end and shows them as a progress bar.</summary>
internal static class JobFollower
{
    /// <exception cref="DemoException">The job failed or was cancelled.</exception>
    public static async Task FollowAsync(MedGanClient client, Guid job, string title, CancellationToken ct)
    {
        using var bar = new ProgressBar(title);
        while (true)
        {
            await ShowAsync(client, job, bar, ct);
            var state = await client.GetAsync<JobAnswer>($"jobs/{job}", ct);
            switch (state.State)
            {
                case "Succeeded": bar.Finish(state.Message ?? "done"); return;
                case "Failed": bar.Finish("failed"); throw DemoException.FallsShort($"{title} failed: {state.Error}");
                case "Cancelled": bar.Finish("cancelled"); throw DemoException.FallsShort($"{title} was cancelled");
                default: await Task.Delay(500, ct); break;
            }
        }
    }

    // A stream that breaks off (the service restarts) is simply taken up again: the job itself goes on.
    private static async Task ShowAsync(MedGanClient client, Guid job, ProgressBar bar, CancellationToken ct)
    {
        try
        {
            using var answer = await client.SendAsync(HttpMethod.Get, $"jobs/{job}/events", null, ct);
            await foreach (var item in SseParser.Create(await answer.Content.ReadAsStreamAsync(ct)).EnumerateAsync(ct))
            {
                if (item.EventType != "progress") continue;
                var progress = JsonSerializer.Deserialize<ProgressEvent>(item.Data, MedGanClient.Json)!;
                bar.Report(progress.Progress, progress.Message);
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException) { }
    }

    private sealed record ProgressEvent(double Progress, string? Message);
}
