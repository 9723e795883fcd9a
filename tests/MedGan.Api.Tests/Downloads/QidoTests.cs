using System.Net;
using System.Text.Json.Nodes;
using MedGan.Api.Security;
using MedGan.Api.Tests.Fixtures;
using Xunit;

namespace MedGan.Api.Tests.Downloads;

public sealed class QidoTests(ReleasedService service) : IClassFixture<ReleasedService>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private PublishedSet Set => service.Published;

    [Theory]
    [InlineData("studies", 1)]
    [InlineData("series", 2)]
    [InlineData("instances", 3)]
    [InlineData("studies?PatientID=SYN-0001", 1)]
    [InlineData("studies?00100020=SYN-*", 1)]
    [InlineData("studies?PatientName=synthetic*", 1)]
    [InlineData("studies?ModalitiesInStudy=MR", 1)]
    [InlineData("studies?StudyDate=20260101-20261231", 1)]
    [InlineData("series?Modality=CT", 1)]
    [InlineData("series?Modality=CT&SeriesNumber=1", 1)]
    [InlineData("instances?Modality=MR&InstanceNumber=1", 1)]
    [InlineData("instances?limit=2", 2)]
    [InlineData("instances?limit=2&offset=2", 1)]
    public async Task Search_FindsReleasedDataOnly(string query, int count)
    {
        var found = await SearchAsync(query);
        Assert.Equal(count, found.Count);
    }

    [Theory]
    [InlineData("studies?PatientID=NOBODY")]
    [InlineData("studies?PatientID=SYN-0002")]
    [InlineData("studies?PatientID=SYN-0003")]
    [InlineData("studies?StudyDate=20270101-")]
    [InlineData("series?Modality=PT")]
    [InlineData("instances?offset=3")]
    [InlineData("instances?InstanceNumber=3")]
    public async Task Search_NothingMatches_IsNoContent(string query)
    {
        using var answer = await GetAsync(query);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Ct));
    }

    [Fact]
    public async Task Search_ByHierarchy_StaysWithin()
    {
        var study = Set.Ct.Study.StudyInstanceUid;
        Assert.Equal(2, (await SearchAsync($"studies/{study}/series")).Count);
        Assert.Equal(3, (await SearchAsync($"studies/{study}/instances")).Count);
        Assert.Equal(Set.Ct.Released, (await SearchAsync($"{Set.Ct.Path}/instances")).Select(i => Value(i, "00080018")));
        using var unfinished = await GetAsync($"{service.Unfinished.Ct.Path}/instances");
        Assert.Equal(HttpStatusCode.NoContent, unfinished.StatusCode);
    }

    [Fact]
    public async Task Study_HasItsCountsModalitiesAndAddress()
    {
        var study = Assert.Single(await SearchAsync("studies"));
        Assert.Equal(Set.Ct.Study.StudyInstanceUid, Value(study, "0020000D"));
        Assert.Equal("2", Value(study, "00201206"));
        Assert.Equal("3", Value(study, "00201208"));
        Assert.Equal(["CT", "MR"], study["00080061"]!["Value"]!.AsArray().Select(m => (string)m!));
        Assert.Equal($"{service.Address}projects/{TestService.Project}/dicomweb/studies/{Set.Ct.Study.StudyInstanceUid}", Value(study, "00081190"));
        Assert.Null(study["00281050"]);
    }

    [Fact]
    public async Task IncludeField_AddsWhatIsAskedFor()
    {
        Assert.NotNull(Assert.Single(await SearchAsync("studies?includefield=WindowCenter,00280030"))["00281050"]);
        Assert.NotNull((await SearchAsync("instances?includefield=all"))[0]["0018A001"]);
    }

    [Fact]
    public async Task Fuzzymatching_IsAnsweredWithTheStandardsWarning()
    {
        using var answer = await GetAsync("studies?fuzzymatching=true&PatientName=Synthetic*");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("The fuzzymatching parameter is not supported. Only literal matching has been performed.", string.Join(' ', answer.Headers.GetValues("Warning")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("studies?limit=many")]
    [InlineData("studies?offset=-1")]
    [InlineData("studies?NoSuchKeyword=1")]
    [InlineData("studies?includefield=NoSuchKeyword")]
    public async Task Query_ThatIsNone_IsBadRequest(string query)
    {
        using var answer = await GetAsync(query);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Accept_OfAnotherType_IsNotAcceptable()
    {
        using var answer = await GetAsync("studies", "application/dicom+xml");
        Assert.Equal(HttpStatusCode.NotAcceptable, answer.StatusCode);
    }

    private static string? Value(JsonObject dataSet, string tag) => dataSet[tag]?["Value"]?[0]?.ToString();

    private async Task<List<JsonObject>> SearchAsync(string query)
    {
        using var answer = await GetAsync(query);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/dicom+json", answer.Content.Headers.ContentType!.MediaType);
        return [.. JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!.AsArray().Select(n => n!.AsObject())];
    }

    private async Task<HttpResponseMessage> GetAsync(string query, string? accept = null)
    {
        using var client = service.As(Roles.Researcher);
        if (accept is not null)
        {
            client.DefaultRequestHeaders.Add("Accept", accept);
        }
        return await client.GetAsync($"/projects/{TestService.Project}/dicomweb/{query}", Ct);
    }
}
