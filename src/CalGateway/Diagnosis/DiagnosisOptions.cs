using CalGateway.Diagnosis.Shape;

namespace CalGateway.Diagnosis;

/// <summary><c>CalGateway:Diagnosis</c>.</summary>
internal sealed class DiagnosisOptions
{
    /// <summary>What an answer in an older shape than the pinned version has leads to. <c>Report</c> (the default) or <c>Enforce</c>.</summary>
    public ShapeRule Shape { get; set; } = ShapeRule.Report;
}
