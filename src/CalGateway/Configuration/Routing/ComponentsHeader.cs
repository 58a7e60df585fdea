using Microsoft.Extensions.Primitives;

namespace CalGateway.Configuration.Routing;

/// <summary>
/// The header by which Cal.com's components can be told from other clients. YARP matches a header only if it has a value; the route of the components shall
/// match this one without a value, too.
/// </summary>
internal static class ComponentsHeader
{
    private const string Name = "x-cal-platform-embed";
    private const string AnyValue = "true";

    /// <summary>Replaces an empty value. The header is never sent to Cal.com.</summary>
    public static void EnsureValue(IHeaderDictionary headers)
    {
        if (headers.TryGetValue(Name, out var value) && StringValues.IsNullOrEmpty(value))
            headers[Name] = AnyValue;
    }
}
