namespace CalGateway.Management.Concerns;

internal enum ConcernLevel
{
    /// <summary>Requests fail now.</summary>
    Failing,

    /// <summary>Requests may fail, or callers get something else than intended.</summary>
    Warning,

    /// <summary>It must be handled, but not soon.</summary>
    Notice,
}

/// <summary>Something that does not work as intended, and what to do about it.</summary>
/// <param name="Code">The kind of concern, for programs.</param>
/// <param name="Title">One line that says what is wrong.</param>
/// <param name="Detail">What follows from it, and how it is known.</param>
/// <param name="Route">The route's id; null where it concerns all routes.</param>
internal sealed record Concern(ConcernLevel Level, string Code, string Title, string Detail, string Remedy, string? Route = null);
