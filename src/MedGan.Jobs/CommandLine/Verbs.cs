using System.CommandLine;
using System.CommandLine.Parsing;
using MedGan.Jobs.CommandLine.Latent;
using MedGan.Jobs.Images.Folders;
using MedGan.Models.Training;

namespace MedGan.Jobs.CommandLine;

/// <summary>
/// The stages on local folders, without a service: <c>train</c>, <c>generate</c>, <c>evaluate</c> and <c>latent</c>. Exit codes: 0 done, 1 fell short (a training that went wrong or was
/// interrupted), 2 wrong use. Progress and errors go to standard error, results to standard output.
/// </summary>
public static class Verbs
{
    private static readonly Command[] All = [TrainVerb.Command, GenerateVerb.Command, EvaluateVerb.Command, LatentVerb.Command];

    /// <summary>Whether these arguments are for a verb, and not for the worker.</summary>
    public static bool Ask(string[] args) => args.Length > 0 && All.Any(verb => verb.Name == args[0]);

    /// <summary>Runs the verb.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("MedGan on local folders");
        foreach (var verb in All) root.Subcommands.Add(verb);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0) return Refuse([.. parsed.Errors.Select(error => error.Message)]);
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(5) });
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Interrupted.");
            return 1;
        }
        catch (InvalidPlanException e) { return Refuse(e.Errors); }
        catch (WrongUseException e) { return Refuse(e.Sentences); }
        catch (Exception e) when (e is ImageFolderException or InvalidDataException or IOException or UnauthorizedAccessException) { return Refuse([e.Message]); }
    }

    private static int Refuse(IReadOnlyList<string> sentences)
    {
        foreach (var sentence in sentences) Console.Error.WriteLine($"medgan: {sentence}");
        return 2;
    }
}

/// <summary>Arguments that do not fit each other; a sentence for each says which.</summary>
internal sealed class WrongUseException(params string[] sentences) : Exception(string.Join(' ', sentences))
{
    public IReadOnlyList<string> Sentences => sentences;
}
