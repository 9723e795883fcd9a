namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Smith 2017: up and down between two rates, with the momentum the other way.</summary>
                public class CyclicLR : LRScheduler
                {
                    private readonly double[] lowest, highest;
                    private readonly Momenta? momenta;
                    private readonly double period, rise;
                    private readonly Func<double, double> scale;
                    private readonly ScaleMode scaled;

                    public CyclicLR(Optimizer optimizer, double base_lr, double max_lr, int step_size_up = 2000, int step_size_down = -1, Mode mode = Mode.Triangular, double gamma = 1,
                        Func<double, double>? scale_fn = null, ScaleMode scale_mode = ScaleMode.Cycle, bool cycle_momentum = true, double base_momentum = 0.8, double max_momentum = 0.9,
                        int last_epoch = -1, bool verbose = false)
                        : this(optimizer, Each(optimizer, base_lr), Each(optimizer, max_lr), step_size_up, step_size_down, mode, gamma, scale_fn, scale_mode, cycle_momentum,
                            Each(optimizer, base_momentum), Each(optimizer, max_momentum), last_epoch, verbose)
                    { }

                    public CyclicLR(Optimizer optimizer, IEnumerable<double> base_lr, IEnumerable<double> max_lr, int step_size_up = 2000, int step_size_down = -1, Mode mode = Mode.Triangular, double gamma = 1,
                        Func<double, double>? scale_fn = null, ScaleMode scale_mode = ScaleMode.Cycle, bool cycle_momentum = true, IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null,
                        int last_epoch = -1, bool verbose = false) : base(Started(optimizer, base_lr, last_epoch), last_epoch, verbose)
                    {
                        (lowest, highest) = (base_lr.ToArray(), max_lr.ToArray());
                        period = step_size_up + (step_size_down < 0 ? step_size_up : step_size_down);
                        rise = step_size_up / period;
                        (scale, scaled) = scale_fn is not null ? (scale_fn, scale_mode) : mode switch
                        {
                            Mode.Triangular2 => (cycle => 1 / Math.Pow(2, cycle - 1), ScaleMode.Cycle),
                            Mode.ExpRange => (iteration => Math.Pow(gamma, iteration), ScaleMode.Iterations),
                            _ => ((Func<double, double>)(_ => 1), ScaleMode.Cycle),
                        };
                        if (cycle_momentum) momenta = new(optimizer, base_momentum ?? Each(optimizer, 0.8), max_momentum ?? Each(optimizer, 0.9));
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        var cycle = Math.Floor(1 + _last_epoch / period);
                        var place = 1 + _last_epoch / period - cycle;
                        var height = (place <= rise ? place / rise : (place - 1) / (rise - 1)) * scale(scaled == ScaleMode.Cycle ? cycle : _last_epoch);
                        momenta?.Set((low, high) => high - (high - low) * height);
                        return lowest.Zip(highest, (low, high) => low + (high - low) * height);
                    }

                    public enum Mode { Triangular, Triangular2, ExpRange }

                    public enum ScaleMode { Cycle, Iterations }
                }

                /// <summary>Smith and Topin 2018: one long rise and fall, to far below the beginning.</summary>
                public class OneCycleLR : LRScheduler
                {
                    private readonly double[] highest;
                    private readonly double division, finalDivision;
                    private readonly Momenta? momenta;
                    private readonly int steps;
                    private readonly (double End, Height From, Height To)[] phases;
                    private readonly AnnealStrategy strategy;

                    private enum Height { Start, Highest, End }

                    public OneCycleLR(Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3, AnnealStrategy anneal_strategy = AnnealStrategy.Cos,
                        bool cycle_momentum = true, double base_momentum = 0.85, double max_momentum = 0.95, double div_factor = 25, double final_div_factor = 10000, bool three_phase = false,
                        int last_epoch = -1, bool verbose = false)
                        : this(optimizer, Each(optimizer, max_lr), total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum, Each(optimizer, base_momentum), Each(optimizer, max_momentum),
                            div_factor, final_div_factor, three_phase, last_epoch, verbose)
                    { }

                    public OneCycleLR(Optimizer optimizer, IEnumerable<double> max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3, AnnealStrategy anneal_strategy = AnnealStrategy.Cos,
                        bool cycle_momentum = true, IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null, double div_factor = 25, double final_div_factor = 10000, bool three_phase = false,
                        int last_epoch = -1, bool verbose = false) : base(Started(optimizer, max_lr.Select(rate => rate / div_factor), last_epoch), last_epoch, verbose)
                    {
                        if (total_steps <= 0 && (epochs <= 0 || steps_per_epoch <= 0)) throw new ArgumentException("You must define either total_steps OR (epochs AND steps_per_epoch)");
                        if (pct_start is < 0 or > 1) throw new ArgumentException($"Expected float between 0 and 1 pct_start, but got {pct_start}");
                        (highest, division, finalDivision, strategy) = (max_lr.ToArray(), div_factor, final_div_factor, anneal_strategy);
                        steps = total_steps > 0 ? total_steps : epochs * steps_per_epoch;
                        phases = three_phase
                            ? [(pct_start * steps - 1, Height.Start, Height.Highest), (2 * pct_start * steps - 2, Height.Highest, Height.Start), (steps - 1, Height.Start, Height.End)]
                            : [(pct_start * steps - 1, Height.Start, Height.Highest), (steps - 1, Height.Highest, Height.End)];
                        if (cycle_momentum) momenta = new(optimizer, base_momentum ?? Each(optimizer, 0.85), max_momentum ?? Each(optimizer, 0.95));
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (_last_epoch > steps) throw new InvalidOperationException($"Tried to step {_last_epoch + 1} times. The specified number of total steps is {steps}");
                        var at = Math.Min(phases.TakeWhile(phase => _last_epoch > phase.End).Count(), phases.Length - 1);
                        var begun = at == 0 ? 0 : phases[at - 1].End;
                        var (end, from, to) = phases[at];
                        var part = (_last_epoch - begun) / (end - begun);
                        momenta?.Set((low, high) => Between(from == Height.Highest ? low : high, to == Height.Highest ? low : high, part));
                        return highest.Select(high => Between(Rate(high, from), Rate(high, to), part));
                    }

                    private double Rate(double high, Height height) => height switch
                    {
                        Height.Highest => high,
                        Height.Start => high / division,
                        _ => high / division / finalDivision,
                    };

                    private double Between(double start, double end, double part) =>
                        strategy == AnnealStrategy.Cos ? end + (start - end) / 2 * (Math.Cos(Math.PI * part) + 1) : (end - start) * part + start;

                    public enum AnnealStrategy { Cos, Linear }
                }

                /// <summary>The momenta of an optimiser's groups, or the first of their betas.</summary>
                private sealed class Momenta
                {
                    private readonly ILearningRateController[] groups;
                    private readonly double[] lowest, highest;

                    internal Momenta(Optimizer optimizer, IEnumerable<double> lowest, IEnumerable<double> highest)
                    {
                        groups = optimizer.ParamGroups.ToArray();
                        if (groups.Any(group => group is not (IMomentum or IBetas))) throw new ArgumentException("optimizer must support momentum with `cycle_momentum` option enabled");
                        (this.lowest, this.highest) = (lowest.ToArray(), highest.ToArray());
                    }

                    internal void Set(Func<double, double, double> between)
                    {
                        for (var g = 0; g < groups.Length; g++)
                        {
                            var value = between(lowest[g], highest[g]);
                            if (groups[g] is IMomentum momentum) momentum.Momentum = value;
                            else if (groups[g] is IBetas betas) betas.Betas = (value, betas.Betas.Item2);
                        }
                    }
                }

                private static IEnumerable<double> Each(Optimizer optimizer, double value) => optimizer.ParamGroups.Select(_ => value).ToArray();

                private static Optimizer Started(Optimizer optimizer, IEnumerable<double> rates, int last_epoch)
                {
                    if (last_epoch != -1) return optimizer;
                    foreach (var (group, rate) in optimizer.ParamGroups.Zip(rates)) group.LearningRate = group.InitialLearningRate = rate;
                    return optimizer;
                }
            }

            public static LRScheduler CyclicLR(Optimizer optimizer, double base_lr, double max_lr, int step_size_up = 2000, int step_size_down = -1, impl.CyclicLR.Mode mode = impl.CyclicLR.Mode.Triangular, double gamma = 1,
                Func<double, double>? scale_fn = null, impl.CyclicLR.ScaleMode scale_mode = impl.CyclicLR.ScaleMode.Cycle, bool cycle_momentum = true, double base_momentum = 0.8, double max_momentum = 0.9, int last_epoch = -1, bool verbose = false) =>
                new impl.CyclicLR(optimizer, base_lr, max_lr, step_size_up, step_size_down, mode, gamma, scale_fn, scale_mode, cycle_momentum, base_momentum, max_momentum, last_epoch, verbose);
            public static LRScheduler CyclicLR(Optimizer optimizer, IEnumerable<double> base_lr, IEnumerable<double> max_lr, int step_size_up = 2000, int step_size_down = -1, impl.CyclicLR.Mode mode = impl.CyclicLR.Mode.Triangular, double gamma = 1,
                Func<double, double>? scale_fn = null, impl.CyclicLR.ScaleMode scale_mode = impl.CyclicLR.ScaleMode.Cycle, bool cycle_momentum = true, IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null, int last_epoch = -1, bool verbose = false) =>
                new impl.CyclicLR(optimizer, base_lr, max_lr, step_size_up, step_size_down, mode, gamma, scale_fn, scale_mode, cycle_momentum, base_momentum, max_momentum, last_epoch, verbose);
            public static LRScheduler OneCycleLR(Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3,
                impl.OneCycleLR.AnnealStrategy anneal_strategy = impl.OneCycleLR.AnnealStrategy.Cos, bool cycle_momentum = true, double base_momentum = 0.85, double max_momentum = 0.95,
                double div_factor = 25, double final_div_factor = 10000, bool three_phase = false, int last_epoch = -1, bool verbose = false) =>
                new impl.OneCycleLR(optimizer, max_lr, total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum, base_momentum, max_momentum, div_factor, final_div_factor, three_phase, last_epoch, verbose);
            public static LRScheduler OneCycleLR(Optimizer optimizer, IEnumerable<double> max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3,
                impl.OneCycleLR.AnnealStrategy anneal_strategy = impl.OneCycleLR.AnnealStrategy.Cos, bool cycle_momentum = true, IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null,
                double div_factor = 25, double final_div_factor = 10000, bool three_phase = false, int last_epoch = -1, bool verbose = false) =>
                new impl.OneCycleLR(optimizer, max_lr, total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum, base_momentum, max_momentum, div_factor, final_div_factor, three_phase, last_epoch, verbose);
        }
    }
}
