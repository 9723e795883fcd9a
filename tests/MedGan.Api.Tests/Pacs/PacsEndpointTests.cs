using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MedGan.Api.Security;
using MedGan.Api.Tests.Fixtures;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MedGan.Api.Tests.Pacs;

public sealed class PacsEndpointTests(PacsEndpointTests.WithPacs service) : IClassFixture<PacsEndpointTests.WithPacs>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A published set, and an archive that the settings name.</summary>
    public sealed class WithPacs : ReleasedService
    {
        protected override Dictionary<string, string?> Settings => new() { ["MedGan:Pacs:hospital:Url"] = "https://pacs.example.org/dicom-web" };
    }

    [Fact]
    public async Task Fetch_IsAJob_WhoseStudyIsInNoRowOfIt()
    {
        using var steward = service.As(Roles.Steward);
        const string study = "1.2.826.0.1.3680043.10.1.99";
        using var answer = await steward.PostAsJsonAsync($"/projects/{TestService.Project}/cohorts/ct/fetches", new { pacs = "hospital", studyInstanceUid = study }, Ct);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("job").GetGuid();
        await using var db = await service.Services.GetRequiredService<IDbContextFactory<MedGanDb>>().CreateDbContextAsync(Ct);
        var job = await db.Jobs.SingleAsync(j => j.Id == id, Ct);
        Assert.Equal(JobKind.Fetch, job.Kind);
        Assert.DoesNotContain(study, job.RequestJson, StringComparison.Ordinal);
        Assert.DoesNotContain(await db.AuditLeaves.Select(l => l.LeafJson).ToListAsync(Ct), leaf => leaf.Contains(study, StringComparison.Ordinal));
        Assert.DoesNotContain(study, service.Log.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("elsewhere", "1.2.3", "pacs must be one of hospital")]
    [InlineData(null, "1.2.3", "pacs must be one of hospital")]
    [InlineData("https://evil.example.org", "1.2.3", "pacs must be one of hospital")]
    [InlineData("hospital", "../../admin", "must be a UID")]
    [InlineData("hospital", null, "must be a UID")]
    public async Task Fetch_OfWhatCannotBe_IsRefused(string? pacs, string? study, string why)
    {
        using var steward = service.As(Roles.Steward);
        using var answer = await steward.PostAsJsonAsync($"/projects/{TestService.Project}/cohorts/ct/fetches", new { pacs, studyInstanceUid = study }, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(why, await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delivery_OfAReleasedSetOnly()
    {
        using var researcher = service.As(Roles.Researcher);
        async Task<HttpStatusCode> DeliverAsync(Guid set)
        {
            using var answer = await researcher.PostAsJsonAsync($"/projects/{TestService.Project}/generations/{set}/deliveries", new { pacs = "hospital" }, Ct);
            return answer.StatusCode;
        }
        Assert.Equal(HttpStatusCode.Accepted, await DeliverAsync(service.Published.Id));
        Assert.Equal(HttpStatusCode.Conflict, await DeliverAsync(service.Unfinished.Id));
        Assert.Equal(HttpStatusCode.NotFound, await DeliverAsync(service.Foreign.Id));
        Assert.Equal(HttpStatusCode.NotFound, await DeliverAsync(Guid.NewGuid()));
    }
}
