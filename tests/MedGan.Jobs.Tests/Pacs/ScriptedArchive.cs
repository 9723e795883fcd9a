using System.Collections.Concurrent;
using MedGan.Storage.Pacs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MedGan.Jobs.Tests.Pacs;

/// <summary>An archive that misbehaves in the way a test wants; what real ones do well is tested with a real one.</summary>
internal sealed class ScriptedArchive : IAsyncDisposable
{
    private readonly WebApplication _web;

    private ScriptedArchive(WebApplication web) => _web = web;

    public Uri Url => new(_web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>What was asked for, and with which credentials.</summary>
    public ConcurrentQueue<(string Path, string? Authorization)> Requests { get; } = [];

    public static async Task<ScriptedArchive> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var archive = new ScriptedArchive(builder.Build());
        archive._web.Run(context =>
        {
            archive.Requests.Enqueue((context.Request.Path, context.Request.Headers.Authorization));
            return answer(context);
        });
        await archive._web.StartAsync();
        return archive;
    }

    /// <summary>The settings that name it "hospital".</summary>
    public PacsOptions Options => PacsOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["hospital:Url"] = Url.ToString(), ["hospital:User"] = "medgan", ["hospital:Password"] = "only-of-this-test", ["hospital:TimeoutSeconds"] = "5",
    }).Build());

    public ValueTask DisposeAsync() => _web.DisposeAsync();
}
