namespace CalGateway.Diagnosis.Shape;

/// <summary>What happens to an answer in an older shape than that of the pinned version.</summary>
internal enum ShapeRule
{
    /// <summary>The answer is passed on with a header, counted, and not stored.</summary>
    Report,

    /// <summary>A read becomes a 502. The answer of a write is passed on, because an error would make callers repeat a write that was carried out.</summary>
    Enforce,
}
