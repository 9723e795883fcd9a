using static TorchSharp.torch.optim;

namespace TorchSharp.Modules
{
    /// <summary>Kingma and Ba 2015, algorithm 1.</summary>
    public class Adam : OptimizerHelper, IBetas
    {
        public Adam(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize) { }

        public Adam(IEnumerable<ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        {
            var settings = new AdamSettings(beta1, beta2, eps, weight_decay, amsgrad, maximize);
            settings.Check(lr);
            _defaults = new Options { LearningRate = lr, InitialLearningRate = lr, Settings = settings };
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

        public override void add_param_group(Modules.ParamGroup param_group) => AddGroup<Options>(param_group,
            options => options.Settings = options.Settings.Or(((Options)_defaults).Settings), parameter => new State(parameter));

        public override torch.Tensor step(Func<torch.Tensor>? closure = null) => _step<ParamGroup>(group =>
            AdamRule.Of(group.Options, group.Options.Settings, decoupled: false)
                .Step(group.Parameters, parameter => ((State)_state[parameter.Handle]).Next()), closure);

        public class Options : OptimizerOptions
        {
            public double? beta1, beta2, eps, weight_decay;
            public bool? amsgrad, maximize;

            internal AdamSettings Settings
            {
                get => new(beta1, beta2, eps, weight_decay, amsgrad, maximize);
                set => (beta1, beta2, eps, weight_decay, amsgrad, maximize) = value;
            }

            public override void SaveStateDict(BinaryWriter writer)
            {
                base.SaveStateDict(writer);
                Settings.Save(writer);
            }

            public override void LoadStateDict(BinaryReader reader)
            {
                base.LoadStateDict(reader);
                Settings = AdamSettings.Load(reader);
            }

            public override void LoadStateDict(OptimizerOptions source)
            {
                base.LoadStateDict(source);
                Settings = ((Options)source).Settings;
            }
        }

        public class ParamGroup : ParamGroup<Options>, IBetas
        {
            public ParamGroup() { }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options) { }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
                : base(parameters, new Options { LearningRate = lr, Settings = new(beta1, beta2, eps, weight_decay, amsgrad, maximize) }) { }

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
            public torch.Tensor? max_exp_avg_sq;

            public State(Parameter parameter) : base(parameter) { }

            internal AdamMoments Moments
            {
                get => new(step, exp_avg, exp_avg_sq, max_exp_avg_sq);
                set => (step, exp_avg, exp_avg_sq, max_exp_avg_sq) = value;
            }

            /// <summary>Counts a step.</summary>
            internal AdamMoments Next()
            {
                step++;
                return Moments;
            }

            public override void Initialize(OptimizerOptions options) =>
                Moments = new(0, Zeros(), Zeros(), ((Options)options).amsgrad == true ? Zeros() : max_exp_avg_sq);

            public override void SaveStateDict(BinaryWriter writer) => Moments.Save(writer);
            public override void LoadStateDict(BinaryReader reader) => Moments = Moments.Load(reader, _parameter.device);
            public override void LoadStateDict(OptimizerState source) => Moments = Moments.Load(((State)source).Moments);
            public override bool ApproximatelyEquals(OptimizerState other) => other is State s && Moments.Near(s.Moments);
            public void Dispose() => Moments.Dispose();
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
            public static Adam Adam(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
            public static Adam Adam(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters.Select(p => p.parameter), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
            public static Adam Adam(IEnumerable<Adam.ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }
}
