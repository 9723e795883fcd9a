namespace TorchSharp.Modules;

/// <summary>Settings of an optimiser for a group of parameters.</summary>
public class OptimizerOptions
{
    public double? LearningRate { get; set; }
    public double InitialLearningRate { get; set; }

    public virtual void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(InitialLearningRate);
        writer.Write(LearningRate!.Value);
    }

    public virtual void LoadStateDict(BinaryReader reader)
    {
        InitialLearningRate = reader.ReadDouble();
        LearningRate = reader.ReadDouble();
    }

    public virtual void LoadStateDict(OptimizerOptions source) => (InitialLearningRate, LearningRate) = (source.InitialLearningRate, source.LearningRate);
}

/// <summary>Parameters that share settings.</summary>
public class ParamGroup : torch.optim.ILearningRateController
{
    public IEnumerable<Parameter> Parameters { get; set; } = [];
    public OptimizerOptions Options { get; set; } = new();

    public double LearningRate { get => Options.LearningRate!.Value; set => Options.LearningRate = value; }
    public double InitialLearningRate { get => Options.InitialLearningRate; set => Options.InitialLearningRate = value; }
}

/// <summary>A group whose settings are of a known type; what is not set is taken from the optimiser.</summary>
public class ParamGroup<TOptions> : ParamGroup where TOptions : OptimizerOptions
{
    public ParamGroup() { }

    public ParamGroup(IEnumerable<Parameter> parameters, TOptions? options = null)
    {
        Parameters = parameters;
        if (options is not null) base.Options = options;
    }

    public new TOptions Options { get => (TOptions)base.Options; set => base.Options = value; }
}

/// <summary>What an optimiser remembers of one parameter.</summary>
public abstract class OptimizerState
{
    protected Parameter _parameter;

    public OptimizerState(Parameter parameter) => _parameter = parameter;

    public virtual void Initialize(OptimizerOptions options) { }
    public virtual void to(torch.Device device) { }
    public abstract void SaveStateDict(BinaryWriter writer);
    public abstract void LoadStateDict(BinaryReader reader);
    public abstract void LoadStateDict(OptimizerState source);
    public virtual bool ApproximatelyEquals(OptimizerState other) => false;

    protected internal static void SaveConditionalStateTensor(BinaryWriter writer, torch.Tensor? tensor)
    {
        writer.Write(tensor is not null);
        tensor?.Save(writer);
    }

    protected internal static void LoadConditionalStateTensor(BinaryReader reader, ref torch.Tensor? result, torch.Device device)
    {
        if (!reader.ReadBoolean()) return;
        result?.Dispose();
        result = TensorExtensionMethods.Load(reader).to(device, disposeAfter: false).DetachFromDisposeScope();
    }

    /// <summary>A tensor of zeros like the parameter, which no scope disposes.</summary>
    private protected torch.Tensor Zeros()
    {
        using var unrecorded = torch.no_grad();
        return torch.zeros_like(_parameter).DetachFromDisposeScope();
    }

    internal static void Read(BinaryReader reader, torch.Tensor target)
    {
        using var unrecorded = torch.no_grad();
        target.Load(reader);
    }

    internal static void Copy(torch.Tensor source, torch.Tensor target)
    {
        using var unrecorded = torch.no_grad();
        target.copy_(source);
    }

    internal static void Copy(torch.Tensor? source, ref torch.Tensor? target)
    {
        target?.Dispose();
        using var unrecorded = torch.no_grad();
        target = source?.clone().DetachFromDisposeScope();
    }
}
