using System.Collections.Frozen;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Headers;

/// <summary>
/// The first of the request transforms: copies the caller's headers that may be forwarded to Cal.com. It replaces YARP's own copy, so that the file's transforms,
/// which run later, can change them.
/// </summary>
internal sealed class CallerHeadersTransform(RouteConfig route) : RequestTransform
{
    private readonly (bool IsCopying, FrozenSet<string>? Names) _copied = CallerHeaders.Of(route);

    private readonly bool _hasHost =
        route.Transforms?.Any(transform => bool.TryParse(transform.GetValueOrDefault("RequestHeaderOriginalHost"), out var isOn) && isOn) == true;

    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        var headers = context.HttpContext.Request.Headers;
        foreach (var options in headers.Connection)
        {
            if (options is not null && !IsUsual(options))
                RemoveListed(headers, options);
        }

        if (_hasHost)
            context.ProxyRequest.Headers.Host = context.HttpContext.Request.Host.Value;
        if (!_copied.IsCopying)
            return ValueTask.CompletedTask;

        foreach (var (name, values) in headers)
        {
            if (values.Count > 0 && (_copied.Names?.Contains(name) ?? CallerHeaders.MayBeForwarded(name)))
                AddHeader(context, name, values);
        }

        context.HeadersCopied = true;
        return ValueTask.CompletedTask;
    }

    private static bool IsUsual(string options) =>
        options.Equals("keep-alive", StringComparison.OrdinalIgnoreCase) || options.Equals("close", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Removes the headers that <c>Connection</c> lists (RFC 9110, section 7.6.1). This happens before the file's transforms, so that no caller can remove what
    /// they set. Headers that frame the request stay, even if a caller lists them.
    /// </summary>
    private static void RemoveListed(IHeaderDictionary headers, string options)
    {
        foreach (var option in options.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!option.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) && !CallerHeaders.IsOfConnection(option) && !option.Equals("Host", StringComparison.OrdinalIgnoreCase))
                headers.Remove(option);
        }
    }
}
