using System.Runtime.CompilerServices;
using MedGan.Dicom.Web;
using MedGan.Storage.Intake;
using MedGan.Storage.Pacs;
using MedGan.Storage.Queue;

namespace MedGan.Jobs.Pacs;

/// <summary>
/// Fetch: a study of a picture archive comes in by WADO-RS as an upload does. Each instance is de-identified in memory before anything is
/// written, and all become visible together with their ingest job. Fetching the same again changes nothing.
/// </summary>
internal sealed class FetchJob(StudyFetches fetches, PacsClient client, StudyIntake intake) : IJobHandler
{
    public async Task HandleAsync(JobLease lease, CancellationToken ct)
    {
        var request = lease.Request<FetchRequest>();
        var archive = client.Archive(request.Pacs, lease.Project);
        var reference = await fetches.ReadAsync(lease.Id, ct) ?? throw new JobFailedException("What this job was to fetch is not kept any more; ask for it again.");
        var outcome = await FetchAsync(lease, archive, reference, request, ct);
        if (outcome.Stored.Count == 0)
            throw new JobFailedException($"None of the {outcome.Rejected.Count} instances that the PACS {archive.Name} gave can be taken. {outcome.Rejected.FirstOrDefault()?.Detail}");
        await lease.CompleteAsync(new
        {
            cohort = request.Cohort,
            stored = outcome.Stored.Count,
            rejected = outcome.Rejected.CountBy(r => r.Reason).ToDictionary(),
            ingestJob = outcome.IngestJob,
        }, ct: ct);
    }

    private async Task<IntakeOutcome> FetchAsync(JobLease lease, PacsArchive archive, StudyReference reference, FetchRequest request, CancellationToken ct)
    {
        using var answer = await client.RetrieveAsync(archive, reference, ct);
        try
        {
            var boundary = DicomMultipart.BoundaryOf(answer.Content.Headers.ContentType?.ToString());
            await using var body = await PacsClient.BodyAsync(archive, answer, ct);
            var parts = DicomMultipart.ReadAsync(body, boundary, StudyIntake.UsualInstances, StudyIntake.UsualInstanceBytes, ct);
            return await intake.RunAsync(request.Project, request.Cohort, CountedAsync(lease, parts, ct), lease.Actor, lease, ct);
        }
        catch (MultipartException e) when (e.Fault == MultipartFault.Malformed)
        {
            throw PacsClient.Away(archive, e); // it broke off
        }
        catch (MultipartException e)
        {
            throw new JobFailedException($"What the PACS {archive.Name} gave cannot be taken. {e.Message}", e);
        }
        catch (Exception e) when (e is HttpRequestException or HttpIOException or EndOfStreamException)
        {
            throw PacsClient.Away(archive, e);
        }
    }

    private static async IAsyncEnumerable<DicomPart> CountedAsync(JobLease lease, IAsyncEnumerable<DicomPart> parts, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var part in parts.WithCancellation(ct))
        {
            await lease.ReportAsync(0, $"instance {part.Index + 1}", ct);
            yield return part;
        }
    }
}
