using System.Net;
using MedGan.Api.Security;
using MedGan.Api.Tests.Fixtures;
using MedGan.Storage.Objects;
using MedGan.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MedGan.Api.Tests.Objects;

/// <summary>The service with its objects in a bucket of a real S3 server, and what a client is told when that server is away.</summary>
public sealed class BucketTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upload_GoesToTheBucketSealed_AndIsAnswered503WhileTheBucketIsAway()
    {
        Assert.SkipUnless(S3Server.Exists, S3Server.WhyAbsent);
        await using var server = await S3Server.StartAsync(Ct);
        await using var service = new BucketService(server);
        await service.InitializeAsync();
        using var client = service.As(Roles.Steward);
        using (var stored = await client.PostAsync(Stow.Path("heads"), Stow.Body(MadeUpDicom.Ct(1, 1, 1), MadeUpDicom.Ct(1, 1, 2)), Ct))
            Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
        Assert.Empty(service.ObjectFiles());
        var files = Directory.GetFiles(server.Folder, "*_object", SearchOption.AllDirectories);
        Assert.Equal(2, files.Length);
        Assert.All(files, file => Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf("DICM"u8) < 0, "an object is not sealed"));
        await using var db = service.Db();
        var path = await db.StoredObjects.Select(o => o.Path).FirstAsync(Ct);
        await using (var content = (await service.Services.GetRequiredService<ObjectIndex>().OpenAsync(path, Ct))!)
        {
            var start = new byte[132];
            await content.ReadExactlyAsync(start, Ct);
            Assert.Equal("DICM"u8, start.AsSpan(128));
        }

        await server.StopAsync();
        using var refused = await client.PostAsync(Stow.Path("heads"), Stow.Body(MadeUpDicom.Ct(2)), Ct);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Contains("The object store cannot be reached", await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(2, await db.Instances.CountAsync(Ct));
        Assert.Empty(service.ObjectFiles());
        Assert.DoesNotContain(S3Server.Key, service.Log.ToString(), StringComparison.Ordinal);
    }

    private sealed class BucketService(S3Server server) : TestService
    {
        protected override Dictionary<string, string?> Settings { get; } = new()
        {
            ["MedGan:Objects:ServiceUrl"] = server.Url.ToString().TrimEnd('/'),
            ["MedGan:Objects:Bucket"] = S3Server.Bucket,
            ["MedGan:Objects:AccessKey"] = S3Server.Key,
            ["MedGan:Objects:SecretKey"] = S3Server.Key,
        };
    }
}
