using static TorchSharp.torch.optim;

namespace TorchSharp.Modules
{
    /// <summary>Liu et al. 2020, algorithm 2: Adam that starts without the variance while too little is known of it.</summary>
    public class RAdam : OptimizerHelper, IBetas
    {
        public RAdam(IEnumerable<Parameter> parameters, double lr, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0)
            : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay) { }

        public RAdam(IEnumerable<ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0)
        {
            if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
            if (beta1 is < 0 or >= 1) throw new ArgumentException($"Invalid beta parameter at index 0: {beta1}");
            if (beta2 is < 0 or >= 1) throw new ArgumentException($"Invalid beta parameter at index 1: {beta2}");
            if (eps < 0) throw new ArgumentException($"Invalid epsilon value: {eps}");
            if (weight_decay < 0) throw new ArgumentException($"Invalid weight_decay value: {weight_decay}");
            _defaults = new Options { LearningRate = lr, InitialLearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay };
            foreach (var group in parameters) add_param_group(group);
        }

        /// <summary>Of the first group; setting it sets all.</summary>
        public (double, double) Betas
        {
            get => ((ParamGroup)_parameter_groups[0]).Betas;
            set
            {
                foreach (var group in _parameter_groups) ((ParamGroup)group).Betas = value;
            }
        }

        public override void add_param_group(Modules.ParamGroup param_group) =>
            AddGroup<Options>(param_group, options => OptimizerFields.Complete(options, _defaults), parameter => new State(parameter));

        public override torch.Tensor step(Func<torch.Tensor>? closure = null) => _step<Modules.ParamGroup>(group =>
        {
            var o = (Options)group.Options;
            var lr = o.LearningRate!.Value;
            foreach (var parameter in group.Parameters)
            {
                using var scope = torch.NewDisposeScope();
                if (parameter.grad is not { } gradient) continue;
                var state = (State)_state[parameter.Handle];
                state.step++;
                if (o.weight_decay != 0) gradient = gradient.add(parameter, o.weight_decay!.Value);
                var (beta1, beta2) = (o.beta1!.Value, o.beta2!.Value);
                var correction = 1 - Math.Pow(beta2, state.step);
                state.exp_avg.mul_(beta1).add_(gradient, 1 - beta1);
                state.exp_avg_sq.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
                var size = lr / (1 - Math.Pow(beta1, state.step));
                var most = 2 / (1 - beta2) - 1;
                var length = most - 2 * state.step * Math.Pow(beta2, state.step) / correction;
                if (length <= 5)
                {
                    parameter.add_(state.exp_avg, -size);
                    continue;
                }
                var rectified = Math.Sqrt((length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length));
                parameter.addcdiv_(state.exp_avg, state.exp_avg_sq.sqrt().add_(o.eps!.Value), -size * rectified * Math.Sqrt(correction));
            }
        }, closure);

        public class Options : OptimizerOptions
        {
            public double? beta1, beta2, eps, weight_decay;

            public override void SaveStateDict(BinaryWriter writer)
            {
                base.SaveStateDict(writer);
                OptimizerFields.Save(this, writer);
            }

            public override void LoadStateDict(BinaryReader reader)
            {
                base.LoadStateDict(reader);
                OptimizerFields.Load(this, reader);
            }

            public override void LoadStateDict(OptimizerOptions source)
            {
                base.LoadStateDict(source);
                OptimizerFields.Copy((Options)source, this);
            }
        }

        public class ParamGroup : ParamGroup<Options>, IBetas
        {
            public ParamGroup() { }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0)
                : base(parameters, new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay }) { }

            public (double, double) Betas
            {
                get => (Options.beta1!.Value, Options.beta2!.Value);
                set => (Options.beta1, Options.beta2) = value;
            }
        }

        public class State : OptimizerState, IDisposable
        {
            public long step;
            public torch.Tensor exp_avg = null!, exp_avg_sq = null!;

            public State(Parameter parameter) : base(parameter) { }

            public override void Initialize(OptimizerOptions options) => (exp_avg, exp_avg_sq) = (Zeros(), Zeros());

            public override void SaveStateDict(BinaryWriter writer) => OptimizerFields.Save(this, writer);
            public override void LoadStateDict(BinaryReader reader) => OptimizerFields.Load(this, reader, _parameter.device);
            public override void LoadStateDict(OptimizerState source) => OptimizerFields.Copy((State)source, this);
            public override bool ApproximatelyEquals(OptimizerState other) => OptimizerFields.Near(this, other);
            public void Dispose() => OptimizerFields.Dispose(this);
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
            public static RAdam RAdam(IEnumerable<Parameter> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay);
            public static RAdam RAdam(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0) =>
                new(parameters.Select(p => p.parameter), lr, beta1, beta2, eps, weight_decay);
            public static RAdam RAdam(IEnumerable<RAdam.ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay);
        }
    }
}
