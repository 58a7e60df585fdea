using CalGateway.Commands;
using CalGateway.Commands.Running;

if (ProcessLimits.Refusal() is { } refusal)
{
    await StandardStreams.TryWarnAsync($"calgateway: {refusal}");
    return 1;
}

WorkingFolder.Ensure();
return await CommandLine.RunAsync(args);
