using MedGan.Models.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks;

/// <summary>The heads of CUT (2007.15651, section 3 and appendix C): for each layer that is compared, two linear maps with a ReLU between, to unit vectors.</summary>
public sealed class PatchProjection : Module
{
    private readonly ModuleList<Sequential> heads = [];

    /// <param name="channels">Of each layer.</param>
    /// <param name="features">D, of the vectors.</param>
    public PatchProjection(IReadOnlyList<int> channels, int features = 256) : base(nameof(PatchProjection))
    {
        foreach (var width in channels) heads.Add(Sequential(("hidden", Linear(width, features)), ("relu", ReLU()), ("out", Linear(features, features))));
        RegisterComponents();
    }

    public void Initialise(SeededRandom random) => Initialisation.Normal(this, random);

    /// <param name="layer">Which head.</param>
    /// <param name="map">[N,C,h,w].</param>
    /// <param name="places">[S] indices into h * w.</param>
    /// <returns>[N,S,D] unit vectors; in a scope of the caller's.</returns>
    public Tensor Project(int layer, Tensor map, Tensor places)
    {
        var patches = map.to(ScalarType.Float32).flatten(2).index_select(2, places).transpose(1, 2); // [N,S,C]
        var vectors = heads[layer].call(patches);
        return vectors / (vectors.square().sum(-1, true) + 1e-12).sqrt();
    }
}
