using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Regularizers;

/// <summary>
/// Minibatch standard deviation (Karras et al., 1710.10196, section 3): one more channel, constant over a group of images, with the mean over features and
/// places of their standard deviation over the group - so that a discriminator sees when a generator repeats itself.
/// </summary>
public sealed class MinibatchStandardDeviation : Module<Tensor, Tensor>
{
    private readonly int largestGroup;

    /// <param name="largestGroup">Images that are compared with each other; a batch is divided into groups of the largest divisor of its size up to this.</param>
    public MinibatchStandardDeviation(int largestGroup = 4) : base(nameof(MinibatchStandardDeviation)) => this.largestGroup = largestGroup;

    /// <param name="x">[N,C,H,W] -> [N,C+1,H,W].</param>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (n, channels, height, width) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        var group = Enumerable.Range(1, largestGroup).Where(size => n % size == 0).Max();
        var groups = x.reshape(group, n / group, channels, height, width); // [G,M,C,H,W]
        var centred = groups - groups.mean([0], keepdim: true);
        var deviation = (centred.square().mean([0]) + 1e-8).sqrt(); // [M,C,H,W]
        var one = deviation.mean([1, 2, 3], keepdim: true); // [M,1,1,1]
        var channel = one.repeat(group, 1, height, width); // [N,1,H,W]
        return cat([x, channel], 1).MoveToOuterDisposeScope();
    }
}
