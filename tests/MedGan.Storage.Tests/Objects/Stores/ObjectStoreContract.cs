using MedGan.Storage.Objects;
using MedGan.Storage.Objects.Stores;

namespace MedGan.Storage.Tests.Objects.Stores;

/// <summary>What every object store does, wherever it keeps its objects.</summary>
public abstract class ObjectStoreContract : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgan-store-").FullName;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected abstract IObjectStore Store { get; }

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(S3Objects.PartBytes)]
    [InlineData(2 * S3Objects.PartBytes + 12_345)]
    public async Task Put_Object_ComesBackFromAnyByteOn_AndItsFileIsTakenAway(int length)
    {
        var (content, file) = File_(length);
        await Store.PutAsync("w/ab/one", file, Ct);
        Assert.False(File.Exists(file));
        foreach (var offset in new[] { 0, length / 2, Math.Max(0, length - 1), length })
            AssertSame(content.AsMemory(offset), await ReadAsync("w/ab/one", offset));
    }

    [Fact]
    public async Task List_Prefix_NamesWhatIsBelowItOnly()
    {
        Assert.Empty(await Store.ListAsync("w1/", Ct).ToListAsync(Ct));
        foreach (var name in new[] { "w1/aa/one", "w1/ab/two", "w10/aa/three" }) await Store.PutAsync(name, File_(10).Path, Ct);
        Assert.Equal(["w1/aa/one", "w1/ab/two"], await Store.ListAsync("w1/", Ct).Order().ToListAsync(Ct));
        Assert.Equal(3, await Store.ListAsync("", Ct).CountAsync(Ct));
    }

    [Fact]
    public async Task List_MoreThanAPage_NamesAll()
    {
        var names = Enumerable.Range(0, 1010).Select(i => $"many/{i % 100:00}/{i:0000}").Order(StringComparer.Ordinal).ToList();
        await Parallel.ForEachAsync(names, Ct, async (name, ct) => await Store.PutAsync(name, File_(1).Path, ct));
        Assert.Equal(names, await Store.ListAsync("many/", Ct).Order(StringComparer.Ordinal).ToListAsync(Ct));
    }

    [Fact]
    public async Task Remove_Object_IsGoneAndMissing_AndAgainIsNoError()
    {
        await Store.PutAsync("w/ab/one", File_(10).Path, Ct);
        await Store.RemoveAsync("w/ab/one", Ct);
        await Store.RemoveAsync("w/ab/one", Ct);
        await Store.RemoveAsync("never/was/there", Ct);
        await Assert.ThrowsAsync<ObjectDamagedException>(() => Store.OpenAsync("w/ab/one", 0, Ct));
        await Store.AbortUnfinishedAsync("w/", Ct);
        Assert.Empty(await Store.ListAsync("", Ct).ToListAsync(Ct));
    }

    /// <summary>As Assert.Equal, which would take its time with megabytes.</summary>
    private protected static void AssertSame(ReadOnlyMemory<byte> expected, byte[] actual) => Assert.True(expected.Span.SequenceEqual(actual), "other bytes came back");

    private protected (byte[] Content, string Path) File_(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        File.WriteAllBytes(path, content);
        return (content, path);
    }

    private protected async Task<byte[]> ReadAsync(string name, long offset = 0)
    {
        await using var stream = await Store.OpenAsync(name, offset, Ct);
        var content = new MemoryStream();
        await stream.CopyToAsync(content, Ct);
        return content.ToArray();
    }
}

public sealed class DiskObjectsTests : ObjectStoreContract
{
    private readonly string _place = Directory.CreateTempSubdirectory("medgan-disk-").FullName;

    private protected override IObjectStore Store => new DiskObjects(_place);

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(_place, recursive: true);
        return base.DisposeAsync();
    }
}
