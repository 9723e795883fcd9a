using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using MedGan.Jobs.Train;
using MedGan.Storage;
using TorchSharp;

namespace MedGan.Jobs.Hosting;

/// <summary>The one place that decides where tensors live: the graphics card when there is one, else all processors.</summary>
public sealed partial class ComputeDevice
{
    private ComputeDevice(string name) => Name = name;

    /// <summary>"cpu", "cuda" or "cuda:N".</summary>
    public string Name { get; }

    /// <summary>What a model card says of the software and the device.</summary>
    public CardSoftware Software => new(
        Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "unknown",
        Libtorch(), Environment.Version.ToString(), Name, torch.get_num_threads());

    /// <summary>Loads libtorch, gives it every processor, and chooses.</summary>
    /// <param name="wanted">MedGan:Device: "auto" or nothing - a graphics card where there is one -, "cpu", or "cuda:N".</param>
    /// <exception cref="InvalidSettingException">It is none of these.</exception>
    /// <exception cref="StartProblemException">There is no such card.</exception>
    public static ComputeDevice Choose(string? wanted = null)
    {
        torch.set_num_threads(Environment.ProcessorCount);
        if (wanted is null or "" or "auto") return new ComputeDevice(torch.cuda.is_available() ? "cuda" : "cpu");
        if (wanted == "cpu") return new ComputeDevice("cpu");
        if (!Card().IsMatch(wanted)) throw new InvalidSettingException("MedGan:Device must be auto, cpu or cuda:N, where N is the number of a graphics card.");
        return torch.cuda.is_available() ? new ComputeDevice(wanted) : throw new StartProblemException($"MedGan:Device is {wanted}, but this machine has no graphics card that libtorch can use; set it to auto or cpu.");
    }

    [GeneratedRegex(@"\Acuda(:[0-9]{1,2})?\z")]
    private static partial Regex Card();

    /// <summary>The file that the process has loaded: on Debian its name ends with the version.</summary>
    private static string Libtorch()
    {
        using var process = Process.GetCurrentProcess();
        return process.Modules.Cast<ProcessModule>().Select(module => module.ModuleName)
            .FirstOrDefault(name => name.StartsWith("libtorch_cpu", StringComparison.Ordinal)) ?? "unknown";
    }

    /// <summary>What a plan's device is here: "auto" becomes this machine's choice, anything else stays.</summary>
    public string For(string planned) => planned == "auto" ? Name : planned;
}
