namespace CalGateway.Telemetry.Pulse;

/// <summary>What is counted for ten seconds. Whoever counts takes no lock.</summary>
internal interface IBeat
{
    /// <summary>Nothing has been counted.</summary>
    bool IsEmpty { get; }
}

/// <summary>
/// The last fifteen minutes in beats of ten seconds. Counting goes to <see cref="Current"/> and knows nothing of time: a timer
/// turns the ring. A beat in which nothing happened is not kept, so that what is idle costs next to nothing.
/// </summary>
internal sealed class BeatRing<TBeat>
    where TBeat : class, IBeat, new()
{
    private readonly TBeat?[] _past = new TBeat?[PulseRecorder.Beats - 1];
    private TBeat _current = new();
    private int _next;

    public TBeat Current => Volatile.Read(ref _current);

    /// <summary>Oldest first, the current one last; null where nothing happened. Not while the ring is turned.</summary>
    public TBeat?[] Read()
    {
        var beats = new TBeat?[PulseRecorder.Beats];
        for (var index = 0; index < _past.Length; index++)
            beats[index] = _past[(_next + index) % _past.Length];
        beats[^1] = _current;
        return beats;
    }

    /// <summary>One thread at a time. Who counts at this moment may still count into the beat before.</summary>
    public void Turn()
    {
        var over = _current;
        _past[_next] = over.IsEmpty ? null : over;
        _next = (_next + 1) % _past.Length;
        if (!over.IsEmpty)
            Volatile.Write(ref _current, new TBeat());
    }
}
