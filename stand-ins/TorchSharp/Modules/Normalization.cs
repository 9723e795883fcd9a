using TorchSharp.Utils;

namespace TorchSharp.Modules
{
    /// <summary>Normalises each channel over the batch and all positions.</summary>
    public abstract class BatchNorm : NormBase
    {
        public BatchNorm(long num_features, double eps, double momentum, bool affine, bool track_running_stats, torch.Device? device, torch.ScalarType? dtype, string name)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name) { }

        public override torch.Tensor forward(torch.Tensor input)
        {
            ValidateInputDimensions(input);
            return torch.nn.functional.batch_norm(input, running_mean, running_var, weight, bias, training || running_mean is null, CountBatch(), eps);
        }
    }

    public sealed class BatchNorm2d : BatchNorm
    {
        internal BatchNorm2d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, torch.Device? device, torch.ScalarType? dtype)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm2d)) { }

        protected override void ValidateInputDimensions(torch.Tensor input)
        {
            if (input.dim() != 4) throw new ArgumentException($"expected 4D input, but got {input.dim()}D input.");
        }
    }

    /// <summary>Normalises each channel of each image over its positions.</summary>
    public abstract class InstanceNorm : NormBase
    {
        public InstanceNorm(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, torch.Device? device, torch.ScalarType? dtype, string name)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name) { }

        /// <summary>Dimensions of an input without a batch dimension.</summary>
        protected abstract long GetNumberOfBatchDimensions();

        public override torch.Tensor forward(torch.Tensor input)
        {
            ValidateInputDimensions(input);
            var ownStatistics = training || !track_running_stats;
            if (input.dim() != GetNumberOfBatchDimensions()) return Normalised(input, ownStatistics);
            using var batch = input.unsqueeze(0);
            using var result = Normalised(batch, ownStatistics);
            return result.squeeze(0);
        }

        private torch.Tensor Normalised(torch.Tensor input, bool ownStatistics) =>
            torch.nn.functional.instance_norm(input, running_mean, running_var, weight, bias, ownStatistics, momentum ?? 0, eps);
    }

    public sealed class InstanceNorm2d : InstanceNorm
    {
        internal InstanceNorm2d(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, torch.Device? device, torch.ScalarType? dtype)
            : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(InstanceNorm2d)) { }

        protected override long GetNumberOfBatchDimensions() => 3;

        protected override void ValidateInputDimensions(torch.Tensor input)
        {
            if (input.dim() is not (3 or 4)) throw new ArgumentException($"expected 3D or 4D input, but got {input.dim()}D input.");
        }
    }

    /// <summary>Normalises groups of channels of each image.</summary>
    public sealed class GroupNorm : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        [ComponentName(Name = "weight")] private Parameter? _weight;
        [ComponentName(Name = "bias")] private Parameter? _bias;

        internal GroupNorm(long num_groups, long num_channels, double eps, bool affine, torch.Device? device, torch.ScalarType? dtype) : base(nameof(GroupNorm))
        {
            if (num_channels % num_groups != 0) throw new ArgumentException("num_channels must be divisible by num_groups");
            (this.num_groups, this.eps, this.affine) = (num_groups, eps, affine);
            if (!affine) return;
            weight = new(torch.ones(num_channels, dtype, device));
            bias = new(torch.zeros(num_channels, dtype, device));
        }

        public long num_groups { get; set; }
        public double eps { get; set; }
        public bool affine { get; set; }
        public Parameter? weight { get => _weight; set => ConditionallyRegisterParameter(nameof(weight), _weight = value); }
        public Parameter? bias { get => _bias; set => ConditionallyRegisterParameter(nameof(bias), _bias = value); }

        public override torch.Tensor forward(torch.Tensor tensor) => torch.nn.functional.group_norm(tensor, num_groups, weight, bias, eps);
    }

    /// <summary>Normalises over the last dimensions.</summary>
    public sealed class LayerNorm : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        [ComponentName(Name = "weight")] private Parameter? _weight;
        [ComponentName(Name = "bias")] private Parameter? _bias;

        internal LayerNorm(long[] normalized_shape, double eps, bool elementwise_affine, bool bias, torch.Device? device, torch.ScalarType? dtype) : base(nameof(LayerNorm))
        {
            (this.normalized_shape, this.eps, this.elementwise_affine) = (normalized_shape, eps, elementwise_affine);
            if (!elementwise_affine) return;
            weight = new(torch.ones(normalized_shape, dtype, device));
            if (bias) this.bias = new(torch.zeros(normalized_shape, dtype, device));
        }

        public long[] normalized_shape { get; set; }
        public double eps { get; set; }
        public bool elementwise_affine { get; set; }
        public Parameter? weight { get => _weight; set => ConditionallyRegisterParameter(nameof(weight), _weight = value); }
        public Parameter? bias { get => _bias; set => ConditionallyRegisterParameter(nameof(bias), _bias = value); }

        public override torch.Tensor forward(torch.Tensor tensor) => torch.nn.functional.layer_norm(tensor, normalized_shape, weight, bias, eps);
    }
}

namespace TorchSharp
{
    using Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static BatchNorm2d BatchNorm2d(long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
            public static InstanceNorm2d InstanceNorm2d(long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = false, bool track_running_stats = false, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
            public static GroupNorm GroupNorm(long num_groups, long num_channels, double eps = 1e-05, bool affine = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_groups, num_channels, eps, affine, device, dtype);
            public static LayerNorm LayerNorm(long[] normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(normalized_shape, eps, elementwise_affine, bias, device, dtype);
            public static LayerNorm LayerNorm(long normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new([normalized_shape], eps, elementwise_affine, bias, device, dtype);
        }
    }
}
