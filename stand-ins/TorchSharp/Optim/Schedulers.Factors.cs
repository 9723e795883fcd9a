namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>The rate before it, times a function of the epoch.</summary>
                public class MultiplicativeLR : LRScheduler
                {
                    private readonly Func<int, double>[] factors;

                    public MultiplicativeLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, optimizer.ParamGroups.Select(_ => lr_lambda), last_epoch, verbose) { }

                    public MultiplicativeLR(Optimizer optimizer, IEnumerable<Func<int, double>> lr_lambdas, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        factors = lr_lambdas.ToArray();
                        if (factors.Length != _base_lrs.Length) throw new ArgumentException($"Expected {_base_lrs.Length} lr_lambdas, but got {factors.Length}");
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => _last_epoch > 0 ? Rates.Select((rate, g) => rate * factors[g](_last_epoch)) : Rates;
                }

                /// <summary>A fraction of the rate until an epoch, then the whole.</summary>
                public class ConstantLR : LRScheduler
                {
                    private readonly double factor;
                    private readonly int iterations;

                    public ConstantLR(Optimizer optimizer, double factor = 1.0 / 3, int total_iters = 5, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        if (factor is < 0 or > 1) throw new ArgumentException("Constant multiplicative factor expected to be between 0 and 1.");
                        (this.factor, iterations) = (factor, total_iters);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() =>
                        _last_epoch == 0 ? Rates.Select(rate => rate * factor) : _last_epoch == iterations ? Rates.Select(rate => rate / factor) : Rates;
                    protected override IEnumerable<double> get_closed_form_lr() => _base_lrs.Select(rate => _last_epoch >= iterations ? rate : rate * factor);
                }

                /// <summary>Down to zero as a power of what is left.</summary>
                public class PolynomialLR : LRScheduler
                {
                    private readonly double power;
                    private readonly int iterations;

                    public PolynomialLR(Optimizer optimizer, int total_iters = 5, double power = 1, int last_epoch = -1, bool verbose = false) : base(optimizer, last_epoch, verbose)
                    {
                        (iterations, this.power) = (total_iters, power);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => _last_epoch == 0 || _last_epoch > iterations ? Rates
                        : Rates.Select(rate => rate * Math.Pow((1 - (double)_last_epoch / iterations) / (1 - (_last_epoch - 1.0) / iterations), power));
                    protected override IEnumerable<double> get_closed_form_lr() =>
                        _base_lrs.Select(rate => rate * Math.Pow(1 - (double)Math.Min(iterations, _last_epoch) / iterations, power));
                }
            }

            public static LRScheduler MultiplicativeLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false) =>
                new impl.MultiplicativeLR(optimizer, lr_lambda, last_epoch, verbose);
            public static LRScheduler ConstantLR(Optimizer optimizer, double factor = 1.0 / 3, int total_iters = 5, int last_epoch = -1, bool verbose = false) =>
                new impl.ConstantLR(optimizer, factor, total_iters, last_epoch, verbose);
            public static LRScheduler PolynomialLR(Optimizer optimizer, int total_iters = 5, double power = 1, int last_epoch = -1, bool verbose = false) =>
                new impl.PolynomialLR(optimizer, total_iters, power, last_epoch, verbose);
        }
    }
}
