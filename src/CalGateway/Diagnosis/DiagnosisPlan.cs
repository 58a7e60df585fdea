using CalGateway.Diagnosis.Drift;
using CalGateway.Diagnosis.NotFound;
using CalGateway.Diagnosis.Shape;

namespace CalGateway.Diagnosis;

/// <summary>What is made of the answers of one route of one revision.</summary>
/// <param name="NotFound">Which upstream 404s become the diagnostic 502.</param>
/// <param name="Shape">Whether answers come in the shape of the pinned version; null where Cal.com has only one shape for what the route gets.</param>
/// <param name="Drift">Which answers are looked at for a change of their structure; null where none are.</param>
internal sealed record DiagnosisPlan(CalNotFound NotFound, ShapeWatch? Shape, DriftPlan? Drift);
