using MedGan.Api.Problems;

namespace MedGan.Api.CommandLine;

/// <summary>The verbs of the API process. Exit codes: 0 success, 1 a result that falls short, 2 wrong use or a system that does not allow it.</summary>
public static class Verbs
{
    private const string Usage = """
        MedGan.Api serve --data DIR [--port N] [--listen ADDRESS]     the web service, until Ctrl-C (127.0.0.1:8480)
        MedGan.Api token --data DIR --role R --project P [--hours N] [--subject S]
                                                                      a bearer token signed with the key of DIR
        MedGan.Api backup --data DIR --to FOLDER [--keys FOLDER]      database and sealed objects, while the service goes on
        MedGan.Api restore --data DIR --from FOLDER [--keys FOLDER]   a backup into an empty data folder, database and bucket
        MedGan.Api verify FILE [--key FINGERPRINT] [--extends OLDER]  an exported audit log, checked offline
        """;

    /// <summary>Runs one verb.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors, CancellationToken ct)
    {
        try
        {
            switch (args)
            {
                case [] or ["--help" or "-h" or "help", ..]:
                case [_, .., "--help" or "-h"]:
                    await output.WriteLineAsync(Usage);
                    return 0;
                case ["serve", .. var rest]:
                    return await ServeVerb.RunAsync(rest, output, errors, ct);
                case ["token", .. var rest]:
                    return await TokenVerb.RunAsync(rest, output);
                case ["backup", .. var rest]:
                    return await BackupVerbs.BackupAsync(rest, output, ct);
                case ["restore", .. var rest]:
                    return await BackupVerbs.RestoreAsync(rest, output, ct);
                case ["verify", .. var rest]:
                    return await VerifyVerb.RunAsync(rest, output, errors);
                default:
                    throw new WrongUseException($"There is no verb '{args[0]}'; there is serve, token, backup, restore and verify.");
            }
        }
        catch (Exception e) when (e is WrongUseException or CannotStartException)
        {
            await errors.WriteLineAsync(e.Message);
            return 2;
        }
    }
}
