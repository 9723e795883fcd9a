using System.Runtime.Versioning;
using MedGan.Storage.Keys;

namespace MedGan.Jobs.Tests.Hosting;

[UnsupportedOSPlatform("windows")]
public sealed class DataFolderTests
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // made beforehand, as by mkdir
    public async Task DataFolder_OfEitherProcess_IsClosedToOtherAccounts(bool exists)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no Unix file modes here.");
        await using var site = new TestSite();
        if (exists) File.SetUnixFileMode(Directory.CreateDirectory(site.DataFolder).FullName, Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        site.Service<KeyRing>().Gate();
        Assert.Equal(Owner, File.GetUnixFileMode(site.DataFolder));
    }

    [Fact]
    public async Task DataFolder_SharedByDesign_StaysAsItIs()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no Unix file modes here.");
        await using var site = new TestSite();
        var shared = Owner | UnixFileMode.OtherRead | UnixFileMode.OtherExecute | UnixFileMode.StickyBit;
        File.SetUnixFileMode(Directory.CreateDirectory(site.DataFolder).FullName, shared);
        site.Service<KeyRing>().Gate();
        Assert.Equal(shared, File.GetUnixFileMode(site.DataFolder));
        Assert.Equal(Owner, File.GetUnixFileMode(site.Options.KeysFolder));
    }
}
