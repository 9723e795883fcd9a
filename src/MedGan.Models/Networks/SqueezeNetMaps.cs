using MedGan.Models.Checkpoints;
using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Networks;

/// <summary>What SqueezeNet, trained on photographs, sees in grey images: four of its maps, with gradient. Its weights are supplied, and not changed.</summary>
public sealed class SqueezeNetMaps : IFeatureMaps, IDisposable
{
    private static readonly string[] Shown = ["conv1", "fire2", "fire4", "fire8"], Pooled = ["conv1", "fire4"];
    private static readonly double[] MeanBgr = [104, 117, 123];

    private SqueezeNetMaps(SqueezeNet network) => Network = network;

    /// <summary>Owned here.</summary>
    internal SqueezeNet Network { get; }

    /// <param name="file">safetensors: conv1.weight, fire2.squeeze1x1.weight ... fire9.expand3x3.bias; the classifier's, conv10, may be there.</param>
    /// <param name="device">Where it shall lie.</param>
    /// <exception cref="InvalidDataException">Not such a file.</exception>
    public static SqueezeNetMaps Load(string file, Device device)
    {
        using var scope = NewDisposeScope();
        var weights = SafeTensors.Read(file);
        foreach (var name in new[] { "conv10.weight", "conv10.bias" }) weights.Remove(name);
        var network = new SqueezeNet();
        try
        {
            CycleGanNetworks.Place(network, device);
            TrainingCheckpoint.Copy(weights, network.state_dict());
            CycleGanNetworks.SetTrainable(false, network);
            return new SqueezeNetMaps(network);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>What conv1, fire2, fire4 and fire8 give: 96, 128, 256 and 512 channels at 1/2, 1/4, 1/4 and 1/8 of the resolution.</summary>
    /// <param name="image">[N,1,H,W] in [-1, 1], at least 32 x 32; grey, so all three channels are alike, each less the photographs' mean.</param>
    public IReadOnlyList<Tensor> Maps(Tensor image)
    {
        using var scope = NewDisposeScope();
        var grey = (image + 1) * 127.5;
        var map = cat([.. MeanBgr.Select(mean => grey - mean)], 1); // [N,3,H,W]
        var maps = new List<Tensor>();
        foreach (var (name, layer) in Network.named_children())
        {
            map = ((nn.Module<Tensor, Tensor>)layer).call(map);
            if (name == "conv1") map = map.relu();
            if (Shown.Contains(name)) maps.Add(map);
            if (maps.Count == Shown.Length) break;
            if (Pooled.Contains(name)) map = nn.functional.max_pool2d(map, 3, 2, ceil_mode: true);
        }
        return [.. maps.Select(m => m.MoveToOuterDisposeScope())];
    }

    public void Dispose() => Network.Dispose();
}
