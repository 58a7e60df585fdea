using System.Text.Json;
using CalGateway.Problems;
using CalGateway.Telemetry.Recent;

namespace CalGateway.Management.Live;

/// <summary>What those who watch are told, made once for all of them.</summary>
internal sealed class LiveText(StatusReport report, RecentActivity activity, TimeProvider clock)
{
    /// <summary>Less than what each of them waits, so that none misses a turn.</summary>
    private static readonly TimeSpan GoodFor = LiveEvents.Interval / 2;

    private readonly Lock _lock = new();
    private (string Status, string Pulse)? _text;
    private long _madeAt;

    /// <summary>As lines of JSON: the status, and the series of the last fifteen minutes.</summary>
    public (string Status, string Pulse) Now()
    {
        lock (_lock)
        {
            if (_text is { } text && clock.GetElapsedTime(_madeAt) < GoodFor)
                return text;

            _madeAt = clock.GetTimestamp();
            var made = (JsonSerializer.Serialize(report.Now(), ReadableJson.OneLine), JsonSerializer.Serialize(ActivitySeries.Of(activity.Read()), ReadableJson.OneLine));
            _text = made;
            return made;
        }
    }
}
