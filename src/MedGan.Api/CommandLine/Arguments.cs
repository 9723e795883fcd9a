namespace MedGan.Api.CommandLine;

/// <summary>The command line was used wrongly; the message says how to use it.</summary>
public sealed class WrongUseException(string message) : Exception(message);

/// <summary>Options of the form "--name value" and the plain words between them.</summary>
public sealed class Arguments
{
    private readonly Dictionary<string, List<string>> options = [];
    private readonly List<string> words = [];

    /// <summary>Takes the arguments apart; only the named options are known, each takes a value.</summary>
    /// <exception cref="WrongUseException">An unknown option, or one without its value.</exception>
    public Arguments(IReadOnlyList<string> args, params string[] known)
    {
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                words.Add(args[i]);
                continue;
            }
            if (!known.Contains(args[i]))
            {
                throw new WrongUseException($"There is no option {args[i]} here; there is {string.Join(", ", known)}.");
            }
            if (i + 1 == args.Count || args[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                throw new WrongUseException($"The option {args[i]} wants a value.");
            }
            (options.TryGetValue(args[i], out var values) ? values : options[args[i]] = []).Add(args[++i]);
        }
    }

    /// <summary>The plain words, in their order.</summary>
    public IReadOnlyList<string> Words => words;

    /// <summary>Every value given for an option.</summary>
    public IReadOnlyList<string> All(string option) => options.GetValueOrDefault(option) ?? [];

    /// <summary>The last value given for an option, or null.</summary>
    public string? Last(string option) => All(option) is [.., var last] ? last : null;

    /// <summary>A whole number within bounds.</summary>
    /// <exception cref="WrongUseException">Another text.</exception>
    public int Number(string option, int otherwise, int least, int most) => Last(option) switch
    {
        null => otherwise,
        var text when int.TryParse(text, out var number) && number >= least && number <= most => number,
        _ => throw new WrongUseException($"The option {option} wants a number from {least} to {most}."),
    };
}
