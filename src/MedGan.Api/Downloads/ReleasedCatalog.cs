using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Api.Downloads;

/// <summary>A released instance with the UIDs of its series and study.</summary>
public sealed record ReleasedInstanceRow(string StudyInstanceUid, string SeriesInstanceUid, ReleasedRecord Instance);

/// <summary>A series with something released: how much, and the attributes of its first instance, which hold those of series, study and patient.</summary>
public sealed record ReleasedSeriesRow(string StudyInstanceUid, string SeriesInstanceUid, int Instances, string AttributesJson);

/// <summary>
/// The only way from a request to image data: rows of the released table, of this project, whose set is published to its end.
/// </summary>
public sealed class ReleasedCatalog(IDbContextFactory<MedGanDb> databases)
{
    /// <summary>Released instances of a project, narrowed by UIDs where given, in the order of study, series and instance number.</summary>
    public async Task<List<ReleasedInstanceRow>> FindAsync(string project, string? study, string? series, string? instance, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var rows =
            from released in db.Released.AsNoTracking()
            join s in db.SyntheticSeries on released.SyntheticSeriesId equals s.Id
            join set in db.SyntheticSets on s.SetId equals set.Id
            where released.Project == project && set.Project == project && set.State == SyntheticSetState.Released
                && (study == null || s.StudyInstanceUid == study)
                && (series == null || s.SeriesInstanceUid == series)
                && (instance == null || released.SopInstanceUid == instance)
            orderby s.StudyInstanceUid, s.SeriesInstanceUid, released.InstanceNumber
            select new ReleasedInstanceRow(s.StudyInstanceUid, s.SeriesInstanceUid, released);
        return await rows.ToListAsync(ct);
    }

    /// <summary>Series of a project with released instances, all or those of one study, in the order of study and series.</summary>
    public async Task<List<ReleasedSeriesRow>> SeriesAsync(string project, string? study, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var rows =
            from s in db.SyntheticSeries.AsNoTracking()
            join set in db.SyntheticSets on s.SetId equals set.Id
            where set.Project == project && set.State == SyntheticSetState.Released && (study == null || s.StudyInstanceUid == study)
                && db.Released.Any(r => r.SyntheticSeriesId == s.Id && r.Project == project)
            orderby s.StudyInstanceUid, s.SeriesInstanceUid
            select new ReleasedSeriesRow(
                s.StudyInstanceUid, s.SeriesInstanceUid,
                db.Released.Count(r => r.SyntheticSeriesId == s.Id && r.Project == project),
                db.Released.Where(r => r.SyntheticSeriesId == s.Id && r.Project == project).OrderBy(r => r.InstanceNumber).Select(r => r.AttributesJson).First());
        return await rows.ToListAsync(ct);
    }
}
