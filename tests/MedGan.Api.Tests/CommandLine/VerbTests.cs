using System.Net;
using System.Net.Sockets;
using MedGan.Api.CommandLine;
using MedGan.Api.Problems;
using MedGan.Api.Security;
using MedGan.Storage;
using Microsoft.IdentityModel.JsonWebTokens;
using Xunit;

namespace MedGan.Api.Tests.CommandLine;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class VerbTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("medgan-verbs-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("fly")]
    [InlineData("serve", "--port")]
    [InlineData("serve", "--port", "http")]
    [InlineData("serve", "--prot", "1")]
    [InlineData("serve", "--data", "x", "--port", "70000")]
    [InlineData("serve", "--data", "x", "--listen", "everywhere")]
    [InlineData("serve")]
    [InlineData("token", "--data", "x", "--role", "king", "--project", "p")]
    [InlineData("token", "--data", "x", "--role", "steward")]
    [InlineData("token", "--data", "x", "--role", "steward", "--project", "No Name")]
    [InlineData("token", "--data", "x", "--role", "steward", "--project", "p", "--hours", "0")]
    [InlineData("verify")]
    [InlineData("verify", "a", "b")]
    [InlineData("verify", "/no/such/file")]
    public async Task WrongUse_IsOneSentenceAndTwo(params string[] args)
    {
        var (code, output, errors) = await RunAsync(args);
        Assert.Equal((2, ""), (code, output));
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("token", "--help")]
    public async Task Help_IsTold(params string[] args)
    {
        var (code, output, _) = await RunAsync(args);
        Assert.Equal(0, code);
        Assert.Contains("MedGan.Api verify FILE", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_ForAFolderWithoutAService_IsRefusedAndMakesNothing()
    {
        var typo = Path.Combine(folder, "typo");
        var (code, output, errors) = await RunAsync("token", "--data", typo, "--role", "steward", "--project", "p");
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("start it first with ./medgan serve", Assert.Single(errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.False(Path.Exists(typo));
    }

    [Fact]
    public async Task Token_HoldsWhatWasAskedFor()
    {
        TokenKey.Read(new StorageOptions { DataFolder = folder });
        var (code, output, errors) = await RunAsync("token", "--data", folder, "--role", "steward", "--project", "heads", "--project", "brains", "--hours", "2", "--subject", "nurse-7");
        Assert.Equal((0, ""), (code, errors));
        var token = new JsonWebToken(output.Trim());
        Assert.Equal(["heads", "brains"], token.Claims.Where(c => c.Type == "project").Select(c => c.Value));
        Assert.Equal("nurse-7", token.Subject);
        Assert.Equal("steward", token.GetClaim("role").Value);
        Assert.Equal(TimeSpan.FromHours(2), token.ValidTo - token.ValidFrom);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "keys", "token.key")));
    }

    [Fact]
    public async Task Serve_OnATakenPort_SaysSo()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var (code, _, errors) = await RunAsync("serve", "--data", folder, "--port", $"{port}");
        Assert.Equal(2, code);
        Assert.StartsWith($"Port {port} is taken by another program", Assert.Single(errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DataFolder_ThatCannotBeWritten_IsSaid()
    {
        var file = Path.Combine(folder, "a-file");
        await File.WriteAllTextAsync(file, "", Ct);
        var (code, _, errors) = await RunAsync("serve", "--data", Path.Combine(file, "data"));
        Assert.Equal(2, code);
        Assert.Contains("cannot be written: make it writable", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("open")]
    [InlineData("folder")]
    public async Task SigningKey_ThatCannotBeUsed_IsSaid(string flaw)
    {
        var keys = Directory.CreateDirectory(Path.Combine(folder, "keys")).FullName;
        var path = Path.Combine(keys, "token.key");
        if (flaw == "folder")
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            await File.WriteAllBytesAsync(path, new byte[flaw == "short" ? 5 : 32], Ct);
            File.SetUnixFileMode(path, flaw == "open" ? (UnixFileMode)Convert.ToInt32("644", 8) : (UnixFileMode)Convert.ToInt32("600", 8));
        }
        var (code, _, errors) = await RunAsync("serve", "--data", folder, "--port", "0");
        Assert.Equal(2, code);
        Assert.Contains($"The signing key {path}", Assert.Single(errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_WithADamagedDatabase_SaysSo()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "medgan.db"), string.Concat(Enumerable.Repeat("this is no database ", 1000)), Ct);
        var (code, _, errors) = await RunAsync("serve", "--data", folder, "--port", "0");
        Assert.Equal(2, code);
        Assert.Contains("is damaged", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_SaysItsAddress_AnswersThere_AndStopsWhenTold()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var output = new FirstLine();
        var running = Task.Run(() => Verbs.RunAsync(["serve", "--data", folder, "--port", "0"], output, TextWriter.Synchronized(new StringWriter()), stop.Token), Ct);
        var line = await output.Line.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        Assert.StartsWith("MedGan is ready at http://127.0.0.1:", line, StringComparison.Ordinal);
        using (var client = new HttpClient())
        {
            Assert.Contains("ok", await client.GetStringAsync(new Uri(line["MedGan is ready at ".Length..] + "/health/live"), Ct), StringComparison.Ordinal);
        }
        await stop.CancelAsync();
        Assert.Equal(0, await running);
        var fingerprint = Path.Combine(folder, "audit-key.fingerprint");
        Assert.Equal($"Audit key: {(await File.ReadAllTextAsync(fingerprint, Ct)).TrimEnd()}", output.ToString().Split('\n')[1]);
        Assert.Matches("^Audit key: [0-9a-f]{64}$", output.ToString().Split('\n')[1]);
        Assert.Equal((UnixFileMode)Convert.ToInt32("644", 8), File.GetUnixFileMode(fingerprint));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder, "logs"), "api-*.log"));
    }

    [Fact]
    public void FullDisk_IsToldApartFromOtherFailures()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full.");
        var full = Assert.ThrowsAny<IOException>(() => File.WriteAllText("/dev/full", "x"));
        Assert.True(Failure.IsDiskFull(full));
        Assert.StartsWith("The disk that holds /data is full", Failure.WhyNotStarted(full, "/data", 1), StringComparison.Ordinal);
        Assert.True(Failure.IsDiskFull(new InvalidOperationException("", new Microsoft.Data.Sqlite.SqliteException("", 13))));
        Assert.False(Failure.IsDiskFull(new FileNotFoundException()));
        Assert.Null(Failure.WhyNotStarted(new InvalidOperationException(), "/data", 1));
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] args)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await Verbs.RunAsync(args, output, errors, Ct);
        return (code, output.ToString(), errors.ToString());
    }

    private sealed class FirstLine : StringWriter
    {
        private readonly TaskCompletionSource<string> line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Line => line.Task;

        public override async Task WriteLineAsync(string? value)
        {
            await base.WriteLineAsync(value);
            line.TrySetResult(value ?? "");
        }
    }
}
