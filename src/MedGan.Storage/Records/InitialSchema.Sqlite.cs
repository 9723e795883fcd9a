namespace MedGan.Storage.Records;

public sealed partial class InitialSchema
{
    private const string SqliteTables =
        """
        CREATE TABLE "AuditLeaves" (
            "Index" INTEGER NOT NULL CONSTRAINT "PK_AuditLeaves" PRIMARY KEY,
            "Project" TEXT NOT NULL,
            "LeafJson" TEXT NOT NULL,
            "LeafHash" TEXT NOT NULL
        );
        CREATE TABLE "Cohorts" (
            "Project" TEXT NOT NULL,
            "Name" TEXT NOT NULL,
            "CreatedAt" TEXT NOT NULL,
            CONSTRAINT "PK_Cohorts" PRIMARY KEY ("Project", "Name")
        );
        CREATE TABLE "Jobs" (
            "Id" TEXT NOT NULL CONSTRAINT "PK_Jobs" PRIMARY KEY,
            "Project" TEXT NOT NULL,
            "Kind" TEXT NOT NULL,
            "State" TEXT NOT NULL,
            "RequestJson" TEXT NOT NULL,
            "ResultJson" TEXT NULL,
            "Error" TEXT NULL,
            "Progress" REAL NOT NULL,
            "Message" TEXT NULL,
            "Epoch" INTEGER NOT NULL,
            "Attempts" INTEGER NOT NULL,
            "Actor" TEXT NOT NULL,
            "CancelRequested" INTEGER NOT NULL,
            "CreatedAt" TEXT NOT NULL,
            "StartedAt" TEXT NULL,
            "HeartbeatAt" TEXT NULL,
            "FinishedAt" TEXT NULL
        );
        CREATE TABLE "Trainings" (
            "Id" TEXT NOT NULL CONSTRAINT "PK_Trainings" PRIMARY KEY,
            "Project" TEXT NOT NULL,
            "Name" TEXT NOT NULL,
            "JobId" TEXT NOT NULL,
            "CtCohort" TEXT NOT NULL,
            "MrCohort" TEXT NOT NULL,
            "PlanJson" TEXT NOT NULL,
            "SnapshotSha256" TEXT NULL,
            "SnapshotJson" TEXT NULL,
            "State" TEXT NOT NULL,
            "ModelPath" TEXT NULL,
            "CardJson" TEXT NULL,
            "CardMarkdown" TEXT NULL,
            "CreatedAt" TEXT NOT NULL
        );
        CREATE TABLE "Series" (
            "Id" TEXT NOT NULL CONSTRAINT "PK_Series" PRIMARY KEY,
            "Project" TEXT NOT NULL,
            "Cohort" TEXT NOT NULL,
            "PatientPseudonym" TEXT NOT NULL,
            "StudyInstanceUid" TEXT NOT NULL,
            "SeriesInstanceUid" TEXT NOT NULL,
            "Modality" TEXT NOT NULL,
            "State" TEXT NOT NULL,
            "Reason" TEXT NULL,
            "Notes" TEXT NOT NULL,
            "VolumePath" TEXT NULL,
            "PreviewPath" TEXT NULL,
            "InstanceCount" INTEGER NOT NULL,
            "CreatedAt" TEXT NOT NULL,
            CONSTRAINT "FK_Series_Cohorts_Project_Cohort" FOREIGN KEY ("Project", "Cohort") REFERENCES "Cohorts" ("Project", "Name") ON DELETE RESTRICT
        );
        CREATE TABLE "JobLogs" (
            "Id" INTEGER NOT NULL CONSTRAINT "PK_JobLogs" PRIMARY KEY AUTOINCREMENT,
            "JobId" TEXT NOT NULL,
            "At" TEXT NOT NULL,
            "Line" TEXT NOT NULL,
            CONSTRAINT "FK_JobLogs_Jobs_JobId" FOREIGN KEY ("JobId") REFERENCES "Jobs" ("Id") ON DELETE RESTRICT
        );
        CREATE TABLE "SyntheticSets" (
            "Id" TEXT NOT NULL CONSTRAINT "PK_SyntheticSets" PRIMARY KEY,
            "Project" TEXT NOT NULL,
            "TrainingId" TEXT NOT NULL,
            "State" TEXT NOT NULL,
            "ReportJson" TEXT NULL,
            "JobIds" TEXT NOT NULL,
            "ArchivePath" TEXT NULL,
            "CreatedAt" TEXT NOT NULL,
            CONSTRAINT "FK_SyntheticSets_Trainings_TrainingId" FOREIGN KEY ("TrainingId") REFERENCES "Trainings" ("Id") ON DELETE RESTRICT
        );
        CREATE TABLE "Instances" (
            "SeriesId" TEXT NOT NULL,
            "SopInstanceUid" TEXT NOT NULL,
            "Sha256" TEXT NOT NULL,
            "Bytes" INTEGER NOT NULL,
            "SopClassUid" TEXT NOT NULL,
            "TransferSyntaxUid" TEXT NOT NULL,
            CONSTRAINT "PK_Instances" PRIMARY KEY ("SeriesId", "SopInstanceUid"),
            CONSTRAINT "FK_Instances_Series_SeriesId" FOREIGN KEY ("SeriesId") REFERENCES "Series" ("Id") ON DELETE RESTRICT
        );
        CREATE TABLE "SyntheticSeries" (
            "Id" TEXT NOT NULL CONSTRAINT "PK_SyntheticSeries" PRIMARY KEY,
            "SetId" TEXT NOT NULL,
            "SourceSeriesId" TEXT NOT NULL,
            "SourcePatientPseudonym" TEXT NOT NULL,
            "SourceSplit" TEXT NOT NULL,
            "TargetModality" TEXT NOT NULL,
            "StudyInstanceUid" TEXT NOT NULL,
            "SeriesInstanceUid" TEXT NOT NULL,
            "SyntheticPatientId" TEXT NOT NULL,
            "ReleasedCount" INTEGER NOT NULL,
            "WithheldCount" INTEGER NOT NULL,
            "QuarantinePath" TEXT NULL,
            CONSTRAINT "FK_SyntheticSeries_SyntheticSets_SetId" FOREIGN KEY ("SetId") REFERENCES "SyntheticSets" ("Id") ON DELETE RESTRICT
        );
        CREATE TABLE "Released" (
            "SopInstanceUid" TEXT NOT NULL CONSTRAINT "PK_Released" PRIMARY KEY,
            "Project" TEXT NOT NULL,
            "SyntheticSeriesId" TEXT NOT NULL,
            "InstanceNumber" INTEGER NOT NULL,
            "SopClassUid" TEXT NOT NULL,
            "Sha256" TEXT NOT NULL,
            "Bytes" INTEGER NOT NULL,
            "SealJson" TEXT NOT NULL,
            "AttributesJson" TEXT NOT NULL,
            "StoredAt" TEXT NOT NULL,
            CONSTRAINT "FK_Released_SyntheticSeries_SyntheticSeriesId" FOREIGN KEY ("SyntheticSeriesId") REFERENCES "SyntheticSeries" ("Id") ON DELETE RESTRICT
        );
        CREATE TABLE "Withheld" (
            "Id" INTEGER NOT NULL CONSTRAINT "PK_Withheld" PRIMARY KEY AUTOINCREMENT,
            "SyntheticSeriesId" TEXT NOT NULL,
            "SliceIndex" INTEGER NOT NULL,
            "ReasonsJson" TEXT NOT NULL,
            "EvidenceJson" TEXT NOT NULL,
            CONSTRAINT "FK_Withheld_SyntheticSeries_SyntheticSeriesId" FOREIGN KEY ("SyntheticSeriesId") REFERENCES "SyntheticSeries" ("Id") ON DELETE RESTRICT
        );
        CREATE INDEX "IX_AuditLeaves_Project" ON "AuditLeaves" ("Project");
        CREATE INDEX "IX_Instances_Sha256" ON "Instances" ("Sha256");
        CREATE INDEX "IX_JobLogs_JobId_Id" ON "JobLogs" ("JobId", "Id");
        CREATE INDEX "IX_Jobs_Project_CreatedAt" ON "Jobs" ("Project", "CreatedAt");
        CREATE INDEX "IX_Jobs_State" ON "Jobs" ("State");
        CREATE INDEX "IX_Released_Project" ON "Released" ("Project");
        CREATE INDEX "IX_Released_Sha256" ON "Released" ("Sha256");
        CREATE INDEX "IX_Released_SyntheticSeriesId" ON "Released" ("SyntheticSeriesId");
        CREATE UNIQUE INDEX "IX_Series_Project_Cohort_SeriesInstanceUid" ON "Series" ("Project", "Cohort", "SeriesInstanceUid");
        CREATE UNIQUE INDEX "IX_SyntheticSeries_SeriesInstanceUid" ON "SyntheticSeries" ("SeriesInstanceUid");
        CREATE INDEX "IX_SyntheticSeries_SetId" ON "SyntheticSeries" ("SetId");
        CREATE INDEX "IX_SyntheticSeries_StudyInstanceUid" ON "SyntheticSeries" ("StudyInstanceUid");
        CREATE INDEX "IX_SyntheticSets_Project_CreatedAt" ON "SyntheticSets" ("Project", "CreatedAt");
        CREATE INDEX "IX_SyntheticSets_TrainingId" ON "SyntheticSets" ("TrainingId");
        CREATE INDEX "IX_Trainings_Project_CreatedAt" ON "Trainings" ("Project", "CreatedAt");
        CREATE UNIQUE INDEX "IX_Withheld_SyntheticSeriesId_SliceIndex" ON "Withheld" ("SyntheticSeriesId", "SliceIndex");
        """;
}
