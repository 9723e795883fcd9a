using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace MedGan.Storage.Records;

/// <summary>What joins the trace of a request to those of its jobs.</summary>
[DbContext(typeof(MedGanDb))]
[Migration("20261128000001_Trace")]
public sealed class TraceSchema : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql($"ALTER TABLE \"Jobs\" ADD COLUMN \"TraceParent\" {(migrationBuilder.IsNpgsql() ? "text COLLATE \"C\"" : "TEXT")} NULL;");
}
