using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MedGan.Api.CommandLine;
using MedGan.Api.Security;
using MedGan.Api.Tests.Fixtures;
using MedGan.Storage.Keys;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MedGan.Api.Tests.Audit;

public sealed class AuditTests(TestService service) : IClassFixture<TestService>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_TellsWhatHappened_AndIsVerifiedOffline_UntilItIsTouched()
    {
        using var steward = service.As(Roles.Steward, TestService.Project, TestService.OtherProject);
        (await steward.PostAsync(Stow.Path("audited"), Stow.Body(MadeUpDicom.Ct(), MadeUpDicom.SecondaryCapture()), Ct)).EnsureSuccessStatusCode();
        (await steward.PostAsync(Stow.Path("audited", TestService.OtherProject), Stow.Body(MadeUpDicom.Ct()), Ct)).EnsureSuccessStatusCode();
        using var officer = service.As(Roles.PrivacyOfficer);
        var export = await officer.GetStringAsync($"/projects/{TestService.Project}/audit", Ct);
        foreach (var said in new[] { "upload.stored", "upload.rejected", "UnsupportedSopClass", "job.queued", "audit.exported", "test-steward", "test-privacy-officer" })
        {
            Assert.Contains(said, export, StringComparison.Ordinal);
        }
        Assert.DoesNotContain($"\"project\":\"{TestService.OtherProject}\"", export, StringComparison.Ordinal);
        var path = Path.Combine(service.Folder, "export.jsonl");

        await File.WriteAllTextAsync(path, export, Ct);
        var (code, output, _) = await VerifyAsync(path);
        Assert.Equal(0, code);
        var fingerprint = service.Services.GetRequiredService<KeyRing>().PublishAuditFingerprint();
        Assert.StartsWith("Valid in itself: ", output, StringComparison.Ordinal);
        Assert.Contains(fingerprint, output, StringComparison.Ordinal);
        (code, output, _) = await VerifyAsync(path, "--key", fingerprint);
        Assert.Equal(0, code);
        Assert.StartsWith("Valid: ", output, StringComparison.Ordinal);

        var lines = export.Split('\n');
        var touched = Array.FindIndex(lines, l => l.Contains("test-steward", StringComparison.Ordinal));
        lines[touched] = lines[touched].Replace("test-steward", "test-stewarf", StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, string.Join('\n', lines), Ct);
        (code, _, var errors) = await VerifyAsync(path);
        Assert.Equal(1, code);
        Assert.StartsWith($"Broken at line {touched + 1}: ", Assert.Single(errors.TrimEnd().Split('\n')), StringComparison.Ordinal);

        await File.WriteAllTextAsync(path, "this is no export", Ct);
        Assert.Equal(1, (await VerifyAsync(path)).Code);
    }

    [Fact]
    public async Task Verify_ExportSignedAgainWithAnotherKey_IsValidInItselfButNotByTheServicesKey()
    {
        using var officer = service.As(Roles.PrivacyOfficer);
        var lines = (await officer.GetStringAsync($"/projects/{TestService.Project}/audit", Ct)).TrimEnd('\n').Split('\n');
        using var forger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var head = JsonNode.Parse(lines[^1])!["treeHead"]!.ToJsonString();
        lines[^1] = new JsonObject
        {
            ["publicKey"] = Convert.ToBase64String(forger.ExportSubjectPublicKeyInfo()),
            ["signature"] = Convert.ToBase64String(forger.SignData(Encoding.UTF8.GetBytes(head), HashAlgorithmName.SHA256)),
            ["treeHead"] = JsonNode.Parse(head),
        }.ToJsonString();
        var path = Path.Combine(service.Folder, "forged.jsonl");
        await File.WriteAllTextAsync(path, string.Join('\n', lines) + "\n", Ct);

        var (code, output, _) = await VerifyAsync(path);
        Assert.Equal(0, code);
        Assert.StartsWith("Valid in itself: ", output, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(forger.ExportSubjectPublicKeyInfo())), output, StringComparison.Ordinal);

        (code, output, var errors) = await VerifyAsync(path, "--key", service.Services.GetRequiredService<KeyRing>().PublishAuditFingerprint());
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("signed with another key", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_WithAnExportThatWasKept_SeesWhetherTheNewOneExtendsIt()
    {
        using var officer = service.As(Roles.PrivacyOfficer);
        var (older, newer) = (Path.Combine(service.Folder, "older.jsonl"), Path.Combine(service.Folder, "newer.jsonl"));
        foreach (var file in new[] { older, newer })
        {
            await File.WriteAllTextAsync(file, await officer.GetStringAsync($"/projects/{TestService.Project}/audit", Ct), Ct);
        }
        var (code, output, _) = await VerifyAsync(newer, "--extends", older);
        Assert.Equal(0, code);
        Assert.Contains("every entry of the older export", output, StringComparison.Ordinal);
        (code, output, var errors) = await VerifyAsync(older, "--extends", newer);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("The log was cut", errors, StringComparison.Ordinal);
        Assert.Equal(2, (await VerifyAsync(newer, "--extends", "/no/such/file")).Code);
    }

    private static async Task<(int Code, string Output, string Errors)> VerifyAsync(params string[] args)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await Verbs.RunAsync(["verify", .. args], output, errors, Ct);
        return (code, output.ToString(), errors.ToString());
    }
}
