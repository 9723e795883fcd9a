using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Database;

/// <summary>
/// The one clock that leases are measured by. On PostgreSQL it is the server's: the clocks of the machines that share it may differ.
/// </summary>
internal static class DatabaseClock
{
    public static async Task<DateTimeOffset> NowAsync(MedGanDb db, TimeProvider clock, CancellationToken ct = default)
    {
        if (!db.Database.IsNpgsql()) return clock.GetUtcNow();
        var utc = await db.Database.SqlQueryRaw<DateTime>("SELECT clock_timestamp() AT TIME ZONE 'UTC' AS \"Value\"").SingleAsync(ct);
        return new DateTimeOffset(utc, TimeSpan.Zero);
    }
}
