namespace TorchSharp.Modules;

/// <summary>A module with nothing to learn and nothing to store.</summary>
public abstract class ParameterLessModule<T1, TResult> : torch.nn.Module<T1, TResult>
{
    protected ParameterLessModule(string name) : base(name) { }
}

public abstract class ParameterLessModule<T1, T2, TResult> : torch.nn.Module<T1, T2, TResult>
{
    protected ParameterLessModule(string name) : base(name) { }
}

public abstract class ParameterLessModule<T1, T2, T3, TResult> : torch.nn.Module<T1, T2, T3, TResult>
{
    protected ParameterLessModule(string name) : base(name) { }
}

public abstract class ParameterLessModule<T1, T2, T3, T4, TResult> : torch.nn.Module<T1, T2, T3, T4, TResult>
{
    protected ParameterLessModule(string name) : base(name) { }
}

public abstract class ParameterLessModule<T1, T2, T3, T4, T5, TResult> : torch.nn.Module<T1, T2, T3, T4, T5, TResult>
{
    protected ParameterLessModule(string name) : base(name) { }
}

public abstract class ParameterLessModule<T1, T2, T3, T4, T5, T6, TResult> : torch.nn.Module<T1, T2, T3, T4, T5, T6, TResult>
{
    protected ParameterLessModule(string name) : base(name) { }
}
