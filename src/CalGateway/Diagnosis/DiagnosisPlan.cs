using CalGateway.Diagnosis.Drift;
using CalGateway.Diagnosis.NotFound;
using CalGateway.Diagnosis.Shape;

namespace CalGateway.Diagnosis;

/// <summary>How the answers of one route of one revision are examined.</summary>
/// <param name="NotFound">Which of Cal.com's 404s become the diagnostic 502.</param>
/// <param name="Shape">Checks that answers have the shape of the pinned version; null where Cal.com has only one shape for this route.</param>
/// <param name="Drift">Chooses the answers that are examined for changes of structure; null for none.</param>
internal sealed record DiagnosisPlan(CalNotFound NotFound, ShapeWatch? Shape, DriftPlan? Drift);
