using System.Text.Json.Nodes;
using FellowOakDicom;
using MedGan.Api.Audit;
using MedGan.Api.Problems;
using MedGan.Api.Security;
using MedGan.Dicom.Rendering;
using MedGan.Storage.Audit;
using MedGan.Storage.Objects;

namespace MedGan.Api.Downloads;

/// <summary>WADO-RS over released data (PS3.18 section 10.4): study, series, instance, their metadata, and an instance rendered as PNG.</summary>
internal static class WadoEndpoints
{
    private const string Multipart = "multipart/related;application/dicom", Single = "application/dicom";

    public static void MapWado(this RouteGroupBuilder dicomweb)
    {
        foreach (var path in new[] { "/studies/{study}", "/studies/{study}/series/{series}", "/studies/{study}/series/{series}/instances/{instance}" })
        {
            dicomweb.MapGet(path, RetrieveAsync).RequireAuthorization(Policies.DownloadReleased);
            dicomweb.MapGet(path + "/metadata", MetadataAsync).RequireAuthorization(Policies.DownloadReleased);
        }
        dicomweb.MapGet("/studies/{study}/series/{series}/instances/{instance}/rendered", RenderedAsync).RequireAuthorization(Policies.DownloadReleased);
    }

    private static async Task RetrieveAsync(HttpContext http, ReleasedCatalog catalog, ReleaseStore files, AccessTrail trail)
    {
        var accept = AcceptHeader.Of(http.Request);
        var form = http.GetRouteValue("instance") is null ? accept.Choose(Multipart) : accept.Choose(Multipart, Single);
        var rows = await FindAsync(http, catalog);
        var tag = MultipartDicom.TagOf(rows, form);
        if (NotModified(http, tag))
        {
            return;
        }
        await NoteAsync(http, "dicomweb", rows.Count, trail);
        if (form == Multipart)
        {
            await MultipartDicom.WriteAsync(http.Response, rows, tag, files, http.RequestAborted);
            return;
        }
        await using var content = await files.OpenAsync(rows[0].Instance, http.RequestAborted);
        http.Response.ContentType = $"{Single}; transfer-syntax={AcceptHeader.ExplicitLittleEndian}";
        http.Response.ContentLength = content.Length;
        await content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    private static async Task<IResult> MetadataAsync(HttpContext http, ReleasedCatalog catalog, AccessTrail trail)
    {
        var type = AcceptHeader.Of(http.Request).Choose("application/dicom+json", "application/json");
        var rows = await FindAsync(http, catalog);
        if (NotModified(http, MultipartDicom.TagOf(rows, type)))
        {
            return Results.StatusCode(StatusCodes.Status304NotModified);
        }
        await NoteAsync(http, "metadata", rows.Count, trail);
        return Results.Text("[" + string.Join(',', rows.Select(r => r.Instance.AttributesJson)) + "]", type);
    }

    private static async Task<IResult> RenderedAsync(HttpContext http, ReleasedCatalog catalog, ReleaseStore files, AccessTrail trail)
    {
        AcceptHeader.Of(http.Request).Choose("image/png");
        var rows = await FindAsync(http, catalog);
        if (NotModified(http, MultipartDicom.TagOf(rows, "image/png")))
        {
            return Results.StatusCode(StatusCodes.Status304NotModified);
        }
        await using var content = await files.OpenAsync(rows[0].Instance, http.RequestAborted);
        var image = DicomRenderer.Render(await DicomFile.OpenAsync(content), window: null);
        var png = new MemoryStream();
        PngFile.Gray8(png, image.Width, image.Height, image.Pixels);
        png.Position = 0;
        await NoteAsync(http, "rendered", rows.Count, trail);
        return Results.Stream(png, "image/png");
    }

    private static async Task<List<ReleasedInstanceRow>> FindAsync(HttpContext http, ReleasedCatalog catalog)
    {
        string? Uid(string key) => http.GetRouteValue(key) as string;
        var rows = await catalog.FindAsync(Uid("project")!, Uid("study"), Uid("series"), Uid("instance"), http.RequestAborted);
        return rows.Count > 0 ? rows : throw RefusedException.NotFound("released study, series or instance");
    }

    /// <summary>Sets the entity tag, and answers 304 where the client already has what it names.</summary>
    private static bool NotModified(HttpContext http, string tag)
    {
        var quoted = $"\"{tag}\"";
        http.Response.Headers.ETag = quoted;
        http.Response.Headers.Vary = "Accept";
        http.Response.Headers.CacheControl = "private, no-cache";
        if (!http.Request.GetTypedHeaders().IfNoneMatch.Any(t => t.Tag == "*" || t.Tag == quoted))
        {
            return false;
        }
        http.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    private static Task NoteAsync(HttpContext http, string form, int instances, AccessTrail trail) => trail.NoteAsync(http, AuditActions.SetDownloaded, new
    {
        form,
        study = http.GetRouteValue("study") as string,
        series = http.GetRouteValue("series") as string,
        instance = http.GetRouteValue("instance") as string,
        instances,
    });
}
