using CalGateway.Journey;

namespace CalGateway.CalCom.Quota.Counting;

/// <summary>How many requests one consumer wants of one key and was given. Callers without a name count as one consumer.</summary>
/// <param name="id">The name by which gateways that share the key know the consumer.</param>
internal sealed class ConsumerUse(string id)
{
    private string? _name;

    public string Id { get; } = id;

    /// <summary>Null for callers without a name, and for a consumer that asks at other gateways only.</summary>
    public string? Name
    {
        get => _name;
        set => (_name, AsksHere) = (value, true);
    }

    /// <summary>False for a consumer that is known only from what other gateways reported.</summary>
    public bool AsksHere { get; private set; }

    /// <summary>The consumer's weight compared to the others': <c>Access:Consumers:…:Share</c>.</summary>
    public double Share { get; set; } = 1;

    /// <summary>How many requests the consumer wanted to send in the current window, including refused ones.</summary>
    public int Asked { get; set; }

    /// <summary>As <see cref="Asked"/>, at the other gateways that share the key, as they last reported.</summary>
    public int AskedElsewhere { get; set; }

    /// <summary>How many requests the consumer wanted to send in the current window at all gateways.</summary>
    public int TotalAsked => Asked + AskedElsewhere;

    /// <summary>As <see cref="TotalAsked"/>, in the whole previous window.</summary>
    public int AskedBefore { get; private set; }

    /// <summary>How many of its requests were admitted in the current window.</summary>
    public int Used { get; set; }

    /// <summary>As <see cref="Used"/>, at the other gateways that share the key, as they last reported.</summary>
    public int UsedElsewhere { get; set; }

    /// <summary>How many of its requests were admitted in the current window at all gateways.</summary>
    public int TotalUsed => Used + UsedElsewhere;

    /// <summary>How many of its writes and reads were refused in the current window.</summary>
    public int Refused { get; set; }

    /// <summary>How many of its requests wait, by class.</summary>
    public int[] WaitingBy { get; } = new int[Enum.GetValues<RequestClass>().Length];

    public int Waiting => WaitingBy.Sum();

    /// <summary>True if the consumer did not ask in the previous window, so that its demand for a whole window is not known.</summary>
    public bool IsNew => AskedBefore == 0;

    /// <summary>True if the consumer asked in the current or the previous window. Only active consumers have a share.</summary>
    public bool IsActive => TotalAsked > 0 || AskedBefore > 0;

    /// <summary>How many requests it is expected to want in the whole window. Computed by <see cref="FairShares"/>.</summary>
    public double Expected { get; set; }

    /// <summary>How many requests of the whole window are its share. Computed by <see cref="FairShares"/>.</summary>
    public double Fair { get; set; }

    /// <summary>As <see cref="Fair"/>, for everything but writes. Computed by <see cref="FairShares"/>.</summary>
    public double Protected { get; set; }

    /// <summary>How many more requests it is expected to want within its share. Others must leave it so many.</summary>
    public int Need => Math.Max(0, (int)Math.Round(Math.Min(Protected, Expected)) - TotalUsed);

    public void BeginWindow() => (AskedBefore, Asked, AskedElsewhere, Used, UsedElsewhere, Refused) = (TotalAsked, 0, 0, 0, 0, 0);
}
