using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>Adam's moments and step counts as named tensors, so that a checkpoint can hold them.</summary>
internal static class AdamMoments
{
    /// <summary>The moments, in the optimisers' order of parameters: "0.mean", "0.square", "1.mean", ... ; owned by the optimisers.</summary>
    public static Dictionary<string, Tensor> Of(IEnumerable<Adam> optimisers, string prefix)
    {
        var moments = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (i, state) in States(optimisers).Index())
        {
            moments.Add($"{prefix}.{i}.mean", state.exp_avg);
            moments.Add($"{prefix}.{i}.square", state.exp_avg_sq);
        }
        return moments;
    }

    /// <summary>Of a single optimiser.</summary>
    public static Dictionary<string, Tensor> Of(Adam optimiser, string prefix) => Of([optimiser], prefix);

    public static long[] Steps(Adam optimiser) => Steps([optimiser]);

    /// <summary>Of a single optimiser.</summary>
    public static void Restore(Adam optimiser, long[] steps) => Restore([optimiser], steps);

    public static long[] Steps(IEnumerable<Adam> optimisers) => [.. States(optimisers).Select(s => s.step)];

    /// <summary>Sets the step counts; the moments of <see cref="Of"/> can be written to.</summary>
    public static void Restore(IEnumerable<Adam> optimisers, long[] steps)
    {
        foreach (var (i, state) in States(optimisers).Index()) state.step = steps[i];
    }

    private static IEnumerable<Adam.State> States(IEnumerable<Adam> optimisers) => optimisers.SelectMany(o => o.state_dict().State.Cast<Adam.State>());
}
