namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>One scheduler after another, each from a milestone on.</summary>
                public class SequentialLR : LRScheduler
                {
                    private readonly LRScheduler[] schedulers;
                    private readonly int[] milestones;
                    private LRScheduler current;

                    public SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones, int last_epoch = -1) : base(optimizer, 0)
                    {
                        (this.schedulers, this.milestones) = (schedulers.ToArray(), milestones.ToArray());
                        if (this.schedulers.Any(scheduler => !ReferenceEquals(scheduler._optimizer, optimizer)))
                            throw new ArgumentException("Sequential Schedulers expects all schedulers to belong to the same optimizer");
                        if (this.milestones.Length != this.schedulers.Length - 1)
                            throw new ArgumentException($"Sequential Schedulers expects {this.schedulers.Length - 1} milestones for {this.schedulers.Length} schedulers, but got {this.milestones.Length}");
                        _last_epoch = last_epoch + 1;
                        // Each scheduler has made its first step already; only the first one's counts.
                        foreach (var group in optimizer.ParamGroups) group.LearningRate = group.InitialLearningRate;
                        foreach (var scheduler in this.schedulers) scheduler._last_epoch--;
                        current = this.schedulers[0];
                        current.step();
                    }

                    public override void step()
                    {
                        _last_epoch++;
                        var reached = milestones.Count(milestone => milestone <= _last_epoch);
                        current = schedulers[reached];
                        if (reached > 0 && milestones[reached - 1] == _last_epoch) current.step((int?)0);
                        else current.step();
                    }

                    public override IEnumerable<double> get_last_lr() => current.get_last_lr();
                    protected override IEnumerable<double> get_lr() => Rates;
                }

                /// <summary>Several schedulers at once, each changing what those before it set.</summary>
                public class ChainedLR : LRScheduler
                {
                    private readonly LRScheduler[] schedulers;

                    public ChainedLR(IEnumerable<LRScheduler> schedulers)
                    {
                        this.schedulers = schedulers.ToArray();
                        if (this.schedulers.Any(scheduler => !ReferenceEquals(scheduler._optimizer, this.schedulers[0]._optimizer)))
                            throw new ArgumentException("ChainedScheduler expects all schedulers to belong to the same optimizer");
                    }

                    public override void step()
                    {
                        foreach (var scheduler in schedulers) scheduler.step();
                    }

                    public override IEnumerable<double> get_last_lr() => schedulers[^1]._optimizer.ParamGroups.Select(group => group.LearningRate);
                    protected override IEnumerable<double> get_lr() => get_last_lr();
                }

                /// <summary>Lowers the rate once a quantity has not improved for a while.</summary>
                public class ReduceLROnPlateau : LRScheduler
                {
                    private readonly bool lowest, relative, verbose;
                    private readonly double factor, threshold, eps;
                    private readonly double[] least;
                    private readonly int patience, cooldown;
                    private double best;
                    private int worse, resting;

                    public ReduceLROnPlateau(Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 0.0001, string threshold_mode = "rel", int cooldown = 0,
                        IList<double>? min_lr = null, double eps = 1e-08, bool verbose = false) : base(optimizer)
                    {
                        if (factor >= 1) throw new ArgumentException("Factor should be < 1.0");
                        if (mode is not ("min" or "max")) throw new ArgumentException($"mode {mode} is unknown!");
                        if (threshold_mode is not ("rel" or "abs")) throw new ArgumentException($"threshold mode {threshold_mode} is unknown!");
                        var groups = _base_lrs.Length;
                        least = min_lr is null or { Count: 0 } ? new double[groups] : min_lr.Count == 1 ? Enumerable.Repeat(min_lr[0], groups).ToArray() : min_lr.ToArray();
                        if (least.Length != groups) throw new ArgumentException($"expected {groups} min_lrs, got {least.Length}");
                        (lowest, relative, this.factor, this.patience, this.threshold) = (mode == "min", threshold_mode == "rel", factor, patience, threshold);
                        (this.cooldown, this.eps, this.verbose) = (cooldown, eps, verbose);
                        best = lowest ? double.PositiveInfinity : double.NegativeInfinity;
                        _last_epoch = 0;
                    }

                    public override void step(double current, int? epoch = null)
                    {
                        _step_count++;
                        _last_epoch = epoch ?? _last_epoch + 1;
                        if (Better(current)) (best, worse) = (current, 0);
                        else worse++;
                        if (resting > 0)
                        {
                            resting--;
                            worse = 0;
                        }
                        if (worse <= patience) return;
                        Reduce();
                        (resting, worse) = (cooldown, 0);
                    }

                    public override void step() => throw new InvalidOperationException("ReduceLROnPlateau wants the quantity that it watches: step(current).");
                    public override void step(int? epoch) => step();

                    public override IEnumerable<double> get_last_lr() => Rates;
                    protected override IEnumerable<double> get_lr() => Rates;

                    private bool Better(double current) => (lowest, relative) switch
                    {
                        (true, true) => current < best * (1 - threshold),
                        (true, false) => current < best - threshold,
                        (false, true) => current > best * (1 + threshold),
                        _ => current > best + threshold,
                    };

                    private void Reduce()
                    {
                        foreach (var (group, floor) in _optimizer.ParamGroups.Zip(least))
                        {
                            var rate = Math.Max(group.LearningRate * factor, floor);
                            if (group.LearningRate - rate <= eps) continue;
                            group.LearningRate = rate;
                            if (verbose) Console.WriteLine($"Epoch {_last_epoch}: reducing learning rate to {rate}");
                        }
                    }
                }
            }

            public static LRScheduler SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones, int last_epoch = -1) =>
                new impl.SequentialLR(optimizer, schedulers, milestones, last_epoch);
            public static LRScheduler ChainedLR(IEnumerable<LRScheduler> schedulers) => new impl.ChainedLR(schedulers);
            public static LRScheduler ReduceLROnPlateau(Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 0.0001, string threshold_mode = "rel", int cooldown = 0,
                IList<double>? min_lr = null, double eps = 1e-08, bool verbose = false) =>
                new impl.ReduceLROnPlateau(optimizer, mode, factor, patience, threshold, threshold_mode, cooldown, min_lr, eps, verbose);
        }
    }
}
