using TorchSharp.Utils;

namespace TorchSharp.Modules;

/// <summary>What batch and instance normalisation share: scale and shift per channel, and running statistics.</summary>
public abstract class NormBase : torch.nn.Module<torch.Tensor, torch.Tensor>
{
    [ComponentName(Name = "weight")] private Parameter? _weight;
    [ComponentName(Name = "bias")] private Parameter? _bias;
    [ComponentName(Name = "running_mean")] private torch.Tensor? _running_mean;
    [ComponentName(Name = "running_var")] private torch.Tensor? _running_var;
    [ComponentName(Name = "num_batches_tracked")] private torch.Tensor? _num_batches_tracked;

    protected NormBase(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, torch.Device? device, torch.ScalarType? dtype, string name) : base(name)
    {
        (this.num_features, this.eps, this.momentum, this.affine, this.track_running_stats) = (num_features, eps, momentum, affine, track_running_stats);
        if (affine)
        {
            weight = new(torch.empty(num_features, dtype, device));
            bias = new(torch.empty(num_features, dtype, device));
        }
        if (track_running_stats)
        {
            running_mean = torch.zeros(num_features, dtype, device);
            running_var = torch.ones(num_features, dtype, device);
            num_batches_tracked = torch.zeros(Array.Empty<long>(), torch.ScalarType.Int64, device);
        }
        reset_parameters();
    }

    public long num_features { get; }
    public double eps { get; set; }
    public double? momentum { get; set; }
    public bool affine { get; }
    public bool track_running_stats { get; }

    public Parameter? weight { get => _weight; set => ConditionallyRegisterParameter(nameof(weight), _weight = value); }
    public Parameter? bias { get => _bias; set => ConditionallyRegisterParameter(nameof(bias), _bias = value); }
    public torch.Tensor? running_mean { get => _running_mean; set => ConditionallyRegisterBuffer(nameof(running_mean), _running_mean = value); }
    public torch.Tensor? running_var { get => _running_var; set => ConditionallyRegisterBuffer(nameof(running_var), _running_var = value); }
    public torch.Tensor? num_batches_tracked { get => _num_batches_tracked; set => ConditionallyRegisterBuffer(nameof(num_batches_tracked), _num_batches_tracked = value); }

    public void reset_running_stats()
    {
        if (!track_running_stats) return;
        torch.nn.init.zeros_(running_mean!);
        torch.nn.init.ones_(running_var!);
        torch.nn.init.zeros_(num_batches_tracked!);
    }

    public void reset_parameters()
    {
        reset_running_stats();
        if (!affine) return;
        torch.nn.init.ones_(weight!);
        torch.nn.init.zeros_(bias!);
    }

    protected abstract void ValidateInputDimensions(torch.Tensor input);

    /// <summary>Counts the batch and gives the weight of the newest one: `momentum`, or a plain average without one.</summary>
    private protected double CountBatch()
    {
        if (!training || !track_running_stats) return momentum ?? 0;
        using (torch.no_grad()) num_batches_tracked!.add_(1);
        return momentum ?? 1.0 / num_batches_tracked!.ToInt64();
    }
}
