namespace CalGateway.CalCom.Pins;

/// <summary>What a version pin that the catalogue doubts leads to.</summary>
internal enum PinRule
{
    /// <summary>It takes effect and is warned of everywhere: Cal.com may be ahead of the catalogue.</summary>
    Warn,

    /// <summary>It is refused unless the transform says <c>"Unverified": "true"</c>.</summary>
    Enforce,
}
