using System.Collections;
using CalGateway.CalCom;
using CalGateway.CalCom.Credentials;
using CalGateway.Configuration.Overlay;
using CalGateway.Configuration.Settings;
using CalGateway.Envelope;
using CalGateway.Sandbox;

namespace CalGateway;

/// <summary>What the process was started with: the command line and the environment variables, read once.</summary>
/// <param name="ConfigPath"><c>--config</c>; null where it was not given.</param>
/// <param name="Sandbox"><c>--sandbox</c>: the embedded stand-in for Cal.com is the upstream, with its own key.</param>
/// <param name="Urls"><c>--urls</c>; null for the default.</param>
internal sealed record Launch(string? ConfigPath, bool Sandbox, string? Urls, IReadOnlyDictionary<string, string?> Environment)
{
    /// <summary>The addresses at which callers are served.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = Listening.Served(Urls, Listening.HostSettings(Environment), PassedSockets.Addresses(Environment));

    /// <summary>The sandbox enforces Cal.com's limit of requests.</summary>
    public bool SandboxRateLimit { get; init; }

    /// <summary>With <see cref="Sandbox"/>, the sandbox once it listens; else null.</summary>
    public SandboxHost? SandboxHost { get; init; }

    public CredentialSource Credential => Sandbox
        ? CredentialSource.From(SandboxHost!.ApiKey, null)
        : CredentialSource.From(Variable("CALCOM_API_KEY"), Variable("CALCOM_API_KEY_FILE"));

    public bool HasCredential => Variable("CALCOM_API_KEY") is { Length: > 0 } || Variable("CALCOM_API_KEY_FILE") is { Length: > 0 };

    public UpstreamAddress? Upstream => Sandbox ? UpstreamAddress.OfSandbox(SandboxHost!.BaseAddress) : UpstreamAddress.From(Variable("CALCOM_BASE_URL"));

    public SettingsFile SettingsFile =>
        SettingsFile.Locate(ConfigPath, Variable("CALGATEWAY_CONFIG"), Directory.GetCurrentDirectory(), AppContext.BaseDirectory);

    /// <summary>The variables that override settings of the file, such as <c>CalGateway__Cache__…</c>, by the key of the setting.</summary>
    public IReadOnlyDictionary<string, string?> Overlay
    {
        get
        {
            var settings = new Dictionary<string, string?>(StringComparer.Ordinal);
            foreach (var (name, value) in Environment)
            {
                var key = name.Replace("__", ":", StringComparison.Ordinal);
                if (OverlaySections.AreMeantBy(key))
                    settings[key] = value;
            }

            return ByName(settings);
        }
    }

    public static IReadOnlyDictionary<string, string?> ProcessEnvironment()
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
            variables[(string)entry.Key] = (string?)entry.Value;
        return ByName(variables);
    }

    /// <summary>
    /// Variables by name without regard to case. Where two differ in case alone, such as http_proxy and HTTP_PROXY on Linux, the one in capitals
    /// wins, because documentation names that one. Queries over pairs would read better, but are compiled anew at every start.
    /// </summary>
    private static Dictionary<string, string?> ByName(Dictionary<string, string?> variables)
    {
        string[] names = [.. variables.Keys];
        Array.Sort(names, StringComparer.Ordinal);
        var named = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var at = names.Length - 1; at >= 0; at--)
            named[names[at]] = variables[names[at]];
        return named;
    }

    private string? Variable(string name) => Environment.GetValueOrDefault(name);
}
