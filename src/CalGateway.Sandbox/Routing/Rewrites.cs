namespace CalGateway.Sandbox.Routing;

/// <summary>The paths the server still takes under their former names, rewritten before routing.</summary>
internal static class Rewrites
{
    public static string Apply(string url)
    {
        if (url.StartsWith("/api/v2", StringComparison.Ordinal))
            url = url["/api".Length..];
        if (url.StartsWith("/v2/ee", StringComparison.Ordinal))
            url = "/v2" + url["/v2/ee".Length..];
        var misspelt = url.IndexOf("reccuring", StringComparison.Ordinal);
        return misspelt < 0 ? url : string.Concat(url.AsSpan(0, misspelt), "recurring", url.AsSpan(misspelt + "reccuring".Length));
    }
}
