namespace CalGateway.Management.Concerns;

internal enum ConcernLevel
{
    /// <summary>Requests go wrong now.</summary>
    Failing,

    /// <summary>They may, or callers get something else than was meant.</summary>
    Warning,

    /// <summary>There is time.</summary>
    Notice,
}

/// <summary>Something that is not well, and what to do about it.</summary>
/// <param name="Code">Names the kind, for programs.</param>
/// <param name="Title">What it is, in one line.</param>
/// <param name="Detail">What it means, and how it is known.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Route">Which route it is about; null for all of them.</param>
internal sealed record Concern(ConcernLevel Level, string Code, string Title, string Detail, string Remedy, string? Route = null);
