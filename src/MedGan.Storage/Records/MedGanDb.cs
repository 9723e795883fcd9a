using MedGan.Storage.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace MedGan.Storage.Records;

/// <summary>The records. Make one per piece of work through IDbContextFactory. Every write transaction is the only one: BEGIN IMMEDIATE on SQLite, a lock of the server on PostgreSQL.</summary>
public sealed class MedGanDb(DbContextOptions<MedGanDb> options) : DbContext(options)
{
    /// <summary>Cohorts.</summary>
    public DbSet<CohortRecord> Cohorts => Set<CohortRecord>();
    /// <summary>De-identified series.</summary>
    public DbSet<SeriesRecord> Series => Set<SeriesRecord>();
    /// <summary>De-identified instances.</summary>
    public DbSet<InstanceRecord> Instances => Set<InstanceRecord>();
    /// <summary>Jobs.</summary>
    public DbSet<JobRecord> Jobs => Set<JobRecord>();
    /// <summary>Log lines of jobs.</summary>
    public DbSet<JobLogRecord> JobLogs => Set<JobLogRecord>();
    /// <summary>Trainings.</summary>
    public DbSet<TrainingRecord> Trainings => Set<TrainingRecord>();
    /// <summary>Synthetic sets.</summary>
    public DbSet<SyntheticSetRecord> SyntheticSets => Set<SyntheticSetRecord>();
    /// <summary>Synthetic series.</summary>
    public DbSet<SyntheticSeriesRecord> SyntheticSeries => Set<SyntheticSeriesRecord>();
    /// <summary>Released instances.</summary>
    public DbSet<ReleasedRecord> Released => Set<ReleasedRecord>();
    /// <summary>Withheld images.</summary>
    public DbSet<WithheldRecord> Withheld => Set<WithheldRecord>();
    /// <summary>What picture archives have acknowledged.</summary>
    public DbSet<DeliveredRecord> Delivered => Set<DeliveredRecord>();
    /// <summary>The index of sealed objects; change it through the stores only.</summary>
    public DbSet<StoredObjectRecord> StoredObjects => Set<StoredObjectRecord>();
    /// <summary>The processes that place objects.</summary>
    internal DbSet<StoreWriterRecord> StoreWriters => Set<StoreWriterRecord>();
    /// <summary>The audit log's leaves; add through <see cref="Audit.AuditLog"/> only.</summary>
    public DbSet<AuditLeafRecord> AuditLeaves => Set<AuditLeafRecord>();

    /// <summary>Events for the bus; add through <see cref="OutboxStore"/> only.</summary>
    public DbSet<OutboxRecord> Outbox => Set<OutboxRecord>();
    /// <summary>Messages of the bus that were dealt with.</summary>
    public DbSet<InboxRecord> Inbox => Set<InboxRecord>();

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        conventions.Properties<DateTimeOffset>().HaveConversion<UtcText>();
        conventions.Properties<Enum>().HaveConversion<string>();
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<CohortRecord>(e =>
        {
            e.ToTable("Cohorts");
            e.HasKey(c => new { c.Project, c.Name });
        });
        model.Entity<SeriesRecord>(e =>
        {
            e.ToTable("Series");
            e.HasIndex(s => new { s.Project, s.Cohort, s.SeriesInstanceUid }).IsUnique();
            e.HasOne<CohortRecord>().WithMany().HasForeignKey(s => new { s.Project, s.Cohort }).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<InstanceRecord>(e =>
        {
            e.ToTable("Instances");
            e.HasKey(i => new { i.SeriesId, i.SopInstanceUid });
            e.HasIndex(i => i.Sha256);
            e.HasOne<SeriesRecord>().WithMany().HasForeignKey(i => i.SeriesId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<JobRecord>(e =>
        {
            e.ToTable("Jobs");
            e.Ignore(j => j.IsFinal);
            e.HasIndex(j => new { j.Project, j.CreatedAt });
            e.HasIndex(j => j.State);
            e.HasIndex(j => new { j.Queue, j.State });
        });
        model.Entity<JobLogRecord>(e =>
        {
            e.ToTable("JobLogs");
            e.HasIndex(l => new { l.JobId, l.Id });
            e.HasOne<JobRecord>().WithMany().HasForeignKey(l => l.JobId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<TrainingRecord>(e =>
        {
            e.ToTable("Trainings");
            e.HasIndex(t => new { t.Project, t.CreatedAt });
        });
        model.Entity<SyntheticSetRecord>(e =>
        {
            e.ToTable("SyntheticSets");
            e.HasIndex(s => new { s.Project, s.CreatedAt });
            e.HasOne<TrainingRecord>().WithMany().HasForeignKey(s => s.TrainingId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<SyntheticSeriesRecord>(e =>
        {
            e.ToTable("SyntheticSeries");
            e.HasIndex(s => s.SeriesInstanceUid).IsUnique();
            e.HasIndex(s => s.StudyInstanceUid);
            e.HasOne<SyntheticSetRecord>().WithMany().HasForeignKey(s => s.SetId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<ReleasedRecord>(e =>
        {
            e.ToTable("Released");
            e.HasKey(r => r.SopInstanceUid);
            e.HasIndex(r => r.Project);
            e.HasIndex(r => r.Sha256);
            e.HasOne<SyntheticSeriesRecord>().WithMany().HasForeignKey(r => r.SyntheticSeriesId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<WithheldRecord>(e =>
        {
            e.ToTable("Withheld");
            e.HasIndex(w => new { w.SyntheticSeriesId, w.SliceIndex }).IsUnique();
            e.HasOne<SyntheticSeriesRecord>().WithMany().HasForeignKey(w => w.SyntheticSeriesId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<DeliveredRecord>(e =>
        {
            e.ToTable("Delivered");
            e.HasKey(d => new { d.JobId, d.SopInstanceUid });
            e.HasOne<JobRecord>().WithMany().HasForeignKey(d => d.JobId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<StoredObjectRecord>(e =>
        {
            e.ToTable("StoredObjects");
            e.HasKey(o => o.Path);
            e.HasIndex(o => o.Name).IsUnique();
        });
        model.Entity<StoreWriterRecord>(e => e.ToTable("StoreWriters"));
        model.Entity<AuditLeafRecord>(e =>
        {
            e.ToTable("AuditLeaves");
            e.HasKey(l => l.Index);
            e.Property(l => l.Index).ValueGeneratedNever();
            e.HasIndex(l => l.Project);
        });
        model.Entity<OutboxRecord>(e =>
        {
            e.ToTable("Outbox");
            e.HasIndex(o => o.PublishedAt);
            e.HasIndex(o => o.MessageId).IsUnique();
        });
        model.Entity<InboxRecord>(e =>
        {
            e.ToTable("Inbox");
            e.HasKey(i => new { i.MessageId, i.Consumer });
        });
        if (Database.IsNpgsql()) SortByBytes(model);
    }

    /// <summary>Text sorts by its bytes, as on SQLite, whatever the server's own order is.</summary>
    private static void SortByBytes(ModelBuilder model)
    {
        foreach (var property in model.Model.GetEntityTypes().SelectMany(e => e.GetProperties()))
        {
            var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
            if (type == typeof(string) || type == typeof(DateTimeOffset) || type.IsEnum) property.SetCollation("C");
        }
    }

    /// <summary>UTC with seven decimals: the text sorts as the times do.</summary>
    private sealed class UtcText() : ValueConverter<DateTimeOffset, string>(
        t => t.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ"),
        s => DateTimeOffset.ParseExact(s, "yyyy-MM-ddTHH:mm:ss.fffffffK", null));
}
