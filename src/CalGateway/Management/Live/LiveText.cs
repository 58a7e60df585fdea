using System.Text.Json;
using CalGateway.Problems;
using CalGateway.Telemetry.Recent;

namespace CalGateway.Management.Live;

/// <summary>The events' text, built once for all listeners.</summary>
internal sealed class LiveText(StatusReport report, RecentActivity activity, TimeProvider clock)
{
    /// <summary>Less than the interval of a listener, so that each of them gets new text every time.</summary>
    private static readonly TimeSpan Lifetime = LiveEvents.Interval / 2;

    private readonly Lock _lock = new();
    private (string Status, string Activity)? _text;
    private long _builtAt;

    /// <summary>Two lines of JSON: the status, and the series of the last fifteen minutes.</summary>
    public (string Status, string Activity) Now()
    {
        lock (_lock)
        {
            if (_text is { } text && clock.GetElapsedTime(_builtAt) < Lifetime)
                return text;

            _builtAt = clock.GetTimestamp();
            var built = (JsonSerializer.Serialize(report.Now(), ReadableJson.OneLine), JsonSerializer.Serialize(ActivitySeries.Of(activity.Read()), ReadableJson.OneLine));
            _text = built;
            return built;
        }
    }
}
