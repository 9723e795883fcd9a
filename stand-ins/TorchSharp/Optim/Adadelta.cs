using static TorchSharp.torch.optim;

namespace TorchSharp.Modules
{
    /// <summary>Zeiler 2012, algorithm 1.</summary>
    public class Adadelta : OptimizerHelper
    {
        public Adadelta(IEnumerable<Parameter> parameters, double lr, double rho = 0.9, double eps = 1e-06, double weight_decay = 0, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, rho, eps, weight_decay, maximize) { }

        public Adadelta(IEnumerable<ParamGroup> parameters, double lr = 1, double rho = 0.9, double eps = 1e-06, double weight_decay = 0, bool maximize = false)
        {
            if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
            if (rho is < 0 or > 1) throw new ArgumentException($"Invalid rho value: {rho}");
            if (eps < 0) throw new ArgumentException($"Invalid epsilon value: {eps}");
            if (weight_decay < 0) throw new ArgumentException($"Invalid weight_decay value: {weight_decay}");
            _defaults = new Options { LearningRate = lr, InitialLearningRate = lr, rho = rho, eps = eps, weight_decay = weight_decay, maximize = maximize };
            foreach (var group in parameters) add_param_group(group);
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
                if (o.maximize == true) gradient = gradient.neg();
                if (o.weight_decay != 0) gradient = gradient.add(parameter, o.weight_decay!.Value);
                var (rho, eps) = (o.rho!.Value, o.eps!.Value);
                state.square_avg.mul_(rho).addcmul_(gradient, gradient, 1 - rho);
                var delta = state.acc_delta.add(eps).sqrt_().div_(state.square_avg.add(eps).sqrt_()).mul_(gradient);
                state.acc_delta.mul_(rho).addcmul_(delta, delta, 1 - rho);
                parameter.add_(delta, -lr);
            }
        }, closure);

        public class Options : OptimizerOptions
        {
            public double? rho, eps, weight_decay;
            public bool? maximize;

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

        public class ParamGroup : ParamGroup<Options>
        {
            public ParamGroup() { }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1, double rho = 0.9, double eps = 1e-06, double weight_decay = 0, bool maximize = false)
                : base(parameters, new Options { LearningRate = lr, rho = rho, eps = eps, weight_decay = weight_decay, maximize = maximize }) { }
        }

        public class State : OptimizerState, IDisposable
        {
            public long step;
            public torch.Tensor square_avg = null!, acc_delta = null!;

            public State(Parameter parameter) : base(parameter) { }

            public override void Initialize(OptimizerOptions options) => (square_avg, acc_delta) = (Zeros(), Zeros());

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
            public static Adadelta Adadelta(IEnumerable<Parameter> parameters, double lr = 1.0, double rho = 0.9, double eps = 1e-06, double weight_decay = 0, bool maximize = false) =>
                new(parameters, lr, rho, eps, weight_decay, maximize);
            public static Adadelta Adadelta(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 1.0, double rho = 0.9, double eps = 1e-06, double weight_decay = 0, bool maximize = false) =>
                new(parameters.Select(p => p.parameter), lr, rho, eps, weight_decay, maximize);
            public static Adadelta Adadelta(IEnumerable<Adadelta.ParamGroup> parameters, double lr = 1.0, double rho = 0.9, double eps = 1e-06, double weight_decay = 0, bool maximize = false) =>
                new(parameters, lr, rho, eps, weight_decay, maximize);
        }
    }
}
