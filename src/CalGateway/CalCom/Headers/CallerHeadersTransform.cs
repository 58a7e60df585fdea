using System.Collections.Frozen;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Headers;

/// <summary>
/// The first of the request transforms: copies of the caller's headers those that may travel to Cal.com, in place of YARP's own copy, so that
/// the file's transforms find them there and have their say after it.
/// </summary>
internal sealed class CallerHeadersTransform : RequestTransform
{
    private readonly FrozenSet<string>? _names;
    private readonly bool _isCopying;
    private readonly bool _hasHost;

    public CallerHeadersTransform(RouteConfig route)
    {
        (_isCopying, _names) = CallerHeaders.Of(route);
        _hasHost = route.Transforms?.Any(transform => bool.TryParse(transform.GetValueOrDefault("RequestHeaderOriginalHost"), out var isOn) && isOn) == true;
    }

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
        if (!_isCopying)
            return ValueTask.CompletedTask;

        foreach (var (name, values) in headers)
        {
            if (values.Count > 0 && (_names?.Contains(name) ?? CallerHeaders.MayEverTravel(name)))
                AddHeader(context, name, values);
        }

        context.HeadersCopied = true;
        return ValueTask.CompletedTask;
    }

    private static bool IsUsual(string options) =>
        options.Equals("keep-alive", StringComparison.OrdinalIgnoreCase) || options.Equals("close", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// What <c>Connection</c> lists ends here (RFC 9110, section 7.6.1); taken off before the file's transforms, so that no caller can take off what they
    /// set. What frames the request is none of the caller's to list.
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
