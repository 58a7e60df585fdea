namespace CalGateway.Configuration;

/// <summary>One effective setting and where it came from.</summary>
/// <param name="Key">In ASP.NET's form: <c>ReverseProxy:Routes:event-types:ClusterId</c>.</param>
/// <param name="Value">As it is in force; never shown but through <see cref="Shown"/>.</param>
/// <param name="Source">The file and line, the environment variable, or the command line's upstream.</param>
internal sealed record Setting(string Key, string? Value, string Source)
{
    private static readonly string[] Confidential = ["Redis", "Password", "Secret", "Hash", "Token", "ApiKey"];

    /// <summary>The value as it may be shown: what gives access to something is not, and neither are credentials in an address.</summary>
    public string? Shown =>
        Confidential.Any(word => Key.Contains(word, StringComparison.OrdinalIgnoreCase)) && Value is { Length: > 0 } ? "[redacted]"
        : Uri.TryCreate(Value, UriKind.Absolute, out var address) && address.UserInfo.Length > 0
            ? Value!.Replace(address.UserInfo, "[redacted]", StringComparison.Ordinal)
        : Value;
}
