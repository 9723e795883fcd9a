using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace MedGan.Storage.Records;

/// <summary>Queues, priorities and retries of jobs.</summary>
[DbContext(typeof(MedGanDb))]
[Migration("20261127000001_Queue")]
public sealed class QueueSchema : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var (text, number, big) = migrationBuilder.IsNpgsql() ? ("text COLLATE \"C\"", "integer", "bigint") : ("TEXT", "INTEGER", "INTEGER");
        migrationBuilder.Sql(
            $"""
            ALTER TABLE "Jobs" ADD COLUMN "Queue" {text} NOT NULL DEFAULT 'Cpu';
            ALTER TABLE "Jobs" ADD COLUMN "Priority" {number} NOT NULL DEFAULT 0;
            ALTER TABLE "Jobs" ADD COLUMN "Retries" {number} NOT NULL DEFAULT 0;
            ALTER TABLE "Jobs" ADD COLUMN "NotBefore" {text} NULL;
            ALTER TABLE "Jobs" ADD COLUMN "Writes" {big} NOT NULL DEFAULT 0;
            ALTER TABLE "Jobs" ADD COLUMN "Worker" {text} NULL;
            UPDATE "Jobs" SET "Queue" = 'Gpu' WHERE "Kind" IN ('Train', 'Generate', 'PrivacyGate');
            CREATE INDEX "IX_Jobs_Queue_State" ON "Jobs" ("Queue", "State");
            """);
    }
}
