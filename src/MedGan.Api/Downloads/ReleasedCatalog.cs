using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Api.Downloads;

/// <summary>A released instance with the UIDs of its series and study.</summary>
public sealed record ReleasedInstanceRow(string StudyInstanceUid, string SeriesInstanceUid, ReleasedRecord Instance);

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
}
