using Microsoft.AspNetCore.Routing.Template;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.Journey.Routes;

/// <summary>The method and path that Cal.com would receive by the route's transforms. Access is decided on these, before the cache is asked.</summary>
internal sealed class ForwardedTarget
{
    private readonly string? _removedPrefix;
    private readonly IReadOnlyList<IReadOnlyDictionary<string, string>> _others;
    private readonly (string From, string To)[] _methods;

    public ForwardedTarget(RouteConfig route)
    {
        var transforms = route.Transforms ?? [];
        var paths = transforms.Where(transform => transform.Keys.Any(key => key.StartsWith("Path", StringComparison.OrdinalIgnoreCase))).ToList();
        _removedPrefix = paths is [var only] ? Value(only, "PathRemovePrefix") : null;
        _others = _removedPrefix is null ? paths : [];
        _methods =
        [
            .. from transform in transforms
               where Value(transform, "HttpMethodChange") is not null
               select (Value(transform, "HttpMethodChange")!, Value(transform, "Set") ?? ""),
        ];
    }

    /// <summary>The forwarded method. All changes apply in order, as in YARP.</summary>
    public string Method(HttpRequest request)
    {
        var method = request.Method;
        foreach (var (from, to) in _methods)
            method = string.Equals(method, from, StringComparison.OrdinalIgnoreCase) ? to : method;
        return method;
    }

    /// <summary>The inverse of <see cref="Path"/>: the path that a caller asks for so that this one is forwarded; null where there is none.</summary>
    public string? Back(string path)
    {
        if (_removedPrefix is not null)
            return Encoded(_removedPrefix) + path;

        foreach (var transform in _others.Reverse())
        {
            if (Value(transform, "PathRemovePrefix") is { } removed)
                path = Encoded(removed) + path;
            else if (Value(transform, "PathPrefix") is { } prefix && Encoded(prefix) is var front && path.StartsWith(front + "/", StringComparison.Ordinal))
                path = path[front.Length..];
            else
                return null;
        }

        return path;
    }

    private static string Encoded(string path) => Absolute(path).ToUriComponent().TrimEnd('/');

    /// <summary>The forwarded path. In the common case a slice of the request's path, without allocation.</summary>
    public ReadOnlySpan<char> Path(HttpRequest request)
    {
        if (_removedPrefix is not null)
            return Without(_removedPrefix, request.Path.Value);

        var path = request.Path;
        foreach (var transform in _others)
            path = Apply(transform, path, request);
        return path.Value;
    }

    private static PathString Apply(IReadOnlyDictionary<string, string> transform, PathString path, HttpRequest request)
    {
        if (Value(transform, "PathRemovePrefix") is { } removed)
            return new PathString(Without(removed, path.Value).ToString());
        if (Value(transform, "PathPrefix") is { } prefix)
            return Absolute(prefix) + path;
        if (Value(transform, "PathSet") is { } set)
            return Absolute(set);
        return Value(transform, "PathPattern") is { } pattern ? FromRouteValues(pattern, request) : path;
    }

    private static PathString FromRouteValues(string pattern, HttpRequest request)
    {
        var binders = request.HttpContext.RequestServices.GetRequiredService<TemplateBinderFactory>();
        var context = new RequestTransformContext { HttpContext = request.HttpContext, ProxyRequest = null! };
        new PathRouteValuesTransform(pattern, binders).ApplyAsync(context).AsTask().GetAwaiter().GetResult(); // it does no I/O, so it is already complete
        return context.Path;
    }

    private static ReadOnlySpan<char> Without(string prefix, ReadOnlySpan<char> path)
    {
        if (!path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) || (path.Length > prefix.Length && path[prefix.Length] != '/'))
            return path;
        return path.Length > prefix.Length ? path[prefix.Length..] : "/";
    }

    private static PathString Absolute(string path) => new(path.StartsWith('/') ? path : "/" + path);

    private static string? Value(IReadOnlyDictionary<string, string> transform, string key) =>
        transform.FirstOrDefault(pair => pair.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value;
}
