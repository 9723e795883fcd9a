using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace MedGan.Storage.Records;

/// <summary>An instance that a picture archive has acknowledged, so that a delivery that is tried again sends only the rest.</summary>
public sealed class DeliveredRecord
{
    /// <summary>The delivering job.</summary>
    public required Guid JobId { get; init; }
    /// <summary>The synthetic instance.</summary>
    public required string SopInstanceUid { get; init; }
}

/// <summary>What picture archives have acknowledged.</summary>
[DbContext(typeof(MedGanDb))]
[Migration("20261128000002_Pacs")]
public sealed class PacsSchema : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var (text, guid) = migrationBuilder.IsNpgsql() ? ("text COLLATE \"C\"", "uuid") : ("TEXT", "TEXT");
        migrationBuilder.Sql(
            $"""
            CREATE TABLE "Delivered" (
                "JobId" {guid} NOT NULL,
                "SopInstanceUid" {text} NOT NULL,
                CONSTRAINT "PK_Delivered" PRIMARY KEY ("JobId", "SopInstanceUid"),
                CONSTRAINT "FK_Delivered_Jobs_JobId" FOREIGN KEY ("JobId") REFERENCES "Jobs" ("Id") ON DELETE RESTRICT
            );
            """);
    }
}
