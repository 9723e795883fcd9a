using System.Net;
using System.Net.Http.Headers;
using MedGan.Api.CommandLine;
using MedGan.Api.Security;
using MedGan.Api.Tests.Fixtures;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MedGan.Api.Tests.CommandLine;

/// <summary>What a researcher could download before a disk was lost can be downloaded after a restore, byte for byte.</summary>
public sealed class BackupVerbTests(ReleasedService service) : IClassFixture<ReleasedService>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("medgan-backup-").FullName;
    private readonly StringWriter output = new(), errors = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string In(string name) => Path.Combine(folder, name);

    public void Dispose()
    {
        output.Dispose();
        errors.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task BackupOfARunningService_RestoredElsewhere_ServesTheSameArchive()
    {
        using var researcher = service.As(Roles.Researcher);
        var path = $"/projects/{TestService.Project}/generations/{service.Published.Id}/archive";
        var before = await researcher.GetByteArrayAsync(path, Ct);

        Assert.Equal(0, await RunAsync("backup", "--data", service.Folder, "--to", In("backup"), "--keys", In("keys")));
        Assert.Equal(0, await RunAsync("restore", "--data", In("data"), "--from", In("backup"), "--keys", In("keys")));

        await using var app = await Service.BuildAsync(new ServiceAddress(In("data"), IPAddress.Loopback, 0), TextWriter.Null, new ConfigurationBuilder().Build());
        await app.StartAsync(Ct);
        using var client = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", service.Token(Roles.Researcher)); // the token key was restored too
        Assert.Equal(before, await client.GetByteArrayAsync(path, Ct));
        await app.StopAsync(Ct);
    }

    [Fact]
    public async Task WrongUse_IsSaidInOneSentence()
    {
        Assert.Equal(2, await RunAsync("backup", "--data", service.Folder));
        Assert.Contains("--to FOLDER", errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, await RunAsync("backup", "--data", In("nothing"), "--to", In("backup")));
        Assert.Contains("There is no database", errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, await RunAsync("restore", "--data", In("data"), "--from", In("nothing")));
        Assert.Contains("holds no backup", errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync("backup", "--data", service.Folder, "--to", In("backup")));
        Assert.Contains("The keys are not in it", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, await RunAsync("restore", "--data", service.Folder, "--from", In("backup")));
        Assert.Contains("is there already", errors.ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(params string[] arguments) => Verbs.RunAsync(arguments, output, errors, Ct);
}
