using CalGateway.Configuration.Rules;
using Microsoft.AspNetCore.Routing.Template;

namespace CalGateway.CalCom.Pins;

/// <summary>
/// The constraints of a route's path parameters, such as <c>{operation:regex(^(instant|recurring)$)}</c>, checked by ASP.NET Core's own implementations.
/// </summary>
internal sealed class PathConstraints(RouteTemplate template)
{
    /// <summary>
    /// Sample values for a parameter of an operation's template, such as <c>{bookingUid}</c>. If a constraint accepts one of them, the route gets at least some
    /// requests of the operation.
    /// </summary>
    private static readonly string[] AnyValues = ["1", "a", "true", "2026-01-31", "5d1b6a8e-2f0a-4c7e-9d3b-0c5f7a2e1b44", "a-uid-of-some-length"];

    private readonly (string Name, IRouteConstraint Constraint)[] _constraints =
    [
        .. from parameter in template.Parameters
           from inline in parameter.InlineConstraints
           let constraint = RouteConstraints.Create(inline.Constraint)
           where constraint is not null
           select (parameter.Name!, constraint),
    ];

    public bool Admit(RouteValueDictionary values)
    {
        foreach (var (name, constraint) in _constraints)
        {
            if (values[name] is string text && !Admits(name, constraint, text))
                return false;
        }

        return true;
    }

    private static bool Admits(string name, IRouteConstraint constraint, string text) => text is ['{', .., '}']
        ? AnyValues.Any(value => RouteConstraints.Admits(constraint, name, value))
        : RouteConstraints.Admits(constraint, name, text);
}
