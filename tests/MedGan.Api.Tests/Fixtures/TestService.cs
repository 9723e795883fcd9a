using System.Net;
using System.Net.Http.Headers;
using MedGan.Api.CommandLine;
using MedGan.Api.Security;
using MedGan.Storage;
using MedGan.Storage.Records;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MedGan.Api.Tests.Fixtures;

/// <summary>The real service on a free loopback port, over a data folder of its own.</summary>
public class TestService : IAsyncLifetime
{
    /// <summary>The project that tests work in, and one that their tokens do not name.</summary>
    public const string Project = "tests", OtherProject = "others";

    private WebApplication? app;

    /// <summary>Its data folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("medgan-api-").FullName;

    /// <summary>Its services.</summary>
    public IServiceProvider Services => app!.Services;

    /// <summary>Its address.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>What it logged on the console.</summary>
    public StringWriter Log { get; } = new();

    /// <summary>Settings that differ from the defaults, such as "MedGan:Limits:Parts".</summary>
    protected virtual Dictionary<string, string?> Settings { get; } = [];

    /// <inheritdoc/>
    public virtual async ValueTask InitializeAsync()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Logging:LogLevel:Microsoft"] = "Warning" })
            .AddInMemoryCollection(Settings)
            .Build();
        app = await Service.BuildAsync(new ServiceAddress(Folder, IPAddress.Loopback, 0), TextWriter.Synchronized(Log), configuration);
        await app.StartAsync();
        Address = new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A client with a token of the role in the test project.</summary>
    public HttpClient As(string role, params string[] projects)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token(role, projects));
        return client;
    }

    /// <summary>A client without a token.</summary>
    public HttpClient Anonymous() => new() { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>A token signed with the service's own key.</summary>
    public string Token(string role, params string[] projects) =>
        new TokenIssuer(TokenKey.Read(Services.GetRequiredService<StorageOptions>()), new AuthOptions(), TimeProvider.System)
            .Issue($"test-{role}", role, projects.Length == 0 ? [Project] : projects, TimeSpan.FromMinutes(5));

    /// <summary>The service's records.</summary>
    public MedGanDb Db() => Services.GetRequiredService<IDbContextFactory<MedGanDb>>().CreateDbContext();

    /// <summary>The one audit leaf that tells of a look at a picture of this id.</summary>
    public async Task<string> ViewedAsync(string picture, Guid id)
    {
        await using var db = Db();
        var leaves = await db.AuditLeaves.Where(l => l.Project == Project).Select(l => l.LeafJson).ToListAsync();
        return Assert.Single(leaves, l => l.Contains("\"image.viewed\"", StringComparison.Ordinal)
            && l.Contains($"\"picture\":\"{picture}\"", StringComparison.Ordinal) && l.Contains(id.ToString(), StringComparison.Ordinal));
    }

    /// <summary>Every object, and every file of one that is on its way.</summary>
    public IReadOnlyList<string> ObjectFiles() =>
        [.. new[] { "store", "scratch" }.Select(f => Path.Combine(Folder, f)).Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateFiles(f, "*", SearchOption.AllDirectories)).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal))];
}

/// <summary>A service with small limits.</summary>
public sealed class SmallService : TestService
{
    /// <inheritdoc/>
    protected override Dictionary<string, string?> Settings { get; } = new()
    {
        ["MedGan:Limits:TotalBytes"] = "400000",
        ["MedGan:Limits:PartBytes"] = "200000",
        ["MedGan:Limits:Parts"] = "5",
        ["MedGan:Limits:ZipRatioFromBytes"] = "50000",
        ["MedGan:Limits:ZipRatio"] = "20",
    };
}
