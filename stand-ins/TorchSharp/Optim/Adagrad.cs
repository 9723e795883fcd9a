using static TorchSharp.torch.optim;

namespace TorchSharp.Modules
{
    /// <summary>Duchi, Hazan and Singer 2011.</summary>
    public class Adagrad : OptimizerHelper
    {
        public Adagrad(IEnumerable<Parameter> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1e-10)
            : this([new ParamGroup { Parameters = parameters }], lr, lr_decay, weight_decay, initial_accumulator_value, eps) { }

        public Adagrad(IEnumerable<ParamGroup> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1e-10)
        {
            if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
            if (lr_decay < 0) throw new ArgumentException($"Invalid lr_decay value: {lr_decay}");
            if (weight_decay < 0) throw new ArgumentException($"Invalid weight_decay value: {weight_decay}");
            if (initial_accumulator_value < 0) throw new ArgumentException($"Invalid initial_accumulator_value value: {initial_accumulator_value}");
            if (eps < 0) throw new ArgumentException($"Invalid epsilon value: {eps}");
            _defaults = new Options { LearningRate = lr, InitialLearningRate = lr, lr_decay = lr_decay, weight_decay = weight_decay, initial_accumulator_value = initial_accumulator_value, eps = eps };
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
                if (o.weight_decay != 0) gradient = gradient.add(parameter, o.weight_decay!.Value);
                var rate = lr / (1 + (state.step - 1) * o.lr_decay!.Value);
                state.sum.addcmul_(gradient, gradient, 1);
                parameter.addcdiv_(gradient, state.sum.sqrt().add_(o.eps!.Value), -rate);
            }
        }, closure);

        public class Options : OptimizerOptions
        {
            public double? lr_decay, weight_decay, initial_accumulator_value, eps;

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

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1e-10)
                : base(parameters, new Options { LearningRate = lr, lr_decay = lr_decay, weight_decay = weight_decay, initial_accumulator_value = initial_accumulator_value, eps = eps }) { }
        }

        public class State : OptimizerState, IDisposable
        {
            public long step;
            public torch.Tensor sum = null!;

            public State(Parameter parameter) : base(parameter) { }

            public override void Initialize(OptimizerOptions options)
            {
                sum = Zeros();
                using (torch.no_grad()) sum.fill_(((Options)options).initial_accumulator_value!.Value);
            }

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
            public static Adagrad Adagrad(IEnumerable<Parameter> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1e-10) =>
                new(parameters, lr, lr_decay, weight_decay, initial_accumulator_value, eps);
            public static Adagrad Adagrad(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1e-10) =>
                new(parameters.Select(p => p.parameter), lr, lr_decay, weight_decay, initial_accumulator_value, eps);
            public static Adagrad Adagrad(IEnumerable<Adagrad.ParamGroup> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1e-10) =>
                new(parameters, lr, lr_decay, weight_decay, initial_accumulator_value, eps);
        }
    }
}
