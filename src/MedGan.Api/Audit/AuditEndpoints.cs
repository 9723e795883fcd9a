using MedGan.Api.Security;
using MedGan.Storage.Audit;

namespace MedGan.Api.Audit;

/// <summary>The audit trail of a project as JSON Lines, verifiable offline.</summary>
internal static class AuditEndpoints
{
    public static void MapAudit(this RouteGroupBuilder project) =>
        project.MapGet("/audit", ExportAsync).RequireAuthorization(Policies.ExportAudit);

    private static async Task<IResult> ExportAsync(
        string project, HttpContext http, AccessTrail trail, AuditExport export, CancellationToken ct)
    {
        await trail.NoteAsync(http, AuditActions.AuditExported, new { format = "jsonl" });
        return Results.Stream(stream => export.WriteAsync(project, stream, ct), "application/jsonl", $"audit-{project}.jsonl");
    }
}
