using System.Text;
using System.Text.Json;
using CalGateway.Configuration;
using CalGateway.Envelope;
using CalGateway.Explain;
using CalGateway.Management;
using CalGateway.Management.Tokens;
using CalGateway.Problems;

namespace CalGateway.Commands;

/// <summary>
/// The verb <c>explain</c>: builds the gateway without starting it, and asks its <see cref="Explainer"/>; a gateway that runs with the same settings file is
/// asked for what only it knows. Exit code 1 where no route matches.
/// </summary>
internal static class ExplainCommand
{
    private const string PlaceholderKey = "none-needed-to-explain";

    public static async Task<int> ExecuteAsync(Launch launch, DescribedRequest asked, bool json)
    {
        try
        {
            await using var app = RunCommand.Build(WithKey(launch), builder => builder.Logging.ClearProviders());
            var explainer = app.Services.GetRequiredService<Explainer>();
            if (explainer.ConsumerError(asked) is { } error)
            {
                await Console.Error.WriteLineAsync($"calgateway: {error}");
                return 1;
            }

            var explanation = await WithLiveStateAsync(await explainer.ExplainAsync(asked), asked, app.Services, launch.SettingsFile.Path);
            await Console.Out.WriteAsync(json ? JsonSerializer.Serialize(explanation, ReadableJson.Options) + "\n" : Text(explanation));
            return explanation.Route is null && explanation.OwnEndpoint is null ? 1 : 0;
        }
        catch (StartupException failure)
        {
            await Console.Error.WriteLineAsync($"calgateway: {failure.Message}");
            return 1;
        }
    }

    private static async Task<Explanation> WithLiveStateAsync(Explanation explanation, DescribedRequest asked, IServiceProvider services, string settingsFile)
    {
        var management = services.GetRequiredService<Revisions>().Current.Options<ManagementOptions>();
        return explanation.Route is not null && OwnAddress.Among([management.Url]) is { } address
            ? await new RunningGateway(address, TokenOf(management)).AddToAsync(explanation, asked, settingsFile)
            : explanation;
    }

    /// <summary>Null where there is none, or none that this user may read: the gateway then refuses to tell, and the explanation says so.</summary>
    private static string? TokenOf(ManagementOptions management) =>
        management.Token.Length > 0 ? StartupException.Try(() => TokenFile.TokenIn(management.Token), out _) : null;

    /// <summary>Building the gateway needs a key. Nothing is sent, so a placeholder will do.</summary>
    private static Launch WithKey(Launch launch) => launch.HasCredential
        ? launch
        : launch with { Environment = new Dictionary<string, string?>(launch.Environment, StringComparer.OrdinalIgnoreCase) { ["CALCOM_API_KEY"] = PlaceholderKey } };

    private static string Text(Explanation explanation)
    {
        var text = new StringBuilder($"{explanation.Method} {explanation.Path}\n");
        foreach (var note in explanation.Notes)
            text.Append("  note      ").Append(note).Append('\n');

        Add("route", explanation.Route is { } route ? $"{route} ({explanation.Pattern}), revision {explanation.Revision}" : null);
        foreach (var other in explanation.OtherRoutes ?? [])
            Add("or", other.ToString());
        Add("gateway", explanation.OwnEndpoint is { } own ? $"answers itself, at {own}" : null);
        foreach (var access in explanation.Access ?? [])
            Add("access", Access(access));
        Add("told for", explanation.Access is { Count: > 1 } ? explanation.Caller : null);
        Add("limits", explanation.Limits?.ToString());
        Add("quota", explanation.Quota);
        Add("circuit", explanation.Circuit);
        Add("operation", explanation.Operation);
        Add("version", explanation.ApiVersion is { } version ? $"{version}{PinOf(explanation)}" : null);
        Add("shadow", explanation.Shadow);
        Add("because", explanation.Because);
        foreach (var transform in explanation.Order ?? explanation.Transforms ?? [])
            Add("transform", transform);
        Add("credential", explanation.Credential switch { "caller" => "the caller's own token", "gateway" => "the gateway's", _ => null });
        Add("upstream", explanation.Upstream);
        foreach (var header in explanation.Sends ?? [])
            Add("sends", header);
        Add("cache", explanation.Cache is { } cache ? Cache(cache) : null);
        Add("live", explanation.Live);
        Add("404s", explanation.NotFound is { } mode ? $"{mode} become a diagnostic 502" : null);
        Add("expected", explanation.Expected);
        Add("remedy", explanation.Remedy);
        return text.ToString();

        void Add(string name, string? value)
        {
            if (value is not null)
                text.Append("  ").Append(name.PadRight(9)).Append(' ').Append(value).Append('\n');
        }
    }

    private static string PinOf(Explanation explanation) => explanation switch
    {
        { PinnedAt: null } => "",
        { CallersVersion: true } => $", the caller's own; the pin is at {explanation.PinnedAt}",
        { ConsumersVersion: { } consumer } => $", {consumer}'s own, at {explanation.PinnedAt}",
        _ => $", pinned at {explanation.PinnedAt}",
    };

    private static string Access(AccessExplanation access)
    {
        var account = access.Account is { } name ? $", as the account {name}" : "";
        var view = access.Filtered == true ? ", what everybody may see" : "";
        var share = access.Share is { } limit ? $", {limit}" : "";
        var version = access.ApiVersion is { } own ? $", at {own}" : "";
        return access.Refused is { } code ? $"{access.Caller}: {code}. {access.Remedy}" : $"{access.Caller}: may{account}{view}{version}{share}";
    }

    private static string Cache(CacheExplanation cache) => cache.State switch
    {
        "cached" => $"fresh for {cache.Fresh:c}, stale for {cache.WhileRevalidate:c} while refreshed and for {cache.IfError:c} where Cal.com fails; key \"{cache.Key}\"; " +
            (cache.Stored is { } age ? $"stored {age:c} ago, {cache.Ttl} s left" : "nothing is stored"),
        "bypass" => $"bypassed ({cache.Why})",
        _ => "none on this route",
    };
}
