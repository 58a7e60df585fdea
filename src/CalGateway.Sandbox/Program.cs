using System.Runtime.InteropServices;
using CalGateway.Sandbox;

if (CommandLine.Parse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(CommandLine.Usage);
    return 2;
}

var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
try
{
    await using var sandbox = await SandboxHost.StartAsync(options);
    Console.WriteLine($"Cal.com sandbox at {sandbox.BaseAddress} with key {sandbox.ApiKey} (API versions and answers as https://api.cal.com)");
    Console.WriteLine($"Faults:   curl {sandbox.BaseAddress}_sandbox/faults -d '{{\"kind\":\"status\",\"status\":503,\"times\":3,\"match\":{{\"path\":\"/v2/event-types\"}}}}'");
    Console.WriteLine($"Requests: curl {sandbox.BaseAddress}_sandbox/requests");
    await ended.Task;
    await sandbox.StopAsync();
    return 0;
}
catch (Exception cannot) when (cannot is IOException or ArgumentException)
{
    await Console.Error.WriteLineAsync($"The sandbox could not start: {cannot.Message}");
    return 1;
}

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    ended.TrySetResult();
}
