using MedGan.Models.Checkpoints;
using MedGan.Models.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks;

/// <summary>
/// SqueezeNet 1.0 (Iandola et al., 1602.07360, table 1) up to fire8, for its maps: k7-96/2, pool, fire2 .. fire4, pool, fire5 .. fire8; pools are 3x3 of stride 2 that
/// count a window at the edge (as Caffe's do). Weights are supplied; they are not trained on.
/// </summary>
public sealed class SqueezeNet : Module<Tensor, Tensor>, IFeatureMaps
{
    private static readonly double[] MeanBgr = [104, 117, 123];

    private readonly Conv2d conv1;
    private readonly Fire[] fires;

    public SqueezeNet() : base(nameof(SqueezeNet))
    {
        conv1 = Conv2d(3, 96, 7, stride: 2);                                     // [N,3,H,W] -> [N,96,h,w]
        fires =
        [
            new(96, 16, 64), new(128, 16, 64), new(128, 32, 128),                // fire2 .. fire4: -> [N,256,h/2,w/2]
            new(256, 32, 128), new(256, 48, 192), new(384, 48, 192), new(384, 64, 256), // fire5 .. fire8: -> [N,512,h/4,w/4]
        ];
        register_module("conv1", conv1);
        foreach (var (i, fire) in fires.Index()) register_module($"fire{i + 2}", fire);
    }

    /// <param name="file">safetensors with the names and shapes of the network in Caffe: conv1.weight, fire2.squeeze1x1.weight, ...; blue, green, red.</param>
    /// <param name="device">Where it shall lie.</param>
    /// <exception cref="InvalidDataException">Not such a file.</exception>
    public static SqueezeNet Load(string file, Device device)
    {
        using var scope = NewDisposeScope();
        var weights = SafeTensors.Read(file);
        foreach (var name in weights.Keys.Where(n => n.StartsWith("fire9.", StringComparison.Ordinal) || n.StartsWith("conv10.", StringComparison.Ordinal)).ToArray()) weights.Remove(name);
        var network = new SqueezeNet();
        try
        {
            TrainingCheckpoint.Copy(weights, network.state_dict());
            CycleGanNetworks.Place(network, device);
            CycleGanNetworks.SetTrainable(false, network);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>What conv1, fire2, fire4 and fire8 give: 96, 128, 256 and 512 channels at 1/2, 1/4, 1/4 and 1/8 of the resolution.</summary>
    /// <param name="image">[N,1,H,W] in [-1, 1], at least 32 x 32.</param>
    public IReadOnlyList<Tensor> Maps(Tensor image)
    {
        using var scope = NewDisposeScope();
        var grey = (image + 1) * 127.5;
        var maps = new List<Tensor>();
        var map = functional.relu(conv1.call(cat([.. MeanBgr.Select(mean => grey - mean)], 1)));
        maps.Add(map);
        map = Pool(map);
        foreach (var (i, fire) in fires.Index())
        {
            map = fire.call(map);
            if (i is 0 or 2 or 6) maps.Add(map);
            if (i == 2) map = Pool(map);
        }
        return [.. maps.Select(m => m.MoveToOuterDisposeScope())];
    }

    /// <param name="image">[N,1,H,W] in [-1, 1], at least 32 x 32.</param>
    /// <returns>[N,512,h,w]: the last of <see cref="Maps"/>.</returns>
    public override Tensor forward(Tensor image)
    {
        using var scope = NewDisposeScope();
        return Maps(image)[^1].MoveToOuterDisposeScope();
    }

    private static Tensor Pool(Tensor map) => functional.max_pool2d(map, 3, stride: 2, ceil_mode: true);

    /// <summary>1x1 to s channels, then 1x1 and 3x3 beside each other to e channels each.</summary>
    private sealed class Fire : Module<Tensor, Tensor>
    {
        private readonly Conv2d squeeze1x1, expand1x1, expand3x3;

        public Fire(int inputs, int squeeze, int expand) : base(nameof(Fire))
        {
            squeeze1x1 = Conv2d(inputs, squeeze, 1);
            expand1x1 = Conv2d(squeeze, expand, 1);
            expand3x3 = Conv2d(squeeze, expand, 3, padding: 1);
            RegisterComponents();
        }

        // [N,inputs,h,w] -> [N,2e,h,w]
        public override Tensor forward(Tensor map)
        {
            using var scope = NewDisposeScope();
            var narrow = functional.relu(squeeze1x1.call(map));
            return functional.relu(cat([expand1x1.call(narrow), expand3x3.call(narrow)], 1)).MoveToOuterDisposeScope();
        }
    }
}
