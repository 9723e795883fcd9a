using System.Net;
using System.Text.Json.Nodes;
using MedGan.Api.Security;
using MedGan.Api.Tests.Fixtures;
using MedGan.Storage.Objects;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MedGan.Api.Tests.Cohorts;

public sealed class CohortTests(TestService service) : IClassFixture<TestService>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cohort_TellsItsSeries_AndTheirPreviews()
    {
        using var client = service.As(Roles.Steward);
        (await client.PostAsync(Stow.Path("heads"), Stow.Body(MadeUpDicom.Ct(1, 1, 1), MadeUpDicom.Ct(1, 1, 2), MadeUpDicom.Ct(2)), Ct)).EnsureSuccessStatusCode();
        await using var db = service.Db();
        var ready = await db.Series.SingleAsync(s => s.Cohort == "heads" && s.InstanceCount == 2, Ct);
        (ready.State, ready.Notes, ready.PreviewPath) = (SeriesState.Ready, """["Gantry tilt of 12 degrees was removed."]""", "work/preview.png");
        await db.SaveChangesAsync(Ct);
        Directory.CreateDirectory(Path.Combine(service.Folder, "work"));
        await File.WriteAllBytesAsync(Path.Combine(service.Folder, "work", "preview.png"), [1, 2, 3], Ct);

        var cohort = JsonNode.Parse(await client.GetStringAsync(Url("cohorts/heads"), Ct))!;
        Assert.Equal("heads", (string)cohort["name"]!);
        Assert.Equal(2, cohort["series"]!.AsArray().Count);
        var series = cohort["series"]!.AsArray().Single(s => (int)s!["instances"]! == 2)!;
        Assert.Equal(("Ready", "CT", ready.PatientPseudonym), ((string)series["state"]!, (string)series["modality"]!, (string)series["patient"]!));
        Assert.StartsWith("Gantry tilt", (string)series["notes"]![0]!, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], await client.GetByteArrayAsync(Url($"cohorts/heads/series/{ready.Id}/preview"), Ct));
        Assert.Contains("test-steward", await service.ViewedAsync("preview", ready.Id), StringComparison.Ordinal);

        var all = JsonNode.Parse(await client.GetStringAsync(Url("cohorts"), Ct))!.AsArray();
        var summary = all.Single(c => (string)c!["name"]! == "heads")!;
        Assert.Equal((2, 2, 3), ((int)summary["series"]!, (int)summary["patients"]!, (int)summary["instances"]!));
    }

    [Theory]
    [InlineData("cohorts/none")]
    [InlineData("cohorts/none/series/00000000-0000-0000-0000-000000000001/preview")]
    public async Task WhatIsNotThere_IsNotFound(string path)
    {
        using var client = service.As(Roles.Steward);
        using var answer = await client.GetAsync(Url(path), Ct);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("This project has no such", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlainFilesOfAnEarlierVersion_AreReadFromTheirFoldersOnly()
    {
        var files = service.Services.GetRequiredService<ObjectIndex>();
        Directory.CreateDirectory(Path.Combine(service.Folder, "work"));
        await File.WriteAllTextAsync(Path.Combine(service.Folder, "work", "of-an-earlier-version"), "plain", Ct);
        await using (var plain = await files.OpenAsync("work/of-an-earlier-version", Ct)) Assert.Equal("plain", await new StreamReader(plain!).ReadToEndAsync(Ct));
        foreach (var path in new[] { "medgan.db", "work/../medgan.db", "../" + Path.GetFileName(service.Folder) + "/medgan.db", "keys/gate.key", Path.Combine(service.Folder, "medgan.db"), "work", null })
        {
            Assert.Null(await files.OpenAsync(path, Ct));
        }
    }

    private static string Url(string path) => $"/projects/{TestService.Project}/{path}";
}
