namespace CalGateway.Doctor.Checks;

/// <summary>Does API v1 still answer? On the hosted Cal.com it is switched off; some self-hosted ones have it.</summary>
internal sealed class ApiV1Check : ICheck
{
    public string Title => "API v1";

    public async Task<CheckResult> RunAsync(DoctorContext context, CancellationToken cancellation)
    {
        if (!context.IsReached || context.Probe is not { } probe)
            return CheckResult.Skipped("Not asked.");

        var answer = await probe.ReadV1Async("/v1/event-types", cancellation);
        return answer switch
        {
            { NotAsked: true } => CheckResult.Skipped($"Not asked: {answer.Failure}."),
            { Failure: { } failure } => CheckResult.Doubtful($"GET /v1/event-types: {failure}.", null),
            { Status: StatusCodes.Status410Gone } => CheckResult.Good("Switched off (410), as on the hosted Cal.com: callers of /calcom/v1 are told the v2 call."),
            { Status: StatusCodes.Status200OK, IsHtml: false } => CheckResult.Good("It still works: callers of /calcom/v1 are served."),
            { Status: StatusCodes.Status404NotFound } => CheckResult.Good("There is none (404)."),
            _ => CheckResult.Doubtful($"GET /v1/event-types is answered with {answer.Status}.", "Only callers of /calcom/v1 are affected."),
        };
    }
}
