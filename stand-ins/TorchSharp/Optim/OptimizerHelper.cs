using TorchSharp.Utils;

namespace TorchSharp.Modules;

/// <summary>An optimiser with a state per parameter, which checkpoints save and restore to the bit.</summary>
public abstract class OptimizerHelper : torch.optim.Optimizer
{
    protected OptimizerOptions _defaults = new();
    protected OrderedDict<IntPtr, OptimizerState> _state = [];

    public OptimizerHelper() : base(IntPtr.Zero) { }

    /// <summary>Runs the closure, then <paramref name="body"/> for each group without recording.</summary>
    protected torch.Tensor _step<T>(Action<T> body, Func<torch.Tensor>? loss_closure = null) where T : ParamGroup
    {
        torch.Tensor? loss = null;
        if (loss_closure is not null)
            using (torch.enable_grad()) loss = loss_closure();
        using (torch.no_grad())
            foreach (var group in _parameter_groups) body((T)group);
        return loss!;
    }

    public virtual StateDictionary state_dict()
    {
        var dictionary = new StateDictionary();
        foreach (var group in _parameter_groups)
        {
            dictionary.Options.Add(group.Options);
            dictionary.StateIndexRef.Add([]);
            foreach (var parameter in group.Parameters)
            {
                dictionary.StateIndexRef[^1].Add(dictionary.State.Count);
                dictionary.State.Add(_state[parameter.Handle]);
            }
        }
        return dictionary;
    }

    public virtual void load_state_dict(StateDictionary state_dict)
    {
        RequireGroups(state_dict.Options.Count);
        for (var g = 0; g < _parameter_groups.Count; g++)
        {
            var parameters = _parameter_groups[g].Parameters.ToList();
            var indices = state_dict.StateIndexRef[g];
            if (indices.Count != parameters.Count)
                throw new ArgumentException($"Group {g} has {parameters.Count} parameters, the loaded state {indices.Count}.");
            _parameter_groups[g].Options.LoadStateDict(state_dict.Options[g]);
            for (var p = 0; p < parameters.Count; p++) _state[parameters[p].Handle].LoadStateDict(state_dict.State[indices[p]]);
        }
    }

    public void save_state_dict(string location)
    {
        using var writer = new BinaryWriter(File.Create(location));
        save_state_dict(writer);
    }

    public virtual void save_state_dict(BinaryWriter writer)
    {
        writer.Write(GetType().Name);
        writer.Write(_parameter_groups.Count);
        foreach (var group in _parameter_groups)
        {
            group.Options.SaveStateDict(writer);
            var parameters = group.Parameters.ToList();
            writer.Write(parameters.Count);
            foreach (var parameter in parameters) _state[parameter.Handle].SaveStateDict(writer);
        }
    }

    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        load_state_dict(reader);
    }

    public virtual void load_state_dict(BinaryReader reader)
    {
        if (reader.ReadString() is var type && type != GetType().Name) throw new ArgumentException($"The stored state is of {type}, not of {GetType().Name}.");
        RequireGroups(reader.ReadInt32());
        foreach (var group in _parameter_groups)
        {
            group.Options.LoadStateDict(reader);
            var parameters = group.Parameters.ToList();
            if (reader.ReadInt32() is var stored && stored != parameters.Count)
                throw new ArgumentException($"The group has {parameters.Count} parameters, the loaded state {stored}.");
            foreach (var parameter in parameters) _state[parameter.Handle].LoadStateDict(reader);
        }
    }

    public virtual void to(torch.Device device)
    {
        foreach (var (_, state) in _state) state.to(device);
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        foreach (var (_, state) in _state) (state as IDisposable)?.Dispose();
        _state.Clear();
    }

    private void RequireGroups(int stored)
    {
        if (stored != _parameter_groups.Count)
            throw new ArgumentException($"The optimiser has {_parameter_groups.Count} parameter groups, the loaded state {stored}.");
    }

    /// <summary>Adds a group: settings that it lacks come from the defaults, and each parameter gets a state.</summary>
    private protected void AddGroup<TOptions>(ParamGroup group, Action<TOptions> complete, Func<Parameter, OptimizerState> create) where TOptions : OptimizerOptions, new()
    {
        if (group.Options is not TOptions)
            group.Options = new TOptions { LearningRate = group.Options.LearningRate };
        var options = (TOptions)group.Options;
        options.LearningRate ??= _defaults.LearningRate;
        complete(options);
        options.InitialLearningRate = options.LearningRate!.Value;
        group.Parameters = group.Parameters.ToList();
        foreach (var parameter in group.Parameters)
        {
            if (_state.ContainsKey(parameter.Handle)) throw new ArgumentException("some parameters appear in more than one parameter group");
            var state = create(parameter);
            state.Initialize(options);
            _state[parameter.Handle] = state;
        }
        _parameter_groups.Add(group);
    }
}
