using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace MedGan.Storage.Records;

/// <summary>The first schema, for both databases. A test compares each with the model's; the audit triggers are its own.</summary>
[DbContext(typeof(MedGanDb))]
[Migration("20261122000000_Initial")]
public sealed partial class InitialSchema : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        if (migrationBuilder.IsNpgsql())
        {
            migrationBuilder.Sql(PostgresTables);
            migrationBuilder.Sql(PostgresTriggers);
            return;
        }
        migrationBuilder.Sql(SqliteTables);
        migrationBuilder.Sql(
            """
            CREATE TRIGGER "AuditLeaves_NoUpdate" BEFORE UPDATE ON "AuditLeaves"
            BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
            """);
        migrationBuilder.Sql(
            """
            CREATE TRIGGER "AuditLeaves_NoDelete" BEFORE DELETE ON "AuditLeaves"
            BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
            """);
    }
}
