namespace CalGateway.CalCom.Protection;

/// <summary>Tells in words whether a request that would be sent now would pass to Cal.com.</summary>
internal static class LaneReport
{
    /// <summary>For example <c>closed, 3 of at most 100 at Cal.com, 0 waiting</c>, or <c>open, one request tries in 4 s</c>.</summary>
    /// <param name="lane">Null where nothing was sent with the key yet.</param>
    public static string Describe(UpstreamLane? lane, UpstreamOptions settings)
    {
        var state = !settings.Circuit.Enabled ? "switched off" : lane?.Circuit.State switch
        {
            CircuitState.Open => FormattableString.Invariant($"open, one request tries in {Math.Ceiling(lane.Circuit.OpenFor?.TotalSeconds ?? 0)} s"),
            CircuitState.HalfOpen => "half open, one request tries whether Cal.com is back",
            _ => "closed",
        };
        var limit = settings.MaxConcurrency > 0 ? FormattableString.Invariant($" of at most {settings.MaxConcurrency}") : "";
        return FormattableString.Invariant($"{state}, {lane?.Bulkhead.Active ?? 0}{limit} at Cal.com, {lane?.Bulkhead.Waiting ?? 0} waiting");
    }
}
