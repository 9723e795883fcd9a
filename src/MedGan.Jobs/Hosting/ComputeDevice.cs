using System.Diagnostics;
using System.Reflection;
using MedGan.Jobs.Train;
using TorchSharp;

namespace MedGan.Jobs.Hosting;

/// <summary>The one place that decides where tensors live: the graphics card when there is one, else all processors.</summary>
public sealed class ComputeDevice
{
    private ComputeDevice(string name) => Name = name;

    /// <summary>"cuda" or "cpu".</summary>
    public string Name { get; }

    /// <summary>What a model card says of the software and the device.</summary>
    public CardSoftware Software => new(
        Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "unknown",
        Libtorch(), Environment.Version.ToString(), Name, torch.get_num_threads());

    /// <summary>Loads libtorch, gives it every processor, and chooses.</summary>
    public static ComputeDevice Choose()
    {
        torch.set_num_threads(Environment.ProcessorCount);
        return new ComputeDevice(torch.cuda.is_available() ? "cuda" : "cpu");
    }

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
