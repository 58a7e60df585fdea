namespace CalGateway.Journey.Callers;

/// <summary>The key of a Cal.com account, which may be rotated while requests are under way. A request reads it once, as <see cref="Current"/>.</summary>
internal sealed class Credential(string key)
{
    private Signature _current = new(key);

    public Signature Current => Volatile.Read(ref _current);

    /// <summary>Takes another key for all requests that start from now on; false where it is the same one.</summary>
    public bool Replace(Signature next)
    {
        if (next.Fingerprint == Current.Fingerprint)
            return false;

        Volatile.Write(ref _current, next);
        return true;
    }
}
