using TorchSharp.Native;

namespace TorchSharp.Modules;

/// <summary>The step that Adam and AdamW share: in one pass over memory where that is possible, by tensor operations otherwise.</summary>
internal readonly record struct AdamRule(double LearningRate, double Beta1, double Beta2, double Epsilon, double WeightDecay, bool Decoupled, bool Maximize)
{
    internal static AdamRule Of(OptimizerOptions options, AdamSettings settings, bool decoupled) =>
        new(options.LearningRate!.Value, settings.Beta1!.Value, settings.Beta2!.Value, settings.Epsilon!.Value, settings.WeightDecay!.Value, decoupled, settings.Maximize!.Value);

    /// <summary>Changes each parameter that has a gradient; <paramref name="next"/> counts its step and gives its moments.</summary>
    internal void Step(IEnumerable<Parameter> parameters, Func<Parameter, AdamMoments> next)
    {
        foreach (var parameter in parameters)
        {
            using var gradient = parameter.grad;
            if (gradient is not null) Apply(parameter, gradient, next(parameter));
        }
    }

    private unsafe void Apply(Parameter parameter, torch.Tensor gradient, AdamMoments moments)
    {
        var (step, mean, variance, maximum) = moments;
        var correction1 = 1 - Math.Pow(Beta1, step);
        var root2 = Math.Sqrt(1 - Math.Pow(Beta2, step));
        var stepSize = LearningRate / correction1;
        if (maximum is null && !Maximize)
        {
            var constants = new AdamStep
            {
                Beta1 = Beta1,
                Beta2 = Beta2,
                Epsilon = Epsilon,
                StepSize = stepSize,
                RootCorrection2 = root2,
                WeightDecay = Decoupled ? 0 : WeightDecay,
                DecoupledDecay = Decoupled ? LearningRate * WeightDecay : 0,
            };
            var fused = Shim.shim_adam(parameter.Handle, gradient.Handle, mean.Handle, variance.Handle, &constants);
            Shim.Checked(fused);
            GC.KeepAlive(parameter);
            GC.KeepAlive(gradient);
            if (fused > 0) return;
        }
        using var scope = torch.NewDisposeScope();
        var g = Maximize ? gradient.neg() : gradient;
        if (WeightDecay != 0)
        {
            if (Decoupled) parameter.mul_(1 - LearningRate * WeightDecay);
            else g = g.add(parameter, WeightDecay);
        }
        mean.mul_(Beta1).add_(g, 1 - Beta1);
        variance.mul_(Beta2).addcmul_(g, g, 1 - Beta2);
        if (maximum is not null) maximum.copy_(maximum.maximum(variance));
        var denominator = (maximum ?? variance).sqrt().div_(root2).add_(Epsilon);
        parameter.addcdiv_(mean, denominator, -stepSize);
    }
}
