using System.Net;
using System.Net.Http.Headers;
using System.Text;
using MedGan.Api.Security;
using MedGan.Api.Tests.Fixtures;
using MedGan.Storage.Objects;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MedGan.Api.Tests.Uploads;

public sealed class NoOriginalsTests(TestService service) : IClassFixture<TestService>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatWasUploaded_IsNowhereToBeFound()
    {
        using var client = service.As(Roles.Steward);
        using var stored = await client.PostAsync(Stow.Path("searched"), Stow.Body(MadeUpDicom.Ct(7), MadeUpDicom.SecondaryCapture(), MadeUpDicom.Ct(8)[..700]), Ct);
        Assert.Equal(HttpStatusCode.Accepted, stored.StatusCode);
        var zip = Zips.Of(($"{MadeUpDicom.PatientName}.dcm", MadeUpDicom.Ct(9)));
        using var content = new ByteArrayContent(zip) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } };
        using var archive = await client.PostAsync($"/projects/{TestService.Project}/cohorts/searched/archives", content, Ct);
        Assert.Equal(HttpStatusCode.OK, archive.StatusCode);

        var answers = await stored.Content.ReadAsStringAsync(Ct) + await archive.Content.ReadAsStringAsync(Ct)
            + await client.GetStringAsync($"/projects/{TestService.Project}/cohorts/searched", Ct);
        var secrets = new[] { "Grosvenor", MadeUpDicom.PatientId, MadeUpDicom.Institution, MadeUpDicom.BirthDate, "20240229", MadeUpDicom.Root };
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(secret, answers, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, service.Log.ToString(), StringComparison.Ordinal);
        }
        var files = Directory.GetFiles(service.Folder, "*", SearchOption.AllDirectories);
        Assert.Contains(files, f => f.EndsWith("medgan.db", StringComparison.Ordinal));
        foreach (var file in files.Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes, Ct);
            Assert.All(secrets, secret => Assert.True(bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(secret)) < 0, $"{Path.GetFileName(file)} holds an original value"));
        }
        var objects = service.Services.GetRequiredService<ObjectIndex>();
        var paths = await objects.ListAsync("", Ct);
        Assert.True(paths.Count >= 2, "the stored objects are searched behind their seal");
        foreach (var path in paths)
        {
            await using var opened = (await objects.OpenAsync(path, Ct))!;
            var bytes = new byte[opened.Length];
            await opened.ReadExactlyAsync(bytes, Ct);
            Assert.All(secrets, secret => Assert.True(bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(secret)) < 0, $"{path} holds an original value"));
        }
    }
}
