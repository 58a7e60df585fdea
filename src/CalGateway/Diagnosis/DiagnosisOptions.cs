using CalGateway.Diagnosis.Shape;

namespace CalGateway.Diagnosis;

/// <summary><c>CalGateway:Diagnosis</c>.</summary>
internal sealed class DiagnosisOptions
{
    /// <summary>What an answer in an older shape than the pinned version has leads to. <c>Report</c> (the default) or <c>Enforce</c>.</summary>
    public ShapeRule Shape { get; set; } = ShapeRule.Report;

    /// <summary>
    /// Whether a version mismatch of a read is asked about at the other versions, behind the first one of a route and revision and within the
    /// key's quota. The default is true.
    /// </summary>
    public bool Confirm { get; set; } = true;

    /// <summary>Whether a change of the structure of Cal.com's answers is told. The default is true.</summary>
    public bool Drift { get; set; } = true;
}
