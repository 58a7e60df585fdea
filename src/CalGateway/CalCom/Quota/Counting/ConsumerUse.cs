using CalGateway.Journey;

namespace CalGateway.CalCom.Quota.Counting;

/// <summary>What one consumer asks and gets of one key. Consumers without a name count as one.</summary>
internal sealed class ConsumerUse(string id)
{
    private string? _name;

    /// <summary>By which gateways that share the key know it.</summary>
    public string Id { get; } = id;

    /// <summary>Null for those without a name, and for one that asks at other gateways only.</summary>
    public string? Name
    {
        get => _name;
        set => (_name, AsksHere) = (value, true);
    }

    /// <summary>False for one of which only other gateways have told.</summary>
    public bool AsksHere { get; private set; }

    /// <summary>Its weight against the others', as the settings have it.</summary>
    public double Share { get; set; } = 1;

    /// <summary>What it has asked for in the window that runs, whether or not it got it.</summary>
    public int Asked { get; set; }

    /// <summary>What it has asked for at the other gateways in the window that runs, as far as they told.</summary>
    public int AskedElsewhere { get; set; }

    /// <summary>What it has asked for at all gateways.</summary>
    public int TotalAsked => Asked + AskedElsewhere;

    /// <summary>What it had asked for in the whole window before, at all gateways.</summary>
    public int AskedBefore { get; private set; }

    /// <summary>What it was given in the window that runs.</summary>
    public int Used { get; set; }

    /// <summary>What it was given at the other gateways in the window that runs, as far as they told.</summary>
    public int UsedElsewhere { get; set; }

    /// <summary>What it was given at all gateways.</summary>
    public int TotalUsed => Used + UsedElsewhere;

    /// <summary>What it was refused in the window that runs.</summary>
    public int Refused { get; set; }

    /// <summary>How many of its requests wait, by class.</summary>
    public int[] WaitingBy { get; } = new int[Enum.GetValues<RequestClass>().Length];

    public int Waiting => WaitingBy.Sum();

    /// <summary>What it wants of a whole window is not known yet.</summary>
    public bool IsNew => AskedBefore == 0;

    /// <summary>It has asked for something lately: the others leave it its share.</summary>
    public bool IsActive => TotalAsked > 0 || AskedBefore > 0;

    /// <summary>What <see cref="FairShares"/> has worked out for it.</summary>
    public double Expected { get; set; }

    /// <inheritdoc cref="Expected"/>
    public double Fair { get; set; }

    /// <inheritdoc cref="Expected"/>
    public double Protected { get; set; }

    /// <summary>What it is expected to take yet of what is kept for it.</summary>
    public int Need => Math.Max(0, (int)Math.Round(Math.Min(Protected, Expected)) - TotalUsed);

    public void BeginWindow() => (AskedBefore, Asked, AskedElsewhere, Used, UsedElsewhere, Refused) = (TotalAsked, 0, 0, 0, 0, 0);
}
