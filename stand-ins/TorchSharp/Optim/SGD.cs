using static TorchSharp.torch.optim;

namespace TorchSharp.Modules
{
    /// <summary>Gradient descent, with momentum if wanted.</summary>
    public class SGD : OptimizerHelper, IMomentum
    {
        public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize) { }

        public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
        {
            if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
            if (momentum < 0) throw new ArgumentException($"Invalid momentum value: {momentum}");
            if (weight_decay < 0) throw new ArgumentException($"Invalid weight_decay value: {weight_decay}");
            if (nesterov && (momentum == 0 || dampening != 0)) throw new ArgumentException("Nesterov momentum requires a momentum and zero dampening");
            _defaults = new Options
            {
                LearningRate = lr,
                InitialLearningRate = lr,
                momentum = momentum,
                dampening = dampening,
                weight_decay = weight_decay,
                nesterov = nesterov,
                maximize = maximize,
            };
            foreach (var group in parameters) add_param_group(group);
        }

        public double Momentum
        {
            get => ((ParamGroup)_parameter_groups[0]).Momentum;
            set
            {
                foreach (var group in _parameter_groups) ((ParamGroup)group).Momentum = value;
            }
        }

        public override void add_param_group(Modules.ParamGroup param_group) => AddGroup<Options>(param_group, options =>
        {
            var defaults = (Options)_defaults;
            options.momentum ??= defaults.momentum;
            options.dampening ??= defaults.dampening;
            options.weight_decay ??= defaults.weight_decay;
            options.nesterov ??= defaults.nesterov;
            options.maximize ??= defaults.maximize;
        }, parameter => new State(parameter));

        public override torch.Tensor step(Func<torch.Tensor>? closure = null) => _step<ParamGroup>(group =>
        {
            var o = group.Options;
            foreach (var parameter in group.Parameters)
            {
                using var scope = torch.NewDisposeScope();
                var gradient = parameter.grad;
                if (gradient is null) continue;
                var change = o.weight_decay != 0 ? gradient.add(parameter, o.weight_decay!.Value) : gradient;
                if (o.momentum != 0)
                {
                    var state = (State)_state[parameter.Handle];
                    if (state.momentum_buffer is null) state.momentum_buffer = change.detach().clone().DetachFromDisposeScope();
                    else state.momentum_buffer.mul_(o.momentum!.Value).add_(change, 1 - o.dampening!.Value);
                    change = o.nesterov == true ? change.add(state.momentum_buffer, o.momentum!.Value) : state.momentum_buffer;
                }
                parameter.add_(change, o.maximize == true ? o.LearningRate!.Value : -o.LearningRate!.Value);
            }
        }, closure);

        public class Options : OptimizerOptions
        {
            public double? momentum, dampening, weight_decay;
            public bool? nesterov, maximize;

            public override void SaveStateDict(BinaryWriter writer)
            {
                base.SaveStateDict(writer);
                foreach (var number in new[] { momentum, dampening, weight_decay }) writer.Write(number!.Value);
                writer.Write(nesterov!.Value);
                writer.Write(maximize!.Value);
            }

            public override void LoadStateDict(BinaryReader reader)
            {
                base.LoadStateDict(reader);
                (momentum, dampening, weight_decay) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
                (nesterov, maximize) = (reader.ReadBoolean(), reader.ReadBoolean());
            }

            public override void LoadStateDict(OptimizerOptions source)
            {
                base.LoadStateDict(source);
                var o = (Options)source;
                (momentum, dampening, weight_decay, nesterov, maximize) = (o.momentum, o.dampening, o.weight_decay, o.nesterov, o.maximize);
            }
        }

        public class ParamGroup : ParamGroup<Options>, IMomentum
        {
            public ParamGroup() { }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
                : base(parameters, new Options { LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize }) { }

            public double Momentum { get => Options.momentum!.Value; set => Options.momentum = value; }
        }

        public class State : OptimizerState, IDisposable
        {
            public torch.Tensor? momentum_buffer;

            public State(Parameter parameter) : base(parameter) { }

            public override void SaveStateDict(BinaryWriter writer) => SaveConditionalStateTensor(writer, momentum_buffer);
            public override void LoadStateDict(BinaryReader reader) => LoadConditionalStateTensor(reader, ref momentum_buffer, _parameter.device);
            public override void LoadStateDict(OptimizerState source) => Copy(((State)source).momentum_buffer, ref momentum_buffer);

            public override bool ApproximatelyEquals(OptimizerState other) => other is State s &&
                (momentum_buffer is null ? s.momentum_buffer is null : s.momentum_buffer is not null && momentum_buffer.allclose(s.momentum_buffer));

            public void Dispose() => momentum_buffer?.Dispose();
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
            public static SGD SGD(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
            public static SGD SGD(IEnumerable<(string name, Parameter parameter)> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters.Select(p => p.parameter), learningRate, momentum, dampening, weight_decay, nesterov, maximize);
            public static SGD SGD(IEnumerable<SGD.ParamGroup> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }
}
