using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MedGan.Storage;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Api.Jobs;

/// <summary>
/// A job as a stream of server-sent events: "log" for each line, "progress" and "state" when they change; it ends after a final state.
/// The event id is the id of the last log line sent, so a client that comes back with Last-Event-ID misses no line and gets none twice.
/// </summary>
public sealed class JobEvents(IDbContextFactory<MedGanDb> databases, JobWatch watch)
{
    private const int LinesAtOnce = 500;
    private static readonly JsonSerializerOptions Dialect = new(StorageJson.Options) { Converters = { new UtcTime() } };

    /// <summary>Events from the log line after <paramref name="lastLine"/> on.</summary>
    public async IAsyncEnumerable<SseItem<string>> FollowAsync(Guid job, long lastLine, [EnumeratorCancellation] CancellationToken ct)
    {
        using var changes = watch.Watch(job);
        (double Progress, string? Message)? sentProgress = null;
        JobState? sentState = null;
        while (true)
        {
            await using var db = await databases.CreateDbContextAsync(ct);
            // The row before the lines: whatever was logged before a final state is then sent before it.
            var row = await db.Jobs.AsNoTracking().SingleAsync(j => j.Id == job, ct);
            List<JobLogRecord> lines;
            do
            {
                lines = await db.JobLogs.AsNoTracking().Where(l => l.JobId == job && l.Id > lastLine).OrderBy(l => l.Id).Take(LinesAtOnce).ToListAsync(ct);
                foreach (var line in lines)
                {
                    lastLine = line.Id;
                    yield return Event("log", new { line.At, line.Line }, lastLine);
                }
            }
            while (lines.Count == LinesAtOnce);
            if (sentProgress != (row.Progress, row.Message))
            {
                sentProgress = (row.Progress, row.Message);
                yield return Event("progress", new { row.Progress, row.Message }, lastLine);
            }
            if (sentState != row.State)
            {
                sentState = row.State;
                yield return Event("state", new { row.State, row.Error }, lastLine);
            }
            if (row.IsFinal)
            {
                yield break;
            }
            await changes.ChangedAsync(ct);
        }
    }

    private static SseItem<string> Event(string type, object data, long id) =>
        new(JsonSerializer.Serialize(data, Dialect), type) { EventId = id.ToString(System.Globalization.CultureInfo.InvariantCulture) };
}
