using System.Text.RegularExpressions;

namespace CalGateway.Configuration.Settings;

/// <summary>One effective setting and where it came from.</summary>
/// <param name="Key">In ASP.NET's form: <c>ReverseProxy:Routes:event-types:ClusterId</c>.</param>
/// <param name="Value">As it is in force; never shown but through <see cref="Shown"/>.</param>
/// <param name="Source">The file and line, the environment variable, or the command line's upstream.</param>
internal sealed partial record Setting(string Key, string? Value, string Source)
{
    /// <summary>Names of settings whose values give access to something. What a transform sets a header to may be a password as well.</summary>
    public const string ConfidentialNames = "Redis|Password|Secret|Hash|Token|ApiKey(?!Query)";

    /// <summary>The value as it may be shown: what gives access to something is not, and neither are credentials in an address.</summary>
    public string? Shown =>
        IsConfidential(Key) && Value is { Length: > 0 } ? "[redacted]"
        : Uri.TryCreate(Value, UriKind.Absolute, out var address) && address.UserInfo.Length > 0
            ? Value!.Replace(address.UserInfo, "[redacted]", StringComparison.Ordinal)
        : Value;

    public static bool IsConfidential(string key) => Confidential().IsMatch(key);

    [GeneratedRegex($"{ConfidentialNames}|(^|:)(Set|Append)$|:Consumers:[^:]+:Keys(:[^:]+)?$|HealthCheck:Active:Query$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Confidential();
}
