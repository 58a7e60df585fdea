namespace CalGateway.Journey.Routes;

/// <summary>
/// Objects that folders attach to an owner (a route's plan, a revision's plan, a caller), each by its type, so that the owner depends on no folder.
/// Reading one costs an array access: each type gets an index once per process.
/// </summary>
/// <typeparam name="TOwner">The owner's type. Each numbers its parts separately, so that the arrays stay short.</typeparam>
internal sealed class Parts<TOwner>
{
    private static int _types;

    private object?[] _parts = [];

    /// <summary>The part of this type; null for none.</summary>
    public T? Find<T>()
        where T : class
    {
        var parts = _parts;
        var index = Slot<T>.Index;
        return index < parts.Length ? (T?)parts[index] : null;
    }

    /// <summary>Must be called only while the owner is made, by one thread.</summary>
    public void Put<T>(T? part)
        where T : class
    {
        var index = Slot<T>.Index;
        if (index >= _parts.Length)
            Array.Resize(ref _parts, index + 1);
        _parts[index] = part;
    }

    private static class Slot<T>
    {
        public static readonly int Index = Interlocked.Increment(ref _types) - 1;
    }
}
