using static TorchSharp.torch.optim;

namespace TorchSharp.Modules
{
    /// <summary>Dozat 2016: Adam with the momentum of Nesterov.</summary>
    public class NAdam : OptimizerHelper, IBetas
    {
        public NAdam(IEnumerable<Parameter> parameters, double lr, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, double momentum_decay = 0.004)
            : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, momentum_decay) { }

        public NAdam(IEnumerable<ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, double momentum_decay = 0.004)
        {
            if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
            if (beta1 is < 0 or >= 1) throw new ArgumentException($"Invalid beta parameter at index 0: {beta1}");
            if (beta2 is < 0 or >= 1) throw new ArgumentException($"Invalid beta parameter at index 1: {beta2}");
            if (eps < 0) throw new ArgumentException($"Invalid epsilon value: {eps}");
            if (weight_decay < 0) throw new ArgumentException($"Invalid weight_decay value: {weight_decay}");
            if (momentum_decay < 0) throw new ArgumentException($"Invalid momentum_decay value: {momentum_decay}");
            _defaults = new Options { LearningRate = lr, InitialLearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, momentum_decay = momentum_decay };
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
                double Mu(long step) => beta1 * (1 - 0.5 * Math.Pow(0.96, step * o.momentum_decay!.Value));
                var (mu, next) = (Mu(state.step), Mu(state.step + 1));
                state.mu_product *= mu;
                state.exp_avg.mul_(beta1).add_(gradient, 1 - beta1);
                state.exp_avg_sq.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
                var deviation = state.exp_avg_sq.div(1 - Math.Pow(beta2, state.step)).sqrt_().add_(o.eps!.Value);
                parameter.addcdiv_(gradient, deviation, -lr * (1 - mu) / (1 - state.mu_product));
                parameter.addcdiv_(state.exp_avg, deviation, -lr * next / (1 - state.mu_product * next));
            }
        }, closure);

        public class Options : OptimizerOptions
        {
            public double? beta1, beta2, eps, weight_decay, momentum_decay;

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

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, double momentum_decay = 0.004)
                : base(parameters, new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, momentum_decay = momentum_decay }) { }

            public (double, double) Betas
            {
                get => (Options.beta1!.Value, Options.beta2!.Value);
                set => (Options.beta1, Options.beta2) = value;
            }
        }

        public class State : OptimizerState, IDisposable
        {
            public long step;
            public double mu_product = 1;
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
            public static NAdam NAdam(IEnumerable<Parameter> named_parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, double momentum_decay = 0.004) =>
                new(named_parameters, lr, beta1, beta2, eps, weight_decay, momentum_decay);
            public static NAdam NAdam(IEnumerable<(string name, Parameter parameter)> named_parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, double momentum_decay = 0.004) =>
                new(named_parameters.Select(p => p.parameter), lr, beta1, beta2, eps, weight_decay, momentum_decay);
            public static NAdam NAdam(IEnumerable<NAdam.ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, double momentum_decay = 0.004) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, momentum_decay);
        }
    }
}
