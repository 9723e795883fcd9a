using MedGan.Storage.Pacs;
using Microsoft.Extensions.Configuration;

namespace MedGan.Storage.Tests;

public sealed class PacsOptionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgan-pacs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Archive_IsRead_AndItsSecretIsInNoText()
    {
        var file = Path.Combine(_folder, "password");
        File.WriteAllText(file, "top secret\n");
        var archive = Read(new()
        {
            ["Hospital:Url"] = "https://pacs.example.org/dicom-web", ["Hospital:User"] = "medgan", ["Hospital:PasswordFile"] = file, ["Hospital:DeliverReleased"] = "brain, lung",
        }).Find("hospital", "any")!;
        Assert.Equal(("https://pacs.example.org/dicom-web/", "medgan", "top secret"), (archive.Url.ToString(), archive.User, archive.Password));
        Assert.True(archive.Takes("brain"));
        Assert.False(archive.Takes("liver"));
        Assert.DoesNotContain("secret", archive.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ProjectsThatAreNamed_AreTheOnlyOnesThatMayUseIt()
    {
        var options = Read(new() { ["hospital:Url"] = "https://pacs.example.org/dicom-web", ["hospital:Projects"] = "brain", ["hospital:DeliverReleased"] = "*" });
        Assert.NotNull(options.Find("hospital", "brain"));
        Assert.Null(options.Find("hospital", "liver"));
        Assert.Equal((true, false), (options.All.Single().Takes("brain"), options.All.Single().Takes("liver")));
    }

    [Fact]
    public void NothingSet_ThereIsNone() => Assert.Empty(Read([]).All);

    [Theory]
    [InlineData("Url", "ftp://pacs.example.org", "Url")]
    [InlineData("Url", "https://user:secret@pacs.example.org", "Url")]
    [InlineData("Url", "http://pacs.example.org/dicom-web", "AllowHttp")]
    [InlineData("User", "medgan", "Password")]
    [InlineData("PasswordFile", "/nowhere", "PasswordFile")]
    [InlineData("TimeoutSeconds", "0", "TimeoutSeconds")]
    public void WrongValue_IsNamed_WithoutAnySecret(string setting, string value, string named)
    {
        var e = Assert.Throws<InvalidSettingException>(() => Read(new() { ["hospital:Url"] = "https://pacs.example.org/dicom-web", [$"hospital:{setting}"] = value }));
        Assert.Contains($"MedGan:Pacs:hospital:{named}", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret@", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HttpOnTheLoopbackOrAllowed_IsTaken()
    {
        Assert.NotNull(Read(new() { ["a:Url"] = "http://127.0.0.1:8042/dicom-web" }).Find("a", "any"));
        Assert.NotNull(Read(new() { ["a:Url"] = "http://orthanc:8042/dicom-web", ["a:AllowHttp"] = "true" }).Find("a", "any"));
    }

    [Theory]
    [InlineData("1.2.840.10008", true)]
    [InlineData("2.25.329800735698586629295641978511506172918", true)]
    [InlineData("1.2.840.01", false)]
    [InlineData("1.2/../../admin", false)]
    [InlineData("1", false)]
    [InlineData("", false)]
    [InlineData("1.22222222222222222222222222222222222222222222222222222222222222222", false)]
    public void StudyReference_TakesUidsOnly(string uid, bool valid) => Assert.Equal(valid, new StudyReference(uid, null).IsValid);

    private static PacsOptions Read(Dictionary<string, string?> values) => PacsOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
}
