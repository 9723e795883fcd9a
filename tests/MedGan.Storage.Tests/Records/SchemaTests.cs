using MedGan.Storage.Tests.Queue;
using MedGan.Storage.Records;
using MedGan.Storage.Audit;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace MedGan.Storage.Tests.Records;

public sealed class SchemaTests(SharedPostgres server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Migrate_FreshFolder_GivesTheModelsSchemaAndTheAuditTriggers()
    {
        await using var folder = await DataFolder.CreateAsync();
        await using var migrated = folder.Db();
        using var memory = new SqliteConnection("Data Source=:memory:");
        memory.Open();
        await using var model = new MedGanDb(new DbContextOptionsBuilder<MedGanDb>().UseSqlite(memory).Options);
        Assert.True(await model.Database.EnsureCreatedAsync(Ct));
        var expected = await SchemaAsync(model);
        Assert.Contains(expected, line => line.StartsWith("column Jobs.Epoch INTEGER"));
        Assert.Equal(expected, await SchemaAsync(migrated));
        Assert.Equal(["AuditLeaves_NoDelete", "AuditLeaves_NoUpdate"], await migrated.Database
            .SqlQueryRaw<string>("SELECT name AS Value FROM sqlite_master WHERE type = 'trigger' ORDER BY name").ToListAsync(Ct));
    }

    [Fact]
    public async Task Migrate_FreshServer_GivesTheModelsSchemaAndTheAuditTriggers()
    {
        await using var folder = await DataFolder.CreateAsync(await server.NewDatabaseAsync());
        await using var migrated = folder.Db();
        await using var model = new MedGanDb(new DbContextOptionsBuilder<MedGanDb>().UseNpgsql(await server.NewDatabaseAsync()).Options);
        Assert.True(await model.Database.EnsureCreatedAsync(Ct));
        var expected = await ServerSchemaAsync(model);
        Assert.Contains("column Jobs.Id uuid NO", expected);
        Assert.Equal(expected, await ServerSchemaAsync(migrated));
        await using var transaction = await migrated.Database.BeginTransactionAsync(Ct);
        folder.Get<AuditLog>().Append(migrated, AuditActions.JobQueued, "p", "a", new { });
        await migrated.SaveChangesAsync(Ct);
        await transaction.CommitAsync(Ct);
        foreach (var change in new[] { "UPDATE \"AuditLeaves\" SET \"Project\" = 'q'", "DELETE FROM \"AuditLeaves\"", "TRUNCATE \"AuditLeaves\"" })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => migrated.Database.ExecuteSqlRawAsync(change, Ct));
            Assert.Contains("append-only", refused.Message);
        }
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Database=x;Username=x", "cannot be reached")]
    [InlineData(null, "does not exist")]
    public async Task Migrate_ServerCannotBeUsed_IsOnePlainSentence(string? connection, string why)
    {
        connection ??= (await server.NewDatabaseAsync())!.Replace("Database=", "Database=no-");
        var folder = Directory.CreateTempSubdirectory("medgan-storage-").FullName;
        await using var services = new ServiceCollection().AddMedGanStorage(DataFolder.OptionsFor(folder, connection)).BuildServiceProvider();
        var unavailable = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => services.MigrateAsync(Ct));
        Assert.StartsWith("The database ", unavailable.Message);
        Assert.Contains(why, unavailable.Message);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Migrate_Twice_ChangesNothing()
    {
        await using var folder = await DataFolder.CreateAsync();
        await using var db = folder.Db();
        var before = await SchemaAsync(db);
        await new ServiceCollection().AddMedGanStorage(folder.Options).BuildServiceProvider().MigrateAsync(Ct);
        Assert.Equal(before, await SchemaAsync(db));
    }

    [Fact]
    public async Task Database_IsInWalModeWithForeignKeys()
    {
        await using var folder = await DataFolder.CreateAsync();
        await using var db = folder.Db();
        Assert.Equal("wal", await db.Database.SqlQueryRaw<string>("SELECT journal_mode AS Value FROM pragma_journal_mode").SingleAsync(Ct));
        db.Instances.Add(new InstanceRecord { SeriesId = Guid.NewGuid(), SopInstanceUid = "1", Sha256 = "", Bytes = 0, SopClassUid = "", TransferSyntaxUid = "" });
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync(Ct));
    }

    [Fact]
    public async Task Migrate_FolderCannotBeMade_IsOnePlainSentence()
    {
        var file = Path.GetTempFileName();
        try
        {
            var unavailable = await Assert.ThrowsAsync<StorageUnavailableException>(() => MigrateAsync(Path.Combine(file, "data")));
            Assert.StartsWith($"The data folder {file}/data cannot be written", unavailable.Message);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Migrate_DatabaseIsNoDatabase_IsOnePlainSentence()
    {
        var folder = Directory.CreateTempSubdirectory("medgan-storage-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "medgan.db"), new string('x', 5000), Ct);
        var unavailable = await Assert.ThrowsAsync<StorageUnavailableException>(() => MigrateAsync(folder));
        Assert.Contains("is damaged", unavailable.Message);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task MigrateAsync(string folder)
    {
        await using var services = new ServiceCollection().AddMedGanStorage(DataFolder.OptionsFor(folder)).BuildServiceProvider();
        await services.MigrateAsync(Ct);
    }

    [Fact]
    public async Task Times_OfAnyOffset_SortAsTimes()
    {
        await using var folder = await DataFolder.CreateAsync();
        await using var db = folder.Db();
        var noon = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        (string Name, DateTimeOffset At)[] cohorts = [("b", noon.AddTicks(1).ToOffset(TimeSpan.FromHours(-9))), ("a", noon.ToOffset(TimeSpan.FromHours(5))), ("c", noon.AddSeconds(1))];
        db.Cohorts.AddRange(cohorts.Select(c => new CohortRecord { Project = "p", Name = c.Name, CreatedAt = c.At }));
        await db.SaveChangesAsync(Ct);
        await using var again = folder.Db();
        Assert.Equal(["a", "b", "c"], again.Cohorts.OrderBy(c => c.CreatedAt).Select(c => c.Name));
        Assert.Equal("c", again.Cohorts.Single(c => c.CreatedAt > noon.AddTicks(1)).Name);
        Assert.Equal(noon.AddTicks(1), again.Cohorts.Single(c => c.Name == "b").CreatedAt);
    }

    [Fact]
    public async Task Database_TwoProcessesAndThisOneWriteAtOnce_NothingIsLostOrLocked()
    {
        var path = Directory.CreateTempSubdirectory("medgan-storage-").FullName;
        var hammers = Enumerable.Range(0, 2).Select(_ => DataFolder.StartSelf("hammer", path, "60")).ToList(); // they migrate it, both at once
        await Hammer.RunAsync(path, 60);
        foreach (var hammer in hammers)
        {
            await hammer.WaitForExitAsync(Ct);
            Assert.True(hammer.ExitCode == 0, await hammer.StandardError.ReadToEndAsync(Ct));
            hammer.Dispose();
        }
        await using var services = new ServiceCollection().AddMedGanStorage(DataFolder.OptionsFor(path)).BuildServiceProvider();
        await using (var db = await services.GetRequiredService<IDbContextFactory<MedGanDb>>().CreateDbContextAsync(Ct))
        {
            Assert.Equal(180, await db.Jobs.CountAsync(Ct));
            Assert.Equal(Enumerable.Range(0, 180).Select(i => (long)i), await db.AuditLeaves.OrderBy(l => l.Index).Select(l => l.Index).ToListAsync(Ct));
        }
        SqliteConnection.ClearAllPools();
        Directory.Delete(path, recursive: true);
    }

    /// <summary>Columns, indices and foreign keys. Not the text of the statements: a column that was added later stands at another place.</summary>
    private static async Task<List<string>> SchemaAsync(MedGanDb db) => await db.Database.SqlQueryRaw<string>(
        """
        SELECT 'column ' || t.name || '.' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || c.pk AS Value
        FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE '\_\_EF%' ESCAPE '\' AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\'
        UNION ALL
        SELECT 'index ' || sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL
        UNION ALL
        SELECT 'key ' || t.name || '.' || f."from" || ' ' || f."table" || '.' || f."to" || ' ' || f.on_delete
        FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'
        ORDER BY 1
        """).ToListAsync(Ct);

    private static async Task<List<string>> ServerSchemaAsync(MedGanDb db) => await db.Database.SqlQueryRaw<string>(
        """
        SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || coalesce(' ' || collation_name, '') || coalesce(' ' || identity_generation, '') AS "Value"
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\_\_EF%'
        UNION ALL
        SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE '\_\_EF%'
        UNION ALL
        SELECT 'key ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE '%\_\_EF%'
        ORDER BY 1
        """).ToListAsync(Ct);
}
