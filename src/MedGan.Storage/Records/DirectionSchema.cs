using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace MedGan.Storage.Records;

/// <summary>Which way a training of one direction translates.</summary>
[DbContext(typeof(MedGanDb))]
[Migration("20261129000001_Direction")]
public sealed class DirectionSchema : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql($"ALTER TABLE \"Trainings\" ADD COLUMN \"SourceModality\" {(migrationBuilder.IsNpgsql() ? "text COLLATE \"C\"" : "TEXT")} NULL;");
}
