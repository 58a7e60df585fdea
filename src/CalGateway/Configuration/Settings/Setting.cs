using System.Text.RegularExpressions;

namespace CalGateway.Configuration.Settings;

/// <summary>One setting in force and its source.</summary>
/// <param name="Key">The key in ASP.NET's form: <c>ReverseProxy:Routes:event-types:ClusterId</c>.</param>
/// <param name="Value">The value in force. Show only <see cref="Shown"/> to users.</param>
/// <param name="Source">The file and line, the environment variable, or <c>--sandbox</c>.</param>
internal sealed partial record Setting(string Key, string? Value, string Source)
{
    /// <summary>Parts of names of settings whose values are secret.</summary>
    public const string ConfidentialNames = "Redis|Password|Secret|Hash|Token|ApiKey(?!Query)";

    /// <summary>The value with secrets redacted, including credentials in an address.</summary>
    public string? Shown =>
        IsConfidential(Key) && Value is { Length: > 0 } ? "[redacted]"
        : Uri.TryCreate(Value, UriKind.Absolute, out var address) && address.UserInfo.Length > 0
            ? Value!.Replace(address.UserInfo, "[redacted]", StringComparison.Ordinal)
        : Value;

    /// <summary>The environment variable that gives a setting.</summary>
    public static string VariableOf(string key) => key.Replace(":", "__", StringComparison.Ordinal);

    /// <summary>Whether the value may be secret. A header that a transform sets counts too, because it may be a password.</summary>
    public static bool IsConfidential(string key) => Confidential().IsMatch(key);

    [GeneratedRegex($"{ConfidentialNames}|(^|:)(Set|Append)$|:Consumers:[^:]+:Keys(:[^:]+)?$|HealthCheck:Active:Query$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Confidential();
}
