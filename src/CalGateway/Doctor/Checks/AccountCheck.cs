using System.Text.Json;
using CalGateway.Catalogue;
using CalGateway.Problems;

namespace CalGateway.Doctor.Checks;

/// <summary>Does Cal.com accept the credential, and whose is it?</summary>
internal sealed class AccountCheck : ICheck
{
    public string Title => "Account";

    public async Task<CheckResult> RunAsync(DoctorContext context, CancellationToken cancellation)
    {
        if (context.Probe is not { } probe)
            return CheckResult.Skipped("Not asked: there is no credential.");
        if (!context.IsReached)
            return CheckResult.Skipped("Not asked: Cal.com is not reached.");

        var answer = await probe.ReadAsync("/v2/me", CalComCatalogue.Default.KnownVersions[0], cancellation);
        var result = ResultOf(answer, context);
        context.IsAccepted = result.Verdict == CheckVerdict.Good;
        return result;
    }

    private static CheckResult ResultOf(ProbeAnswer answer, DoctorContext context) => answer switch
    {
        { Failure: { } failure } => CheckResult.Bad($"GET /v2/me: {failure}.", "Cal.com is reached but does not answer: see its status page, or its log if it is your own."),
        { IsHtml: true } or { Status: >= 300 and < 400 } => CheckResult.Bad(
            $"What answers GET /v2/me with {answer.Status} is no API but a web page or a redirect: another host, a login page or a captive portal.",
            "Check CALCOM_BASE_URL, or the destination of the cluster \"calcom\": the hosted API is https://api.cal.com. On a guest network, sign in first."),
        { Status: StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden } => CheckResult.Bad(
            $"Cal.com answers {answer.Status}: it does not accept the key. It was revoked, replaced, or is another Cal.com's.",
            "Make a new key in Cal.com's settings, Developer, API keys, and put it into CALCOM_API_KEY or the file of CALCOM_API_KEY_FILE."),
        { Status: GatewayProblem.TokenExpired } => CheckResult.Bad("Cal.com answers 498: the access token has expired.", "Renew it, or use an API key, which does not expire by itself."),
        { Status: StatusCodes.Status429TooManyRequests } => CheckResult.Bad(
            $"Cal.com answers 429: the quota of the key is used up{Wait(answer)}.",
            "Wait and try again. If a gateway or another program shares the key, it uses 120 requests a minute or more."),
        { Status: StatusCodes.Status404NotFound } => CheckResult.Bad(
            "Cal.com has no GET /v2/me at this address.", "Check the path of the base URL: a self-hosted API is often below /api, as in http://localhost:5555/api."),
        { Status: StatusCodes.Status200OK } => Accepted(answer, context),
        _ => CheckResult.Bad($"Cal.com answers {answer.Status} to GET /v2/me.", "See Cal.com's status page, or its log if it is your own."),
    };

    private static CheckResult Accepted(ProbeAnswer answer, DoctorContext context)
    {
        if (answer.Json is not { ValueKind: JsonValueKind.Object } json || !json.TryGetProperty("data", out var data)
            || data.ValueKind != JsonValueKind.Object || !data.TryGetProperty("username", out var username))
        {
            return CheckResult.Bad("What answers GET /v2/me is not Cal.com's API.", "Check CALCOM_BASE_URL, or the destination of the cluster \"calcom\".");
        }

        context.Username = username.ValueKind == JsonValueKind.String ? username.GetString() : null;
        var whose = context.Username is { } name ? $"the account of {context.Personal(name, "its owner")}" : "an account without a username";
        return CheckResult.Good($"The key is accepted, for {whose} ({answer.Elapsed.TotalMilliseconds:0} ms).");
    }

    private static string Wait(ProbeAnswer answer) => answer.RetryAfter is { } wait ? $", and asks to wait {wait.TotalSeconds:0} s" : "";
}
