using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Tests.Records;

public sealed class SqlitePatienceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connection_NewOrFromThePool_LeavesTheWaitForAnotherWriterToSqlite()
    {
        await using var folder = await DataFolder.CreateAsync();
        for (var use = 0; use < 2; use++)
        {
            await using var db = folder.Db();
            Assert.Equal(30_000, await db.Database.SqlQueryRaw<int>("SELECT timeout AS Value FROM pragma_busy_timeout").SingleAsync(Ct));
        }
    }
}
