using MedGan.Storage.Audit;

namespace MedGan.Api.CommandLine;

/// <summary>"verify": checks an exported audit log, without the service that wrote it.</summary>
internal static class VerifyVerb
{
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        var arguments = new Arguments(args, "--key", "--extends");
        if (arguments.Words is not [var path])
        {
            throw new WrongUseException("verify wants one FILE, an exported audit log (with --key FINGERPRINT where you know who must have signed it, and --extends OLDER where you kept an older export).");
        }
        var (key, older) = (arguments.Last("--key"), arguments.Last("--extends"));
        await using var file = Open(path);
        AuditVerification result;
        if (older is null)
        {
            result = AuditVerifier.Verify(file, key);
        }
        else
        {
            await using var before = Open(older);
            result = AuditVerifier.VerifyExtends(before, file, key);
        }
        if (!result.Valid)
        {
            await errors.WriteLineAsync($"Broken at line {result.BrokenLine}: {result.Problem}");
            return 1;
        }
        var what = $"{result.Leaves} entries, {result.Shown} of them shown{(older is null ? "" : ", with every entry of the older export in its place")}";
        await output.WriteLineAsync(key is not null
            ? $"Valid: {what}, signed by the key you named, {result.KeyFingerprint}."
            : $"Valid in itself: {what}, signed by the key {result.KeyFingerprint}. Whose key that is, the file cannot prove: "
                + "compare it with what serve printed as its audit key, or name that with --key FINGERPRINT.");
        return 0;
    }

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WrongUseException($"The file {path} cannot be read: name an audit log that was exported with GET .../audit.");
        }
    }
}
