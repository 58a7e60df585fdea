using CalGateway.Diagnosis.Shape;

namespace CalGateway.Diagnosis;

/// <summary><c>CalGateway:Diagnosis</c>.</summary>
internal sealed class DiagnosisOptions
{
    /// <summary>What happens to an answer in an older shape than that of the pinned version. <c>Report</c> (the default) or <c>Enforce</c>.</summary>
    public ShapeRule Shape { get; set; } = ShapeRule.Report;

    /// <summary>
    /// After the first version mismatch of a route and revision: whether the read is sent at the other versions too, in the background and within the key's
    /// quota. The default is true.
    /// </summary>
    public bool Confirm { get; set; } = true;

    /// <summary>Whether a change of the structure of Cal.com's answers is reported. The default is true.</summary>
    public bool Drift { get; set; } = true;
}
