using MedGan.Storage.Queue;
using MedGan.Storage.Records;

namespace MedGan.Storage.Tests.Queue;

public sealed class LeaseOnSqliteTests() : LeaseTests(() => Task.FromResult<string?>(null));

public sealed class OrderOnSqliteTests() : OrderTests(() => Task.FromResult<string?>(null));

public sealed class WorkerOnSqliteTests() : WorkerTests(() => Task.FromResult<string?>(null));

public sealed class CrashOnSqliteTests() : CrashTests(() => Task.FromResult<string?>(null))
{
    [Fact]
    public async Task Worker_SecondOnTheSameFolder_IsRefusedWithOneSentence()
    {
        var id = await Queue.EnqueueAsync("p", JobKind.Train, new TrainRequest(Guid.NewGuid()), "researcher", Ct);
        using var first = _folder.StartWorker();
        try
        {
            await UntilEpochAsync(id, 1);
            using var second = _folder.StartWorker();
            await second.WaitForExitAsync(Ct);
            Assert.Equal(1, second.ExitCode);
            Assert.StartsWith("Another worker is already using", await second.StandardError.ReadToEndAsync(Ct));
            Assert.Equal(1, (await _folder.JobAsync(id)).Epoch);
        }
        finally
        {
            first.Kill();
            await first.WaitForExitAsync(Ct);
        }
    }
}
