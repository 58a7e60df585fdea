using CalGateway.Envelope;
using CalGateway.Journey;

namespace CalGateway.Commands;

/// <summary>The verb <c>health</c>: asks the gateway on this machine whether it is ready, for images without a shell. Exit code 0 if so, else 1.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <param name="addresses">The addresses at which a gateway with the same settings serves.</param>
    public static async Task<int> ExecuteAsync(IReadOnlyList<string> addresses, CancellationToken cancellation)
    {
        var failure = await FailureAsync(addresses, cancellation);
        await (failure is null ? Console.Out.WriteLineAsync("ready") : Console.Error.WriteLineAsync($"calgateway: not ready: {failure}"));
        return failure is null ? 0 : 1;
    }

    private static async Task<string?> FailureAsync(IReadOnlyList<string> addresses, CancellationToken cancellation)
    {
        if (OwnAddress.Among(addresses) is not { } address)
            return $"there is no port to ask at in {string.Join(", ", addresses)}; name the gateway's address with --urls.";

        using var client = address.CreateClient(Timeout);
        try
        {
            using var answer = await client.GetAsync("/healthz/ready", HttpCompletionOption.ResponseHeadersRead, cancellation);
            return !answer.Headers.Contains(GatewayHeaders.Revision) ? $"what answers at {address} is no CalGateway."
                : answer.IsSuccessStatusCode ? null
                : $"the gateway at {address} answers {(int)answer.StatusCode}.";
        }
        catch (HttpRequestException refused)
        {
            return $"{address} does not answer ({refused.HttpRequestError}).";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"what listens at {address} does not answer within {Timeout.TotalSeconds:0} s.";
        }
    }
}
