using System.Text.Json.Nodes;
using MedGan.Api.Audit;
using MedGan.Api.Problems;
using MedGan.Api.Security;
using MedGan.Storage.Objects;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Api.Cohorts;

/// <summary>A cohort as a client sees it.</summary>
public sealed record CohortView(string Name, DateTimeOffset CreatedAt, IReadOnlyList<SeriesView> Series);

/// <summary>One de-identified series of a cohort; every identifier is a replaced one.</summary>
public sealed record SeriesView(
    Guid Id, string Patient, string Modality, SeriesState State, string? Reason, JsonNode? Notes, int Instances,
    string StudyInstanceUid, string SeriesInstanceUid);

/// <summary>A cohort in the list of a project.</summary>
public sealed record CohortSummary(string Name, DateTimeOffset CreatedAt, int Series, int Patients, int Instances);

/// <summary>What was uploaded, as stewards and researchers see it.</summary>
internal static class CohortEndpoints
{
    public static void MapCohorts(this RouteGroupBuilder project)
    {
        project.MapGet("/cohorts", ListAsync).RequireAuthorization(Policies.ReadCohorts);
        project.MapGet("/cohorts/{cohort}", GetAsync).RequireAuthorization(Policies.ReadCohorts);
        project.MapGet("/cohorts/{cohort}/series/{id:guid}/preview", PreviewAsync).RequireAuthorization(Policies.SeePreviews);
    }

    private static async Task<IReadOnlyList<CohortSummary>> ListAsync(string project, IDbContextFactory<MedGanDb> databases, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var cohorts = await db.Cohorts.AsNoTracking().Where(c => c.Project == project).OrderBy(c => c.Name).ToListAsync(ct);
        var series = await db.Series.AsNoTracking().Where(s => s.Project == project)
            .Select(s => new { s.Cohort, s.PatientPseudonym, s.InstanceCount }).ToListAsync(ct);
        var byCohort = series.ToLookup(s => s.Cohort);
        return [.. cohorts.Select(c => new CohortSummary(
            c.Name, c.CreatedAt, byCohort[c.Name].Count(),
            byCohort[c.Name].Select(s => s.PatientPseudonym).Distinct().Count(), byCohort[c.Name].Sum(s => s.InstanceCount)))];
    }

    private static async Task<CohortView> GetAsync(string project, string cohort, IDbContextFactory<MedGanDb> databases, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var record = await db.Cohorts.AsNoTracking().SingleOrDefaultAsync(c => c.Project == project && c.Name == cohort, ct)
            ?? throw RefusedException.NotFound("cohort");
        var series = await db.Series.AsNoTracking().Where(s => s.Project == project && s.Cohort == cohort)
            .OrderBy(s => s.CreatedAt).ThenBy(s => s.SeriesInstanceUid).ToListAsync(ct);
        return new CohortView(record.Name, record.CreatedAt, [.. series.Select(View)]);
    }

    private static async Task<IResult> PreviewAsync(
        string project, string cohort, Guid id, HttpContext http, IDbContextFactory<MedGanDb> databases, ObjectIndex files, AccessTrail trail, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var path = await db.Series.Where(s => s.Project == project && s.Cohort == cohort && s.Id == id).Select(s => s.PreviewPath).SingleOrDefaultAsync(ct);
        return await files.OpenAsync(path, ct) is { } preview
            ? await trail.ShowAsync(http, preview, new { picture = "preview", cohort, series = id })
            : throw RefusedException.NotFound("preview");
    }

    private static SeriesView View(SeriesRecord s) => new(
        s.Id, s.PatientPseudonym, s.Modality, s.State, s.Reason, JsonNode.Parse(s.Notes), s.InstanceCount, s.StudyInstanceUid, s.SeriesInstanceUid);
}
