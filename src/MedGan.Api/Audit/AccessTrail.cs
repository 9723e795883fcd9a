using MedGan.Api.Security;
using MedGan.Storage.Audit;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Api.Audit;

/// <summary>Puts on the audit trail who was shown or handed what, before its first byte leaves: what cannot be noted is not shown.</summary>
internal sealed class AccessTrail(IDbContextFactory<MedGanDb> databases, AuditLog audit)
{
    /// <summary>Stores one leaf of the caller's, in a transaction of its own.</summary>
    /// <param name="http">The request, for its project and caller.</param>
    /// <param name="action">One of <see cref="AuditActions"/>.</param>
    /// <param name="detail">Identifiers of ours and figures only.</param>
    public async Task NoteAsync(HttpContext http, string action, object detail)
    {
        await using var db = await databases.CreateDbContextAsync(http.RequestAborted);
        await using var transaction = await db.Database.BeginTransactionAsync(http.RequestAborted);
        audit.Append(db, action, (string)http.GetRouteValue("project")!, http.User.Actor(), detail);
        await db.SaveChangesAsync(http.RequestAborted);
        await transaction.CommitAsync(http.RequestAborted);
    }

    /// <summary>Notes that the caller sees a picture that shows uploaded images, then answers with it.</summary>
    /// <param name="http">The request.</param>
    /// <param name="picture">A PNG; disposed with the response.</param>
    /// <param name="detail">Which picture: identifiers of ours only.</param>
    public async Task<IResult> ShowAsync(HttpContext http, Stream picture, object detail)
    {
        http.Response.RegisterForDispose(picture);
        await NoteAsync(http, AuditActions.ImageViewed, detail);
        return Results.Stream(picture, "image/png");
    }
}
