namespace CalGateway.Diagnosis.Shape;

/// <summary>What an answer in an older shape than the pinned version has leads to.</summary>
internal enum ShapeRule
{
    /// <summary>It is passed on, marked and counted, and never stored.</summary>
    Report,

    /// <summary>A read becomes a 502. A write has been carried out, and saying otherwise would have it sent again: its answer is passed on.</summary>
    Enforce,
}
