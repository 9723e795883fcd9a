using MedGan.Storage.Tests;
using MedGan.Testing;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace MedGan.Storage.Tests;

/// <summary>One server for all tests that want one, started by the first of them; each takes a database of its own.</summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _server = new(PostgresServer.CreateAsync);

    public async Task<string?> NewDatabaseAsync() => await (await _server.Value).CreateDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated) await (await _server.Value).DisposeAsync();
    }
}
