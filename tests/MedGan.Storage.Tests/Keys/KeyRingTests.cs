using MedGan.Storage.Keys;

namespace MedGan.Storage.Tests.Keys;

public sealed class KeyRingTests
{
    [Fact]
    public async Task Keys_ManyRingsAtOnce_AgreeOnEachKey()
    {
        await using var folder = await DataFolder.CreateAsync();
        for (var round = 0; round < 100; round++)
        {
            foreach (var file in Directory.GetFiles(folder.Options.KeysFolder)) File.Delete(file);
            var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => new KeyRing(folder.Options).Pseudonym())));
            Assert.Single(keys.Select(Convert.ToHexString).Distinct());
            Assert.Single(Directory.GetFiles(folder.Options.KeysFolder));
        }
    }

    [Fact]
    public async Task Keys_OnDisk_AreReadableByTheirOwnerOnlyAndDifferFromEachOther()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix file modes");
        await using var folder = await DataFolder.CreateAsync();
        var ring = folder.Get<KeyRing>();
        var keys = new[] { ring.Pseudonym(), ring.Gate(), ring.Token(), ring.Objects().Sealing("p").Key };
        ring.Audit().Dispose();
        Assert.Equal(4, keys.Select(Convert.ToHexString).Distinct().Count());
        Assert.All(keys, k => Assert.Equal(32, k.Length));
        var files = Directory.GetFiles(folder.Options.KeysFolder);
        Assert.Equal(5, files.Length);
#pragma warning disable CA1416 // skipped on Windows above
        Assert.All(files, f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Options.KeysFolder));
#pragma warning restore CA1416
    }
}
