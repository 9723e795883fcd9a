namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Starting values for parameters. No graph is recorded.</summary>
        public static class init
        {
            public enum FanInOut { FanIn, FanOut }

            public enum NonlinearityType { Linear, Conv1D, Conv2D, Conv3D, ConvTranspose1D, ConvTranspose2D, ConvTranspose3D, Sigmoid, Tanh, ReLU, LeakyReLU }

            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0) => nonlinearity switch
            {
                NonlinearityType.Tanh => 5.0 / 3,
                NonlinearityType.ReLU => Math.Sqrt(2),
                NonlinearityType.LeakyReLU => Math.Sqrt(2 / (1 + param * param)),
                _ => 1,
            };

            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length < 2) throw new ArgumentException("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
                var field = shape.Skip(2).TotalSize();
                return (shape[1] * field, shape[0] * field);
            }

            public static Tensor zeros_(Tensor tensor) => Unrecorded(tensor, t => t.zero_());
            public static Tensor ones_(Tensor tensor) => Unrecorded(tensor, t => t.fill_(1));
            public static Tensor constant_(Tensor tensor, Scalar val) => Unrecorded(tensor, t => t.fill_(val));
            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null) => Unrecorded(tensor, t => t.uniform_(low, high, generator));
            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null) => Unrecorded(tensor, t => t.normal_(mean, std, generator));

            /// <summary>A normal distribution cut off at <paramref name="a"/> and <paramref name="b"/>, by inversion.</summary>
            public static Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2, Generator? generator = null) => Unrecorded(tensor, t =>
            {
                using var cut = special.ndtr(torch.tensor(new[] { (a - mean) / std, (b - mean) / std }));
                var edges = cut.data<double>().ToArray();
                return t.uniform_(2 * edges[0] - 1, 2 * edges[1] - 1, generator).erfinv_().mul_(std * Math.Sqrt(2)).add_(mean).clamp_((Scalar)a, (Scalar)b);
            });

            /// <summary>Glorot and Bengio 2010, equation 16.</summary>
            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                var bound = gain * Math.Sqrt(6.0 / (fanIn + fanOut));
                return uniform_(tensor, -bound, bound);
            }

            public static Tensor xavier_normal_(Tensor tensor, double gain = 1)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return normal_(tensor, 0, gain * Math.Sqrt(2.0 / (fanIn + fanOut)));
            }

            /// <summary>He et al. 2015, equation 10.</summary>
            public static Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
            {
                var bound = Math.Sqrt(3) * KaimingDeviation(tensor, a, mode, nonlinearity);
                return uniform_(tensor, -bound, bound);
            }

            public static Tensor kaiming_normal_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
                normal_(tensor, 0, KaimingDeviation(tensor, a, mode, nonlinearity));

            public static Tensor glorot_uniform_(Tensor tensor, double gain = 1) => xavier_uniform_(tensor, gain);
            public static Tensor glorot_normal_(Tensor tensor, double gain = 1) => xavier_normal_(tensor, gain);

            public static Tensor eye_(Tensor tensor)
            {
                if (tensor.dim() != 2) throw new ArgumentException("Only tensors with 2 dimensions are supported");
                return Unrecorded(tensor, t =>
                {
                    using var identity = eye(t.size(0), t.size(1), t.dtype, t.device);
                    return t.copy_(identity);
                });
            }

            /// <summary>Kernels that pass as many channels through as there are.</summary>
            public static Tensor dirac_(Tensor tensor)
            {
                if (tensor.dim() is < 3 or > 5) throw new ArgumentException("Only tensors with 3, 4, or 5 dimensions are supported");
                return Unrecorded(tensor, t =>
                {
                    using var scope = NewDisposeScope();
                    t.zero_();
                    for (long channel = 0; channel < Math.Min(t.size(0), t.size(1)); channel++)
                    {
                        var place = t.select(0, channel).select(0, channel);
                        while (place.dim() > 0) place = place.select(0, place.size(0) / 2);
                        place.fill_(1);
                    }
                    return t;
                });
            }

            /// <summary>Saxe et al. 2014: orthonormal rows or columns, times a gain.</summary>
            public static Tensor orthogonal_(Tensor tensor, double gain = 1)
            {
                if (tensor.dim() < 2) throw new ArgumentException("Only tensors with 2 or more dimensions are supported");
                return Unrecorded(tensor, t =>
                {
                    using var scope = NewDisposeScope();
                    var rows = t.size(0);
                    var drawn = empty_like(t).normal_().reshape(rows, -1);
                    if (rows < drawn.size(1)) drawn = drawn.t();
                    var (q, r) = Native.Aten.Two("linalg_qr", drawn, "reduced");
                    q = q.mul(r.diag().sign());
                    return t.copy_((rows < drawn.size(0) ? q.t() : q).reshape(t.shape)).mul_(gain);
                });
            }

            /// <summary>Martens 2010: a normal distribution with a fraction of each column at zero.</summary>
            public static Tensor sparse_(Tensor tensor, double sparsity, double std = 0.01)
            {
                if (tensor.dim() != 2) throw new ArgumentException("Only tensors with 2 dimensions are supported");
                return Unrecorded(tensor, t =>
                {
                    using var scope = NewDisposeScope();
                    var (rows, columns) = (t.size(0), t.size(1));
                    var zeros = (long)Math.Ceiling(sparsity * rows);
                    t.normal_(0, std);
                    for (long column = 0; column < columns; column++) t.select(1, column).index_fill_(0, randperm(rows).narrow(0, 0, zeros), 0);
                    return t;
                });
            }

            private static double KaimingDeviation(Tensor tensor, double a, FanInOut mode, NonlinearityType nonlinearity)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return calculate_gain(nonlinearity, a) / Math.Sqrt(mode == FanInOut.FanIn ? fanIn : fanOut);
            }

            private static Tensor Unrecorded(Tensor tensor, Func<Tensor, Tensor> fill)
            {
                using var unrecorded = no_grad();
                return fill(tensor);
            }
        }
    }
}
