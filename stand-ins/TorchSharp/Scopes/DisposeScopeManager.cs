namespace TorchSharp;

/// <summary>The open scopes of each thread, innermost last.</summary>
public class DisposeScopeManager
{
    [ThreadStatic] private static DisposeScopeManager? current;

    private readonly ThreadDisposeScopeStatistics statistics = new();

    internal static DisposeScopeManager OfThread => current ??= new();

    public static ThreadDisposeScopeStatistics Statistics => OfThread.statistics;

    internal DisposeScope? Innermost { get; private set; }

    internal DisposeScope Open() => Innermost = new DisposeScope(this, Innermost);

    /// <summary>Takes a scope out of the chain, wherever in it the scope is.</summary>
    internal void Close(DisposeScope scope)
    {
        if (Innermost == scope)
        {
            Innermost = scope.OuterScope;
            return;
        }
        for (var s = Innermost; s is not null; s = s.OuterScope)
            if (s.OuterScope == scope) s.OuterScope = scope.OuterScope;
    }

    internal DisposeScope? Created(torch.Tensor tensor)
    {
        var counts = statistics.TensorStatistics;
        if (Innermost is null)
        {
            counts.CreatedOutsideScopeCount++;
            return null;
        }
        counts.CreatedInScopeCount++;
        Innermost.Held.Add(tensor);
        return Innermost;
    }
}
