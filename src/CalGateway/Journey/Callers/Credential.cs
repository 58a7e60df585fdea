namespace CalGateway.Journey.Callers;

/// <summary>The key of a Cal.com account, which may be rotated while requests are served. A request must read <see cref="Current"/> only once.</summary>
internal sealed class Credential(string key)
{
    private Signature _current = new(key);

    public Signature Current => Volatile.Read(ref _current);

    /// <summary>Sets the key for all requests that start from now on. False where it is the same key.</summary>
    public bool Replace(Signature next)
    {
        if (next.Fingerprint == Current.Fingerprint)
            return false;

        Volatile.Write(ref _current, next);
        return true;
    }
}
