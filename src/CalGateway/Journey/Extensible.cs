namespace CalGateway.Journey;

/// <summary>
/// Something to which folders attach parts, each by its type, so that it depends on no folder: a route's plan, a revision's plan, a caller.
/// Reading a part is one array access, because each type of part gets its index once per process.
/// </summary>
/// <typeparam name="TSelf">The class itself. Each class numbers its parts separately, so that the arrays stay short.</typeparam>
internal abstract class Extensible<TSelf>
    where TSelf : Extensible<TSelf>
{
    private static int _types;

    private object?[] _parts = [];

    /// <summary>What a folder has attached; null for nothing.</summary>
    public T? Part<T>()
        where T : class
    {
        var parts = _parts;
        var index = Slot<T>.Index;
        return index < parts.Length ? (T?)parts[index] : null;
    }

    /// <summary>Attaches a part. Must be called only while the object is made, by one thread.</summary>
    public TSelf With<T>(T? part)
        where T : class
    {
        var index = Slot<T>.Index;
        if (index >= _parts.Length)
            Array.Resize(ref _parts, index + 1);
        _parts[index] = part;
        return (TSelf)this;
    }

    private static class Slot<T>
    {
        public static readonly int Index = Interlocked.Increment(ref _types) - 1;
    }
}
