using System.Collections.Concurrent;

namespace CalGateway.CalCom.Traffic;

/// <summary>The clusters besides Cal.com whose last answer was a failure, or that gave none.</summary>
internal sealed class OtherClusters(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Failure> _failing = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether any may be failing: asked with every answer, and to ask the dictionary takes its locks.</summary>
    private volatile bool _isUsed;

    /// <summary>The failing ones, by name.</summary>
    public IReadOnlyList<Failure> Failing => [.. _failing.Values.OrderBy(failure => failure.Cluster, StringComparer.Ordinal)];

    /// <param name="cluster">Its name in the settings.</param>
    /// <param name="destination">The base URL that was asked.</param>
    /// <param name="status">Of its answer; null where none came.</param>
    public void Note(string cluster, string? destination, int? status)
    {
        if (status is null or >= StatusCodes.Status500InternalServerError)
        {
            _isUsed = true;
            _failing[cluster] = new Failure(cluster, destination, status, clock.GetUtcNow());
        }
        else if (_isUsed)
        {
            _failing.TryRemove(cluster, out _);
        }
    }

    /// <param name="Cluster">Its name in the settings.</param>
    /// <param name="Destination">The base URL that was asked: after an edit of it the failure is history.</param>
    /// <param name="Status">Of its answer; null where none came.</param>
    /// <param name="At">When.</param>
    internal sealed record Failure(string Cluster, string? Destination, int? Status, DateTimeOffset At);
}
