using MedGan.Api.Downloads;
using MedGan.Api.Problems;
using MedGan.Api.Security;
using MedGan.Dicom.Web;
using MedGan.Storage.Intake;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace MedGan.Api.Uploads;

/// <summary>The answer of an archive upload.</summary>
public sealed record ArchiveAnswer(
    int Stored, IReadOnlyList<RejectedEntry> Rejected, IReadOnlyList<Guid> Series, Guid? IngestJob, IReadOnlyList<StoredEntry> Instances);

/// <summary>A file of an archive that was stored; entry counts the files from 0.</summary>
public sealed record StoredEntry(int Entry, string SopInstanceUid, string SeriesInstanceUid, string Patient);

/// <summary>A file of an archive that was refused.</summary>
public sealed record RejectedEntry(int Entry, string Reason, string Detail);

/// <summary>The two ways in: STOW-RS, and a zip archive.</summary>
internal static class UploadEndpoints
{
    private const string IngestJobHeader = "MedGan-Ingest-Job";

    public static IServiceCollection AddUploads(this IServiceCollection services, UploadLimits limits) => services
        .AddSingleton(new UploadGate(limits));

    public static void MapUploads(this RouteGroupBuilder project)
    {
        project.MapPost("/cohorts/{cohort}/dicomweb/studies", StowAsync)
            .RequireAuthorization(Policies.StoreInstances).WithMetadata(new DisableRequestSizeLimitAttribute());
        project.MapPost("/cohorts/{cohort}/archives", ArchiveAsync)
            .RequireAuthorization(Policies.StoreInstances).WithMetadata(new DisableRequestSizeLimitAttribute());
    }

    private static async Task<IResult> StowAsync(string project, string cohort, HttpContext http, StudyIntake intake, UploadLimits limits, UploadGate gate, CancellationToken ct)
    {
        AcceptHeader.Of(http.Request).Choose("application/dicom+json", "application/json");
        var objects = StowBody.Read(http.Request, limits, ct);
        using var turn = await EnterAsync(project, http, limits, gate, ct);
        var outcome = await intake.RunAsync(project, cohort, objects, http.User.Actor(), job: null, ct);
        NameJob(http, outcome);
        return Results.Text(StowAnswer.Of(outcome).ToJsonString(), "application/dicom+json", statusCode: StowAnswer.StatusOf(outcome));
    }

    private static async Task<IResult> ArchiveAsync(string project, string cohort, HttpContext http, StudyIntake intake, UploadLimits limits, UploadGate gate, CancellationToken ct)
    {
        AcceptHeader.Of(http.Request).Choose("application/json");
        if (ContentTypeHeader.Parse(http.Request.ContentType).MediaType is not ("application/zip" or "application/x-zip-compressed"))
        {
            throw Refusals.WrongType("Send application/zip.");
        }
        using var turn = await EnterAsync(project, http, limits, gate, ct);
        // The inflater reads synchronously; the number of uploads at a time bounds the threads that wait for the network.
        http.Features.GetRequiredFeature<IHttpBodyControlFeature>().AllowSynchronousIO = true;
        var outcome = await intake.RunAsync(project, cohort, ZipObjectReader.Read(http.Request.Body, limits).ToAsyncEnumerable(), http.User.Actor(), job: null, ct);
        NameJob(http, outcome);
        return Results.Json(
            new ArchiveAnswer(
                outcome.Stored.Count,
                [.. outcome.Rejected.Select(r => new RejectedEntry(r.Index, r.Reason, r.Detail))],
                outcome.Series,
                outcome.IngestJob,
                [.. outcome.Stored.Select(s => new StoredEntry(s.Index, s.SopInstanceUid, s.SeriesInstanceUid, s.Patient))]),
            statusCode: StowAnswer.StatusOf(outcome));
    }

    /// <summary>Refuses what says beforehand that it is too large, then waits for a turn.</summary>
    private static Task<IDisposable> EnterAsync(string project, HttpContext http, UploadLimits limits, UploadGate gate, CancellationToken ct)
    {
        if (http.Request.Headers.ContentEncoding.Any(e => e is not (null or "" or "identity")))
        {
            throw Refusals.WrongType("Send the body without a Content-Encoding.");
        }
        if (http.Request.ContentLength > limits.TotalBytes)
        {
            throw Refusals.TooManyBytes(limits.TotalBytes);
        }
        return gate.EnterAsync(project, ct);
    }

    private static void NameJob(HttpContext http, IntakeOutcome outcome)
    {
        if (outcome.IngestJob is { } job)
        {
            http.Response.Headers[IngestJobHeader] = job.ToString();
        }
    }
}
