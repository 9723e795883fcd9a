namespace TorchSharp;

/// <summary>Owns the tensors made while it is open, and disposes them with itself unless they were moved or detached.</summary>
public sealed class DisposeScope : IDisposable
{
    private readonly DisposeScopeManager manager;

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer) => (this.manager, OuterScope) = (manager, outer);

    internal HashSet<IDisposable> Held { get; } = new(ReferenceEqualityComparer.Instance);
    internal DisposeScope? OuterScope { get; set; }

    public int DisposablesCount => Held.Count;
    public IReadOnlyList<IDisposable> DisposablesView => Held.ToList();
    public bool Contains(IDisposable disposable) => Held.Contains(disposable);

    public void Attach(IDisposable disposable) => MoveTo(this, disposable);
    public void Attach(params IDisposable[] disposables) => Each(disposables, Attach);
    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        var all = disposables.ToList();
        all.ForEach(Attach);
        return all;
    }

    public T Detach<T>(T disposable) where T : IDisposable
    {
        Release(disposable);
        return disposable;
    }
    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable => (Detach(first), Detach(second));
    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable => (Detach(first), Detach(second), Detach(third));
    public void Detach(params IDisposable[] disposables) => Each(disposables, Release);
    public void Detach(IEnumerable<IDisposable> disposables) => Each(disposables, Release);

    public T MoveToOuter<T>(T disposable) where T : IDisposable => MoveToOther(OuterScope!, disposable);
    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable =>
        (MoveToOuter(first), MoveToOuter(second));
    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable => (MoveToOuter(first), MoveToOuter(second), MoveToOuter(third));
    public void MoveToOuter(params IDisposable[] disposables) => Each(disposables, d => MoveTo(OuterScope, d));
    public void MoveToOuter(IEnumerable<IDisposable> disposables) => Each(disposables, d => MoveTo(OuterScope, d));

    public T MoveToOther<T>(DisposeScope scope, T disposable) where T : IDisposable
    {
        MoveTo(scope, disposable);
        return disposable;
    }
    public void MoveToOther(DisposeScope scope, params IDisposable[] disposables) => Each(disposables, d => MoveTo(scope, d));
    public void MoveToOther(DisposeScope scope, IEnumerable<IDisposable> disposables) => Each(disposables, d => MoveTo(scope, d));

    public void DisposeEverything() => DisposeEverythingBut([]);
    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);
    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut([keep]);
        return keep;
    }
    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        var kept = inKeep.ToHashSet<IDisposable>(ReferenceEqualityComparer.Instance);
        foreach (var disposable in Held.Where(d => !kept.Contains(d)).ToList())
        {
            disposable.Dispose();
            Held.Remove(disposable);
        }
    }

    /// <summary>Forgets something that was disposed by other means.</summary>
    public void MarkAsDisposed(IDisposable disposable)
    {
        if (!Held.Remove(disposable) || disposable is not torch.Tensor tensor) return;
        tensor.OwningDisposeScope = null;
        DisposeScopeManager.Statistics.TensorStatistics.DisposedInScopeCount++;
    }

    public void Dispose()
    {
        DisposeEverything();
        manager.Close(this);
    }

    private static void Each(IEnumerable<IDisposable> disposables, Action<IDisposable> action)
    {
        foreach (var disposable in disposables) action(disposable);
    }

    private void Release(IDisposable disposable)
    {
        if (!Held.Remove(disposable) || disposable is not torch.Tensor tensor) return;
        tensor.OwningDisposeScope = null;
        DisposeScopeManager.Statistics.TensorStatistics.DetachedFromScopeCount++;
    }

    // Without a target the tensor belongs to nobody but its caller.
    internal void MoveTo(DisposeScope? target, IDisposable disposable)
    {
        if (target is null)
        {
            Release(disposable);
            return;
        }
        if (disposable is torch.Tensor tensor)
        {
            if (tensor.OwningDisposeScope == target) return;
            if (tensor.OwningDisposeScope is { } owner) owner.Held.Remove(tensor);
            else DisposeScopeManager.Statistics.TensorStatistics.AttachedToScopeCount++;
            tensor.OwningDisposeScope = target;
        }
        else
        {
            Held.Remove(disposable);
        }
        target.Held.Add(disposable);
    }
}

public static partial class torch
{
    /// <summary>Opens a scope; dispose it to dispose what it still owns.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.OfThread.Open();

    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.OfThread.Innermost;

    /// <summary>Runs an expression in a scope of its own and keeps only its result.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }
}
