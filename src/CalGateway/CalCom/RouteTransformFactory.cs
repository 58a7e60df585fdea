using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace CalGateway.CalCom;

/// <summary>A transform of the gateway's own in <c>yarp.json</c>. The key that names it has its value, as in <c>{ "CalApiVersion": "2024-06-14" }</c>.</summary>
internal abstract class RouteTransformFactory(string key) : ITransformFactory
{
    public bool Validate(TransformRouteValidationContext context, IReadOnlyDictionary<string, string> transformValues)
    {
        if (!transformValues.TryGetValue(key, out var value))
            return false;

        foreach (var problem in Problems(context.Route, value, transformValues))
            context.Errors.Add(new ArgumentException(problem));
        return true;
    }

    public bool Build(TransformBuilderContext context, IReadOnlyDictionary<string, string> transformValues)
    {
        if (!transformValues.TryGetValue(key, out var value))
            return false;

        if (Create(value) is { } transform)
            context.RequestTransforms.Add(transform);
        return true;
    }

    /// <summary>Why the transform is refused, in sentences.</summary>
    /// <param name="values">All members of the transform, with the one that names it.</param>
    protected abstract IEnumerable<string> Problems(RouteConfig route, string value, IReadOnlyDictionary<string, string> values);

    /// <summary>Null where there is nothing to add, because the setting is read elsewhere.</summary>
    protected abstract RequestTransform? Create(string value);
}
