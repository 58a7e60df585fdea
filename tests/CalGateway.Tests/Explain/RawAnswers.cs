using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CalGateway.Tests.Explain;

/// <summary>What an answer says, as it came over the connection.</summary>
internal static class RawAnswers
{
    /// <summary>A HEAD gets the code only in a header.</summary>
    public static string? CodeIn(string raw)
    {
        if (!raw.Contains("application/problem+json", StringComparison.Ordinal))
            return null;

        return raw.EndsWith("\r\n\r\n", StringComparison.Ordinal)
            ? Regex.Match(raw, "details=\"([a-z0-9-]+)\"") is { Success: true } told ? told.Groups[1].Value : StatusIn(raw)
            : (string?)JsonNode.Parse(Body(raw))!["code"];
    }

    /// <summary>A refusal by the gateway itself has no details in its headers.</summary>
    public static string StatusIn(string raw) => raw.Split(' ')[1] switch { "401" => "unauthenticated", "403" => "not-exposed", "400" => "invalid-request", _ => raw.Split(' ')[1] };

    public static string Body(string raw)
    {
        var body = raw[(raw.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        return body[body.IndexOf('{')..(body.LastIndexOf('}') + 1)];
    }
}
