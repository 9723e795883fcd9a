using static TorchSharp.torch.optim;

namespace TorchSharp.Modules
{
    /// <summary>Polyak and Juditsky 1992: gradient descent that also averages where it has been.</summary>
    public class ASGD : OptimizerHelper
    {
        public ASGD(IEnumerable<Parameter> parameters, double lr = 0.01, double lambd = 0.0001, double alpha = 0.75, double t0 = 1000000.0, double weight_decay = 0, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, lambd, alpha, t0, weight_decay, maximize) { }

        public ASGD(IEnumerable<ParamGroup<ASGD.Options>> parameters, double lr = 0.01, double lambd = 0.0001, double alpha = 0.75, double t0 = 1000000.0, double weight_decay = 0, bool maximize = false)
        {
            if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
            if (weight_decay < 0) throw new ArgumentException($"Invalid weight_decay value: {weight_decay}");
            _defaults = new Options { LearningRate = lr, InitialLearningRate = lr, lambd = lambd, alpha = alpha, t0 = t0, weight_decay = weight_decay, maximize = maximize };
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
                parameter.mul_(1 - o.lambd!.Value * state.eta).add_(gradient, -state.eta);
                if (state.mu == 1) state.ax.copy_(parameter);
                else state.ax.add_(parameter.sub(state.ax), state.mu);
                state.eta = lr / Math.Pow(1 + o.lambd!.Value * lr * state.step, o.alpha!.Value);
                state.mu = 1 / Math.Max(1, state.step - o.t0!.Value);
            }
        }, closure);

        public class Options : OptimizerOptions
        {
            public double? lambd, alpha, t0, weight_decay;
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

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.01, double lambd = 0.0001, double alpha = 0.75, double t0 = 1000000.0, double weight_decay = 0)
                : base(parameters, new Options { LearningRate = lr, lambd = lambd, alpha = alpha, t0 = t0, weight_decay = weight_decay }) { }
        }

        public class State : OptimizerState, IDisposable
        {
            public long step;
            public double eta, mu = 1;
            public torch.Tensor ax = null!;

            public State(Parameter parameter) : base(parameter) { }

            public override void Initialize(OptimizerOptions options) => (eta, ax) = (options.LearningRate!.Value, Zeros());

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
            public static ASGD ASGD(IEnumerable<Parameter> parameters, double lr = 0.001, double lambd = 0.0001, double alpha = 0.75, double t0 = 1000000.0, double weight_decay = 0, bool maximize = false) =>
                new(parameters, lr, lambd, alpha, t0, weight_decay, maximize);
            public static ASGD ASGD(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.001, double lambd = 0.0001, double alpha = 0.75, double t0 = 1000000.0, double weight_decay = 0, bool maximize = false) =>
                new(parameters.Select(p => p.parameter), lr, lambd, alpha, t0, weight_decay, maximize);
            public static ASGD ASGD(IEnumerable<ParamGroup<ASGD.Options>> parameters, double lr = 0.001, double lambd = 0.0001, double alpha = 0.75, double t0 = 1000000.0, double weight_decay = 0, bool maximize = false) =>
                new(parameters, lr, lambd, alpha, t0, weight_decay, maximize);
        }
    }
}
