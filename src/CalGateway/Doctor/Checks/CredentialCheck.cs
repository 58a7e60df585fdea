namespace CalGateway.Doctor.Checks;

/// <summary>Is there a credential, and does it look like one of Cal.com's?</summary>
internal sealed class CredentialCheck : ICheck
{
    public string Title => "Credential";

    public Task<CheckResult> RunAsync(DoctorContext context, CancellationToken cancellation) => Task.FromResult(context.Key is { } key
        ? ResultOf(key)
        : CheckResult.Bad("There is none that could be used.", context.KeyFailure!));

    private static CheckResult ResultOf(string key) => key switch
    {
        _ when key.StartsWith("Bearer", StringComparison.OrdinalIgnoreCase) => CheckResult.Doubtful("It begins with \"Bearer\".", "Give the key alone; the gateway adds the scheme."),
        _ when key.StartsWith("cal_live_", StringComparison.Ordinal) => CheckResult.Good("A live API key of Cal.com (cal_live_…)."),
        _ when key.StartsWith("cal_test_", StringComparison.Ordinal) => CheckResult.Good("A test API key of Cal.com (cal_test_…)."),
        _ when key.StartsWith("cal_", StringComparison.Ordinal) => CheckResult.Good("An API key of Cal.com (cal_…)."),
        _ when key.StartsWith("eyJ", StringComparison.Ordinal) && key.Count(character => character == '.') == 2 =>
            CheckResult.Doubtful("An OAuth access token.", "Access tokens expire within the hour, and the gateway does not renew them: an API key suits it better."),
        _ => CheckResult.Doubtful(
            "It looks like none of Cal.com's.",
            "Its API keys begin with cal_live_, those of test environments with cal_test_. A self-hosted Cal.com may have another prefix (API_KEY_PREFIX)."),
    };
}
