using System.Threading.RateLimiting;
using MedGan.Api.Problems;

namespace MedGan.Api.Uploads;

/// <summary>Lets so many uploads in at a time: of one project, so that it leaves room for the others, and of all. As many again wait their turn.</summary>
public sealed class UploadGate(UploadLimits limits) : IDisposable
{
    private readonly ConcurrencyLimiter _all = new(Limit(limits.ConcurrentUploads, limits.ConcurrentUploads));
    private readonly PartitionedRateLimiter<string> _ofProject = PartitionedRateLimiter.Create<string, string>(project =>
        RateLimitPartition.GetConcurrencyLimiter(project, _ => Limit(limits.ConcurrentUploadsPerProject, limits.ConcurrentUploads)));

    /// <summary>Waits for a turn; dispose it when the upload has ended.</summary>
    /// <exception cref="RefusedException">429: too many wait already.</exception>
    public async Task<IDisposable> EnterAsync(string project, CancellationToken ct)
    {
        var own = await _ofProject.AcquireAsync(project, 1, ct);
        try
        {
            Check(own);
            var all = await _all.AcquireAsync(1, ct);
            Check(all);
            return new Turn(own, all);
        }
        catch
        {
            own.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _all.Dispose();
        _ofProject.Dispose();
    }

    private static ConcurrencyLimiterOptions Limit(int permits, int waiting) => new() { PermitLimit = permits, QueueLimit = waiting };

    private static void Check(RateLimitLease lease)
    {
        if (lease.IsAcquired) return;
        lease.Dispose();
        throw new RefusedException(StatusCodes.Status429TooManyRequests, "Too many uploads at once", "Send it again in some seconds.");
    }

    private sealed record Turn(RateLimitLease Own, RateLimitLease All) : IDisposable
    {
        public void Dispose()
        {
            All.Dispose();
            Own.Dispose();
        }
    }
}
