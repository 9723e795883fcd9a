using static TorchSharp.torch.optim;

namespace TorchSharp.Modules
{
    /// <summary>Liu and Nocedal 1989: the method of Broyden, Fletcher, Goldfarb and Shanno with a memory of limited length, and no line search.</summary>
    public class LBFGS : Optimizer, ILearningRateController
    {
        public double _rate;

        private readonly long maxIterations, maxEvaluations, historySize;
        private readonly double gradientTolerance, changeTolerance;
        private readonly List<Parameter> all;
        private readonly List<(torch.Tensor Change, torch.Tensor Turn)> history = [];
        private torch.Tensor? direction, previous;
        private double scale = 1, lastSize;

        internal LBFGS(IEnumerable<Parameter> parameters, double lr, long max_iter, long? max_eval, double tolerance_grad, double tolerance_change, long history_size) : base(IntPtr.Zero)
        {
            if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
            (all, _rate, InitialLearningRate) = (parameters.ToList(), lr, lr);
            (maxIterations, maxEvaluations, historySize) = (max_iter, max_eval ?? max_iter * 5 / 4, history_size);
            (gradientTolerance, changeTolerance) = (tolerance_grad, tolerance_change);
            _parameter_groups.Add(new ParamGroup { Parameters = all });
        }

        public double LearningRate { get => _rate; set => _rate = value; }
        public double InitialLearningRate { get; set; }
        public override IEnumerable<ILearningRateController> ParamGroups => [this];

        /// <summary>Runs several iterations; the closure clears the gradients, computes the loss and calls backward.</summary>
        public override torch.Tensor step(Func<torch.Tensor>? closure = null)
        {
            if (closure is null) throw new ArgumentNullException(nameof(closure), "LBFGS wants a closure that computes the loss anew.");
            using var unrecorded = torch.no_grad();
            using var scope = torch.NewDisposeScope();
            torch.Tensor Evaluate()
            {
                using (torch.enable_grad()) return closure();
            }
            var first = Evaluate();
            var (loss, evaluations) = (first.ToDouble(), 1L);
            var gradient = Gradient();
            if (Largest(gradient) <= gradientTolerance) return first.MoveToOuterDisposeScope();
            for (long iteration = 1; iteration <= maxIterations; iteration++)
            {
                var began = direction is null;
                var next = began ? gradient.neg() : Direction(gradient);
                Keep(ref direction, next);
                Keep(ref previous, gradient.clone());
                var before = loss;
                var size = began ? Math.Min(1, 1 / gradient.abs().sum().ToDouble()) * _rate : _rate;
                lastSize = size;
                var slope = gradient.dot(next).ToDouble();
                if (slope > -changeTolerance) break;
                Add(next, size);
                if (iteration == maxIterations) break;
                loss = Evaluate().ToDouble();
                gradient = Gradient();
                evaluations++;
                if (evaluations >= maxEvaluations || Largest(gradient) <= gradientTolerance) break;
                if (Largest(next) * Math.Abs(size) <= changeTolerance || Math.Abs(loss - before) < changeTolerance) break;
            }
            return first.MoveToOuterDisposeScope();
        }

        // Two loops over the history, from the newest pair to the oldest and back.
        private torch.Tensor Direction(torch.Tensor gradient)
        {
            var turn = gradient.sub(previous!);
            var change = direction!.mul(lastSize);
            var curvature = turn.dot(change).ToDouble();
            if (curvature > 1e-10)
            {
                if (history.Count == historySize) Forget(0);
                history.Add((change.DetachFromDisposeScope(), turn.DetachFromDisposeScope()));
                scale = curvature / turn.dot(turn).ToDouble();
            }
            var weights = new double[history.Count];
            var q = gradient.neg();
            for (var i = history.Count - 1; i >= 0; i--)
            {
                weights[i] = history[i].Change.dot(q).ToDouble() / history[i].Turn.dot(history[i].Change).ToDouble();
                q = q.add(history[i].Turn, -weights[i]);
            }
            q = q.mul(scale);
            for (var i = 0; i < history.Count; i++)
            {
                var back = history[i].Turn.dot(q).ToDouble() / history[i].Turn.dot(history[i].Change).ToDouble();
                q = q.add(history[i].Change, weights[i] - back);
            }
            return q;
        }

        private torch.Tensor Gradient() => torch.cat(all.Select(p => (p.grad ?? torch.zeros_like(p)).reshape(-1)).ToArray());

        private static double Largest(torch.Tensor tensor) => tensor.abs().max().ToDouble();

        private void Add(torch.Tensor step, double size)
        {
            long at = 0;
            foreach (var parameter in all)
            {
                parameter.add_(step.narrow(0, at, parameter.numel()).view(parameter.shape), size);
                at += parameter.numel();
            }
        }

        private static void Keep(ref torch.Tensor? kept, torch.Tensor value)
        {
            kept?.Dispose();
            kept = value.DetachFromDisposeScope();
        }

        private void Forget(int at)
        {
            history[at].Change.Dispose();
            history[at].Turn.Dispose();
            history.RemoveAt(at);
        }

        protected override void Dispose(bool disposing)
        {
            if (!disposing) return;
            while (history.Count > 0) Forget(0);
            direction?.Dispose();
            previous?.Dispose();
            base.Dispose(disposing);
        }
    }
}

namespace TorchSharp
{
    using Modules;

    public static partial class torch
    {
        public static partial class optim
        {
            public static LBFGS LBFGS(IEnumerable<Parameter> parameters, double lr = 0.01, long max_iter = 20, long? max_eval = null, double tolerange_grad = 1e-5, double tolerance_change = 1e-9, long history_size = 100) =>
                new(parameters, lr, max_iter, max_eval, tolerange_grad, tolerance_change, history_size);
            public static LBFGS LBFGS(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.01, long max_iter = 20, long? max_eval = null, double tolerange_grad = 1e-5, double tolerance_change = 1e-9, long history_size = 100) =>
                new(parameters.Select(p => p.parameter), lr, max_iter, max_eval, tolerange_grad, tolerance_change, history_size);
        }
    }
}
