namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Sets the learning rate of every group, epoch by epoch.</summary>
            public abstract class LRScheduler
            {
                internal readonly Optimizer _optimizer = null!;
                internal readonly double[] _base_lrs = [];
                internal int _last_epoch;
                protected int _step_count;
                private double[] last = [];

                protected LRScheduler() { }

                /// <param name="optimizer">The optimiser whose rates are set.</param>
                /// <param name="last_epoch">-1 to begin; otherwise the epoch that was reached, and the groups' InitialLearningRate is where it began.</param>
                /// <param name="verbose">Whether to print each change.</param>
                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    _optimizer = optimizer;
                    _last_epoch = last_epoch;
                    // Of several schedulers the first finds the rates as they were meant.
                    if (last_epoch == -1 && !optimizer.Scheduled)
                        foreach (var group in optimizer.ParamGroups) group.InitialLearningRate = group.LearningRate;
                    optimizer.Scheduled = true;
                    _base_lrs = optimizer.ParamGroups.Select(group => group.InitialLearningRate).ToArray();
                    last = optimizer.ParamGroups.Select(group => group.LearningRate).ToArray();
                    Verbose = verbose;
                }

                private bool Verbose { get; }

                /// <summary>Call it after each epoch (or step) of training.</summary>
                public virtual void step() => step(null);

                /// <summary>Goes to an epoch, by default to the next.</summary>
                public virtual void step(int? epoch)
                {
                    _step_count++;
                    _last_epoch = epoch ?? _last_epoch + 1;
                    Set((epoch is null ? get_lr() : get_closed_form_lr()).ToArray());
                }

                /// <summary>For schedulers that watch a quantity; the others ignore it.</summary>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                public virtual IEnumerable<double> get_last_lr() => last;

                protected abstract IEnumerable<double> get_lr();

                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();

                private protected IEnumerable<double> Rates => _optimizer.ParamGroups.Select(group => group.LearningRate);

                private void Set(double[] rates)
                {
                    foreach (var (group, rate) in _optimizer.ParamGroups.Zip(rates))
                    {
                        if (Verbose && group.LearningRate != rate) Console.WriteLine($"Adjusting learning rate to {rate}");
                        group.LearningRate = rate;
                    }
                    last = rates;
                }
            }
        }
    }
}
