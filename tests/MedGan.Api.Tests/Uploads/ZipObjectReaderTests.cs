using System.IO.Compression;
using System.Text;
using MedGan.Api.Problems;
using MedGan.Api.Uploads;
using Xunit;

namespace MedGan.Api.Tests.Uploads;

public sealed class ZipObjectReaderTests
{
    private static readonly byte[] First = Encoding.ASCII.GetBytes("first"), Second = Encoding.ASCII.GetBytes("second");
    private static readonly UploadLimits Limits = new() { TotalBytes = 4_000_000, PartBytes = 3_000_000, Parts = 3, ZipRatio = 50, ZipRatioFromBytes = 10_000 };

    [Theory]
    [InlineData("a.dcm")]
    [InlineData("folder/sub folder/b")]
    [InlineData("Müller – 頭部 (1);'\"&%00.dcm")]
    [InlineData("..a/b..")]
    public void Read_OddButHarmlessNames_AreRead(string name) =>
        Assert.Equal(["first", "second"], Read(Zips.Of((name, First), ("second", Second))));

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("..\\x")]
    [InlineData("/etc/x")]
    [InlineData("\\\\server\\x")]
    [InlineData("C:\\x")]
    [InlineData("c:x")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    public void Read_NameThatIsAPath_IsRefused(string name)
    {
        var placeholder = new string('q', Encoding.UTF8.GetByteCount(name));
        var detail = Refused(Zips.Renamed(Zips.Of((placeholder, First)), placeholder, name)).Detail;
        Assert.StartsWith("The name of entry 0", detail, StringComparison.Ordinal);
        Assert.DoesNotContain(name, detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_StreamedArchive_IsRead() => Assert.Equal(["first", "second"], Read(Zips.Streamed(("a", First), ("b", Second))));

    [Fact]
    public void Read_StoredEntries_AreRead() => Assert.Equal(["first"], Read(Zips.Of(CompressionLevel.NoCompression, ("a", First))));

    [Fact]
    public void Read_Directories_AreNotCounted() => Assert.Equal(["first", "second"], Read(Zips.Of(("d/", []), ("d/a", First), ("e/", []), ("b", Second))));

    [Fact]
    public void Read_Bomb_IsRefusedLongBeforeItIsUnpacked()
    {
        var refusal = Refused(Zips.Of(("zeros", new byte[2_900_000])));
        Assert.Contains("50-fold", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ManySmallFilesAboveTheTotal_IsTooLarge()
    {
        var limits = new UploadLimits { TotalBytes = 20_000, PartBytes = 20_000, ZipRatioFromBytes = 1_000_000, Parts = 100 };
        var files = Enumerable.Range(0, 30).Select(i => ($"f{i}", new byte[1000])).ToArray();
        Assert.Equal(413, Refused(Zips.Of(files), limits).Status);
    }

    [Fact]
    public void Read_MoreFilesThanAllowed_IsTooLarge() =>
        Assert.Equal(413, Refused(Zips.Of(("a", First), ("b", First), ("c", First), ("d", First))).Status);

    [Fact]
    public void Read_FoldersWithoutEnd_AreTooMany() =>
        Assert.Equal(413, Refused(Zips.Of([.. Enumerable.Range(0, 7).Select(i => ($"d{i}/", Array.Empty<byte>())), ("a", First)])).Status);

    [Fact]
    public void Read_FileAboveItsBound_IsTooLarge()
    {
        var noise = new byte[3_000_001];
        new Random(1).NextBytes(noise);
        Assert.Equal(413, Refused(Zips.Of(("a", noise))).Status);
    }

    [Fact]
    public void Read_Encrypted_IsRefused() => Assert.Contains("encrypted", Refused(Zips.Encrypted("a", First)).Detail, StringComparison.Ordinal);

    [Fact]
    public void Read_ArchiveInAnArchive_IsRefused() =>
        Assert.Contains("itself an archive", Refused(Zips.Of(("a", First), ("b.dcm", Zips.Of(("c", Second))))).Detail, StringComparison.Ordinal);

    [Fact]
    public void Read_NoEntries_IsRefused() => Assert.Contains("no file", Refused(Zips.Of()).Detail, StringComparison.Ordinal);

    [Fact]
    public void Read_OnlyDirectories_IsRefused() => Assert.Contains("no file", Refused(Zips.Of(("d/", []))).Detail, StringComparison.Ordinal);

    [Fact]
    public void Read_NotAZip_IsRefused() => Assert.Equal(400, Refused(new byte[500]).Status);

    [Fact]
    public void Read_CutAnywhere_IsRefused()
    {
        var noise = new byte[300];
        new Random(2).NextBytes(noise);
        var whole = Zips.Of(("a", noise), ("b", Second));
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Equal(400, Refused(whole[..length]).Status);
        }
    }

    [Fact]
    public void Read_EntryThatTheDirectoryDoesNotList_IsRefused()
    {
        var (one, two) = (Zips.Of(("hidden", First)), Zips.Of(("listed", Second)));
        var entry = one.AsSpan(0, one.AsSpan().IndexOf("PK\x01\x02"u8)).ToArray();
        Assert.Contains("does not list", Refused([.. entry, .. two]).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DamagedData_IsRefused()
    {
        var noise = new byte[2000];
        new Random(3).NextBytes(noise);
        var zip = Zips.Of(("a", noise));
        zip[500] ^= 0xFF;
        Assert.Equal(400, Refused(zip).Status);
    }

    private static RefusedException Refused(byte[] zip, UploadLimits? limits = null) => Assert.Throws<RefusedException>(() => Read(zip, limits));

    private static List<string> Read(byte[] zip, UploadLimits? limits = null) =>
        [.. ZipObjectReader.Read(new MemoryStream(zip), limits ?? Limits).Select(o => Encoding.ASCII.GetString(o.Content.ToArray()))];
}
