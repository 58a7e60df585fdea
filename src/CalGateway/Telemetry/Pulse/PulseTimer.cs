namespace CalGateway.Telemetry.Pulse;

/// <summary>Ends a beat every ten seconds.</summary>
internal sealed class PulseTimer(PulseRecorder pulse, TimeProvider clock) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(PulseRecorder.BeatLength, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            pulse.Turn();
    }
}
