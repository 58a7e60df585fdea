namespace CalGateway.CalCom.Pins;

/// <summary><c>CalGateway:Pins</c>: what happens to a version pin that the catalogue doubts.</summary>
internal enum PinRule
{
    /// <summary>The pin takes effect, with warnings: Cal.com may be ahead of the catalogue.</summary>
    Warn,

    /// <summary>The pin is refused, unless the transform has <c>"Unverified": "true"</c>.</summary>
    Enforce,
}
