namespace CalGateway.Journey.Routes;

/// <summary>
/// What the rooms keep on one object (a route's plan, a revision's, a caller), each under its own type, so that the object itself knows no room.
/// To read one costs an index into an array: a type gets its number once per process and kind of owner.
/// </summary>
/// <typeparam name="TOwner">Whose parts they are; each kind of owner counts for itself, so that the arrays stay short.</typeparam>
internal sealed class Parts<TOwner>
{
    private static int _types;

    private object?[] _parts = [];

    /// <summary>Null where nothing was put there.</summary>
    public T? Find<T>()
        where T : class
    {
        var parts = _parts;
        var index = Slot<T>.Index;
        return index < parts.Length ? (T?)parts[index] : null;
    }

    /// <summary>While the owner is made, by one thread.</summary>
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
