using System.Net;
using System.Net.Sockets;
using MedGan.Testing;
using Xunit;

namespace MedGan.EndToEnd.Tests;

/// <summary>What a person meets who uses ./medgan wrongly, or on a system where something is missing: one plain sentence and exit code 2.</summary>
public sealed class EntryPointTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("medgan-entry-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
    private static string Script => Path.Combine(BuiltProgram.Root, "medgan");
    private string Folder => _folder.FullName;

    [Theory]
    [InlineData("there is no verb 'dance'", "dance")]
    [InlineData("verify wants one file", "verify")]
    [InlineData("bench wants a name", "bench")]
    [InlineData("--port wants a number, not 'high'", "serve", "--port", "high")]
    [InlineData("--out wants a value", "demo", "--out")]
    public async Task Medgan_WrongUse_IsSaidInOneSentence(string sentence, params string[] arguments)
    {
        var (code, _, error) = await BuiltProgram.RunAsync(Script, arguments, Ct);
        Assert.Equal(2, code);
        Assert.Contains(sentence, error.Trim().Split('\n')[^1]);
    }

    [Theory]
    [InlineData("--minutes wants a number", "--minutes", "many")]
    [InlineData("--size wants a multiple of 4", "--size", "66")]
    [InlineData("go together", "--ct", "/tmp")]
    [InlineData("there is no folder /nowhere", "--ct", "/nowhere", "--mr", "/nowhere")]
    [InlineData("has no option '--fast'", "--fast")]
    public async Task Demo_WrongOption_IsSaidInOneSentence(string sentence, params string[] arguments)
    {
        var (code, _, error) = await BuiltProgram.RunAsync("dotnet", [BuiltProgram.Dll("demo/MedGan.Demo"), .. arguments], Ct);
        Assert.Equal(2, code);
        Assert.Contains(sentence, Assert.Single(error.Trim().Split('\n')));
    }

    [Theory]
    [InlineData("token", "--role", "emperor", "--project", "p")]
    [InlineData("token", "--project", "p")]
    [InlineData("token", "--role", "steward", "--project", "../p")]
    [InlineData("verify", "/nowhere.jsonl")]
    [InlineData("nonsense")]
    public async Task Api_WrongUse_EndsWithTwo(params string[] arguments)
    {
        var data = arguments[0] == "token" ? ["--data", Folder] : Array.Empty<string>();
        var (code, _, error) = await BuiltProgram.RunAsync("dotnet", [BuiltProgram.Dll("src/MedGan.Api"), .. arguments, .. data], Ct);
        Assert.Equal(2, code);
        Assert.DoesNotContain("   at ", error);
        Assert.NotEmpty(error.Trim());
    }

    [Fact]
    public async Task Serve_PortTaken_SaysSoAndEnds()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString();
        var (code, output, error) = await BuiltProgram.RunAsync(Script, ["serve", "--data", Folder, "--port", port], Ct);
        Assert.Equal(2, code);
        Assert.Contains(port, output + error);
        Assert.DoesNotContain("   at ", error);
    }

    [Fact]
    public async Task Worker_ToldToStop_EndsWithZeroAndSaysNothingElse()
    {
        var log = Path.Combine(Folder, "worker.out");
        using var worker = BuiltProgram.Start("src/MedGan.Jobs", log, null, "--data", Path.Combine(Folder, "data"));
        while (!File.Exists(log) || !(await File.ReadAllTextAsync(log, Ct)).Contains("Ready on"))
        {
            Assert.False(worker.HasExited, "the worker ended by itself");
            await Task.Delay(50, Ct);
        }
        Assert.Equal(0, (await BuiltProgram.RunAsync("/bin/sh", ["-c", "kill $0", worker.Id.ToString()], Ct)).Code);
        await worker.WaitForExitAsync(Ct);
        Assert.Equal(0, worker.ExitCode);
        Assert.DoesNotContain("   at ", await File.ReadAllTextAsync(log, Ct));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    [InlineData(600)]
    [InlineData(1000)]
    public async Task Worker_ToldToStopWhileItStarts_EndsWithoutAStack(int afterMilliseconds)
    {
        var (log, data) = (Path.Combine(Folder, "worker.out"), Path.Combine(Folder, "data"));
        using var worker = BuiltProgram.Start("src/MedGan.Jobs", log, null, "--data", data);
        while (!File.Exists(Path.Combine(data, "medgan.db")))
        {
            Assert.False(worker.HasExited, "the worker ended by itself");
            await Task.Delay(20, Ct);
        }
        await Task.Delay(afterMilliseconds, Ct); // anywhere between the database's first byte and the last service
        await BuiltProgram.RunAsync("/bin/sh", ["-c", "kill $0", worker.Id.ToString()], Ct);
        await worker.WaitForExitAsync(Ct);
        Assert.True(worker.ExitCode is 0 or 143, $"it ended with {worker.ExitCode}"); // in good order, or by the signal before there was anything to stop
        Assert.DoesNotContain("   at ", await File.ReadAllTextAsync(log, Ct));
    }

    [Fact]
    public async Task Worker_WithoutLibtorch_NamesThePackage()
    {
        var library = Directory.EnumerateFiles("/usr/lib", "libtorch_cpu.so.*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }).FirstOrDefault();
        Assert.SkipUnless(library is not null && await CanMountAsync(), "mount namespaces are not allowed here");
        var (code, _, error) = await InNamespaceAsync($"for l in {Path.GetDirectoryName(library)}/libtorch_cpu.so*; do mount --bind /dev/null $l; done; exec dotnet {BuiltProgram.Dll("src/MedGan.Jobs")} --data {Folder}");
        Assert.Equal(2, code);
        Assert.Contains("libtorch1.13", error);
        Assert.DoesNotContain("   at ", error);
    }

    [Fact]
    public async Task Api_DiskFull_SaysSo()
    {
        Assert.SkipUnless(await CanMountAsync(), "mount namespaces are not allowed here");
        var (code, _, error) = await InNamespaceAsync($"mount -t tmpfs -o size=8k tmpfs {Folder} && exec dotnet {BuiltProgram.Dll("src/MedGan.Api")} serve --data {Folder} --port 0");
        Assert.Equal(2, code);
        Assert.DoesNotContain("   at ", error);
        Assert.Contains(Folder, error);
    }

    private static async Task<bool> CanMountAsync() => (await InNamespaceAsync("true")).Code == 0;

    private static Task<(int Code, string Output, string Error)> InNamespaceAsync(string script) => BuiltProgram.RunAsync("unshare", ["-m", "sh", "-c", script], Ct);

    public void Dispose() => _folder.Delete(recursive: true);
}
