using System.Globalization;
using CalGateway.Catalogue;
using CalGateway.Diagnosis.Shape;

namespace CalGateway.Doctor.Matrix;

internal enum CellKind
{
    NotAsked,

    /// <summary>Answered; the family has only one shape, or the shape cannot be recognised.</summary>
    Answered,
    Current,
    Legacy,

    /// <summary>Cal.com has no route for it at this version.</summary>
    Missing,

    /// <summary>The route exists, but Cal.com refused this request or this account.</summary>
    Refused,
    Failed,
}

/// <summary>What one family answered at one version.</summary>
internal sealed record Cell(CellKind Kind, int? Status = null, string? Failure = null)
{
    public bool IsThere => Kind is CellKind.Answered or CellKind.Current or CellKind.Refused;

    public static Cell Of(ProbeAnswer answer, Operation operation) => answer switch
    {
        { NotAsked: true } => new Cell(CellKind.NotAsked, Failure: answer.Failure),
        { Failure: not null } => new Cell(CellKind.Failed, Failure: answer.Failure),
        { IsRouteMiss: true } => new Cell(CellKind.Missing, answer.Status),
        { IsHtml: true } or { Status: >= 500 or 429 } => new Cell(CellKind.Failed, answer.Status, $"answered with {answer.Status}"),
        { Status: not StatusCodes.Status200OK } => new Cell(CellKind.Refused, answer.Status),
        _ => new Cell(KindOf(operation.Shapes is { } marks ? Fingerprint.Read(answer.Body, marks) : SeenShape.Unknown), answer.Status),
    };

    public override string ToString() => Kind switch
    {
        CellKind.NotAsked => "·",
        CellKind.Answered => "✓",
        CellKind.Current => "✓ new",
        CellKind.Legacy => "✓ old",
        CellKind.Missing => "404",
        CellKind.Refused => Status!.Value.ToString(CultureInfo.InvariantCulture),
        _ => "error",
    };

    private static CellKind KindOf(SeenShape shape) => shape switch
    {
        SeenShape.Current => CellKind.Current,
        SeenShape.Legacy => CellKind.Legacy,
        _ => CellKind.Answered,
    };
}
