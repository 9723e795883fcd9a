namespace MedGan.Api.Tests.Fixtures;

/// <summary>Waits for what another thread or process does.</summary>
internal static class Eventually
{
    /// <summary>Looks every 20 ms, for 20 s at most.</summary>
    public static Task HoldsAsync(Func<bool> condition, CancellationToken ct) => HoldsAsync(() => Task.FromResult(condition()), ct);

    /// <summary>The same, for what must be asked for.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            await ticks.WaitForNextTickAsync(limit.Token);
        }
    }
}
