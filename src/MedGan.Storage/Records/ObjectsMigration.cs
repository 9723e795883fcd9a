using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace MedGan.Storage.Records;

/// <summary>The index of sealed objects. What an earlier version kept as plain files has no row in it, and is still read.</summary>
[DbContext(typeof(MedGanDb))]
[Migration("20261127000003_Objects")]
public sealed class ObjectsMigration : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var postgres = migrationBuilder.IsNpgsql();
        migrationBuilder.Sql(postgres
            ? """
              CREATE TABLE "StoredObjects" (
                  "Path" text COLLATE "C" NOT NULL,
                  "Project" text COLLATE "C" NOT NULL,
                  "Name" text COLLATE "C" NOT NULL,
                  "Sha256" text COLLATE "C" NOT NULL,
                  "Bytes" bigint NOT NULL,
                  "StoredAt" text COLLATE "C" NOT NULL,
                  CONSTRAINT "PK_StoredObjects" PRIMARY KEY ("Path")
              );
              """
            : """
              CREATE TABLE "StoredObjects" (
                  "Path" TEXT NOT NULL CONSTRAINT "PK_StoredObjects" PRIMARY KEY,
                  "Project" TEXT NOT NULL,
                  "Name" TEXT NOT NULL,
                  "Sha256" TEXT NOT NULL,
                  "Bytes" INTEGER NOT NULL,
                  "StoredAt" TEXT NOT NULL
              );
              """);
        migrationBuilder.Sql("""CREATE UNIQUE INDEX "IX_StoredObjects_Name" ON "StoredObjects" ("Name");""");
        migrationBuilder.Sql(postgres
            ? """
              CREATE TABLE "StoreWriters" (
                  "Id" uuid NOT NULL,
                  "Scratch" text COLLATE "C" NOT NULL,
                  "SeenAt" text COLLATE "C" NOT NULL,
                  "Ended" boolean NOT NULL,
                  CONSTRAINT "PK_StoreWriters" PRIMARY KEY ("Id")
              );
              """
            : """
              CREATE TABLE "StoreWriters" (
                  "Id" TEXT NOT NULL CONSTRAINT "PK_StoreWriters" PRIMARY KEY,
                  "Scratch" TEXT NOT NULL,
                  "SeenAt" TEXT NOT NULL,
                  "Ended" INTEGER NOT NULL
              );
              """);
    }
}
