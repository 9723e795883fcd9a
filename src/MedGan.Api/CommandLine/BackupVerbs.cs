using MedGan.Api.Problems;
using MedGan.Storage;
using MedGan.Storage.Backup;

namespace MedGan.Api.CommandLine;

/// <summary>"backup" and "restore", with the settings that the service has.</summary>
internal static class BackupVerbs
{
    public static async Task<int> BackupAsync(string[] args, TextWriter output, CancellationToken ct)
    {
        var arguments = new Arguments(args, "--data", "--to", "--keys");
        var to = arguments.Last("--to") ?? throw new WrongUseException("backup wants --to FOLDER, a new folder or one with an older backup.");
        await using var services = Services(arguments, out var data);
        var result = await RunAsync(data, () => services.GetRequiredService<BackupWriter>().RunAsync(Path.GetFullPath(to), Full(arguments.Last("--keys")), ct));
        await output.WriteLineAsync($"Backed up the database and {result.Objects} objects to {to}; {result.Copied} of them ({result.Bytes} bytes) were new there.");
        if (arguments.Last("--keys") is null) await output.WriteLineAsync("The keys are not in it: keep a copy of the key files elsewhere (--keys FOLDER), or nobody can read it.");
        return 0;
    }

    public static async Task<int> RestoreAsync(string[] args, TextWriter output, CancellationToken ct)
    {
        var arguments = new Arguments(args, "--data", "--from", "--keys");
        var from = arguments.Last("--from") ?? throw new WrongUseException("restore wants --from FOLDER, a backup.");
        await using var services = Services(arguments, out var data);
        var result = await RunAsync(data, () => services.GetRequiredService<BackupReader>().RunAsync(Path.GetFullPath(from), Full(arguments.Last("--keys")), ct));
        await output.WriteLineAsync($"Restored the database and {result.Objects} objects ({result.Bytes} bytes). Start the service again, and verify an audit export against one that you kept.");
        return 0;
    }

    private static ServiceProvider Services(Arguments arguments, out string data)
    {
        var configuration = ServeVerb.Configuration();
        data = Path.GetFullPath(arguments.Last("--data") ?? ServiceSettings.Read(configuration).Data.Folder ?? throw new WrongUseException("--data DIR is missing, the data folder of the service."));
        try
        {
            return new ServiceCollection().AddMedGanStorage(StorageOptions.Read(configuration, data)).BuildServiceProvider();
        }
        catch (InvalidSettingException e)
        {
            throw new CannotStartException(e.Message, e);
        }
    }

    private static async Task<BackupResult> RunAsync(string data, Func<Task<BackupResult>> run)
    {
        try
        {
            return await run();
        }
        catch (BackupException e)
        {
            throw new CannotStartException(e.Message, e);
        }
        catch (Exception e) when (Failure.WhyNotStarted(e, data, port: 0) is { } sentence)
        {
            throw new CannotStartException(sentence, e);
        }
    }

    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);
}
