using CalGateway;

if (ProcessLimits.Refusal() is { } refusal)
{
    await Console.Error.WriteLineAsync($"calgateway: {refusal}");
    return 1;
}

return await CommandLine.RunAsync(args);
