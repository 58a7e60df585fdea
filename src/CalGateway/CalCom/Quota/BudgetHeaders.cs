using CalGateway.Journey;
using CalGateway.Journey.Callers;

namespace CalGateway.CalCom.Quota;

/// <summary>
/// Tells callers with a key or a token their part of the quota at Cal.com: <c>RateLimit-Policy</c> and <c>RateLimit</c>, as structured fields
/// (draft-ietf-httpapi-ratelimit-headers). A caller is told nothing about other callers.
/// </summary>
internal sealed class BudgetHeaders
{
    private readonly QuotaLimiter _quotas;
    private readonly Func<object, Task> _write;

    public BudgetHeaders(QuotaLimiter quotas)
    {
        _quotas = quotas;
        _write = state =>
        {
            Write((GatewayCall)state);
            return Task.CompletedTask;
        };
    }

    /// <summary>Adds the headers when the response starts. To be called once for a request, when its caller is known.</summary>
    public void Announce(GatewayCall call)
    {
        if (call.Caller is { Kind: CallerKind.ApiKey or CallerKind.Jwt } && _quotas.IsEnabled)
            call.Context.Response.OnStarting(_write, call);
    }

    private void Write(GatewayCall call)
    {
        if (_quotas.BudgetOf(call.Partition?.Signature, call.Caller?.Name) is not { } budget)
            return;

        var headers = call.Context.Response.Headers;
        headers["RateLimit-Policy"] = FormattableString.Invariant($"\"calcom\";q={budget.Quota};w={Math.Ceiling(budget.Window.TotalSeconds)}");
        headers["RateLimit"] = budget.ResetsIn is { } wait
            ? FormattableString.Invariant($"\"calcom\";r={budget.Left};t={Math.Ceiling(wait.TotalSeconds)}")
            : FormattableString.Invariant($"\"calcom\";r={budget.Left}");
    }
}
