using System.Runtime.CompilerServices;
using MedGan.Dicom.Web;
using MedGan.Storage.Intake;
using MedGan.Storage.Pacs;
using MedGan.Storage.Queue;

namespace MedGan.Jobs.Monai;

/// <summary>FetchPayload: a payload of the gateway comes in as an upload does. Taking in the same again changes nothing.</summary>
internal sealed class FetchPayloadJob(GatewayBucket bucket, StudyIntake intake) : IJobHandler
{
    public async Task HandleAsync(JobLease lease, CancellationToken ct)
    {
        var request = lease.Request<PayloadRequest>();
        var outcome = await intake.RunAsync(request.Project, request.Cohort, ReadAsync(lease, request.Payload, ct), lease.Actor, lease, ct);
        if (outcome.Stored.Count == 0) throw new JobFailedException(outcome.Rejected.Count == 0
            ? "The gateway's bucket holds no DICOM file of this payload."
            : $"None of the {outcome.Rejected.Count} instances of the payload can be taken. {outcome.Rejected[0].Detail}");
        await lease.CompleteAsync(new
        {
            cohort = request.Cohort, payload = request.Payload, stored = outcome.Stored.Count, rejected = outcome.Rejected.CountBy(r => r.Reason).ToDictionary(), ingestJob = outcome.IngestJob,
        }, ct: ct);
    }

    private async IAsyncEnumerable<DicomPart> ReadAsync(JobLease lease, Guid payload, [EnumeratorCancellation] CancellationToken ct)
    {
        var index = 0;
        await foreach (var name in bucket.FilesAsync(payload, ct))
        {
            await lease.ReportAsync(0, $"instance {index + 1}", ct);
            await using var file = await bucket.OpenAsync(name, ct);
            var content = await DicomPart.ReadContentAsync(file, StudyIntake.UsualInstanceBytes, room: 0, ct)
                ?? throw new JobFailedException($"Object {index} of the payload holds more than {StudyIntake.UsualInstanceBytes} bytes.");
            yield return new DicomPart(index, content);
            index++;
        }
    }
}
