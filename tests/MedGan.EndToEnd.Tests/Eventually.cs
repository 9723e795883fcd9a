using Xunit;

namespace MedGan.EndToEnd.Tests;

/// <summary>Waits for what another process does.</summary>
internal static class Eventually
{
    /// <summary>Asks until the answer is the wanted one; fails after two minutes.</summary>
    public static async Task<T> IsAsync<T>(Func<Task<T>> ask, Func<T, bool> wanted, CancellationToken ct)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ; await Task.Delay(200, ct))
        {
            var answer = await ask();
            if (wanted(answer)) return answer;
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(2), $"not within two minutes; the last answer was {answer}");
        }
    }
}
