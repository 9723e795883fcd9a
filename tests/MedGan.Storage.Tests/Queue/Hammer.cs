using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.Extensions.DependencyInjection;

namespace MedGan.Storage.Tests.Queue;

/// <summary>A process that queues jobs as fast as it can, migrating first as every process does.</summary>
internal static class Hammer
{
    public static async Task<int> RunAsync(string folder, int count)
    {
        await using var services = new ServiceCollection().AddMedGanStorage(DataFolder.OptionsFor(folder)).AddLogging().BuildServiceProvider();
        await services.MigrateAsync();
        var queue = services.GetRequiredService<JobQueue>();
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (_, ct) => await queue.EnqueueAsync("p", JobKind.Train, new TrainRequest(Guid.NewGuid()), "hammer", ct));
        return 0;
    }
}
