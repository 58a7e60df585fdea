namespace CalGateway.Caching.Filling;

/// <summary>Keeps a body up to a limit. What is longer, or never ends, is let go of at once.</summary>
internal sealed class CappedBody(int limit, Action onOverflow) : MemoryStream
{
    /// <summary>It was longer than the limit; what is here is not all of it.</summary>
    public bool IsOverfull { get; private set; }

    /// <summary>Every other way of writing comes through here.</summary>
    public override void Write(byte[] buffer, int offset, int count)
    {
        if (IsOverfull)
            return;

        if (Length + count > limit)
        {
            IsOverfull = true;
            Free();
            onOverflow();
            return;
        }

        base.Write(buffer, offset, count);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && CanWrite)
            Free();
        base.Dispose(disposing);
    }

    /// <summary>Whoever still holds the stream holds no bytes.</summary>
    private void Free()
    {
        SetLength(0);
        Capacity = 0;
    }
}
