using MedGan.Api.Security;
using MedGan.Storage.Audit;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Api.Audit;

/// <summary>The audit trail of a project as JSON Lines, verifiable offline.</summary>
internal static class AuditEndpoints
{
    public static void MapAudit(this RouteGroupBuilder project) =>
        project.MapGet("/audit", ExportAsync).RequireAuthorization(Policies.ExportAudit);

    private static async Task<IResult> ExportAsync(
        string project, HttpContext http, IDbContextFactory<MedGanDb> databases, AuditLog audit, AuditExport export, CancellationToken ct)
    {
        await using (var db = await databases.CreateDbContextAsync(ct))
        await using (var transaction = await db.Database.BeginTransactionAsync(ct))
        {
            audit.Append(db, AuditActions.AuditExported, project, http.User.Actor(), new { format = "jsonl" });
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        }
        return Results.Stream(stream => export.WriteAsync(project, stream, ct), "application/jsonl", $"audit-{project}.jsonl");
    }
}
