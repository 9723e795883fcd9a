using System.Text.Json.Nodes;
using MedGan.Api.Security;

namespace MedGan.Api.Downloads;

/// <summary>QIDO-RS over released data (PS3.18 section 10.6).</summary>
internal static class QidoEndpoints
{
    public static void MapQido(this RouteGroupBuilder dicomweb)
    {
        dicomweb.MapGet("/studies", (SearchContext s) => s.RunAsync(QidoLevel.Studies)).RequireAuthorization(Policies.DownloadReleased);
        dicomweb.MapGet("/series", (SearchContext s) => s.RunAsync(QidoLevel.Series)).RequireAuthorization(Policies.DownloadReleased);
        dicomweb.MapGet("/instances", (SearchContext s) => s.RunAsync(QidoLevel.Instances)).RequireAuthorization(Policies.DownloadReleased);
        dicomweb.MapGet("/studies/{study}/series", (SearchContext s) => s.RunAsync(QidoLevel.Series)).RequireAuthorization(Policies.DownloadReleased);
        dicomweb.MapGet("/studies/{study}/instances", (SearchContext s) => s.RunAsync(QidoLevel.Instances)).RequireAuthorization(Policies.DownloadReleased);
        dicomweb.MapGet("/studies/{study}/series/{series}/instances", (SearchContext s) => s.RunAsync(QidoLevel.Instances)).RequireAuthorization(Policies.DownloadReleased);
    }
}

/// <summary>One search: what every level does alike.</summary>
internal sealed class SearchContext(HttpContext http, QidoSearch search)
{
    /// <summary>Bound by the framework from the request.</summary>
    public static ValueTask<SearchContext> BindAsync(HttpContext context) =>
        ValueTask.FromResult(new SearchContext(context, context.RequestServices.GetRequiredService<QidoSearch>()));

    public async Task<IResult> RunAsync(QidoLevel level)
    {
        var type = AcceptHeader.Of(http.Request).Choose("application/dicom+json", "application/json");
        var query = QidoParameters.Of(http.Request.Query);
        var project = (string)http.GetRouteValue("project")!;
        var baseUrl = DicomwebUrl(http.Request, project);
        var found = await search.RunAsync(project, level, http.GetRouteValue("study") as string, http.GetRouteValue("series") as string, query, baseUrl, http.RequestAborted);
        foreach (var warning in query.Warnings)
        {
            http.Response.Headers.Append("Warning", $"299 {baseUrl}: \"{warning}\"");
        }
        http.Response.Headers.Vary = "Accept";
        return found.Count == 0 ? Results.NoContent() : Results.Text(new JsonArray([.. found]).ToJsonString(), type);
    }

    public static string DicomwebUrl(HttpRequest request, string project) => $"{request.Scheme}://{request.Host}{request.PathBase}/projects/{project}/dicomweb";
}
