using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.Options;

namespace CalGateway.CalCom.Pins;

/// <summary>
/// What a route's path asks of its parameters, as in <c>{operation:regex(^(instant|recurring)$)}</c>, judged by ASP.NET Core's own constraints.
/// </summary>
internal sealed class PathConstraints
{
    /// <summary>
    /// A parameter of an operation's template, as in <c>{bookingUid}</c>, stands for any value: a constraint that one of these meets gets at least a part
    /// of what is asked for.
    /// </summary>
    private static readonly string[] AnyValues = ["1", "a", "true", "2026-01-31", "5d1b6a8e-2f0a-4c7e-9d3b-0c5f7a2e1b44", "a-uid-of-some-length"];

    private static readonly DefaultInlineConstraintResolver Resolver = new(
        Options.Create(WithRegex(new RouteOptions())), new ServiceCollection().BuildServiceProvider());

    private readonly IReadOnlyList<(string Name, IRouteConstraint Constraint)> _constraints;

    private PathConstraints(IReadOnlyList<(string Name, IRouteConstraint Constraint)> constraints) => _constraints = constraints;

    public static PathConstraints Of(RouteTemplate template) => new(
    [
        .. from parameter in template.Parameters
           from inline in parameter.InlineConstraints
           let constraint = Resolver.ResolveConstraint(inline.Constraint)
           where constraint is not null
           select (parameter.Name!, constraint),
    ]);

    public bool Admit(RouteValueDictionary values)
    {
        foreach (var (name, constraint) in _constraints)
        {
            if (values[name] is string text && !Admits(name, constraint, text))
                return false;
        }

        return true;
    }

    /// <summary>As <c>AddRouting</c> does; without it the framework has no regular expressions.</summary>
    private static RouteOptions WithRegex(RouteOptions options)
    {
        options.SetParameterPolicy<RegexInlineRouteConstraint>("regex");
        return options;
    }

    private static bool Admits(string name, IRouteConstraint constraint, string text) => text is ['{', .., '}']
        ? AnyValues.Any(value => Matches(name, constraint, value))
        : Matches(name, constraint, text);

    private static bool Matches(string name, IRouteConstraint constraint, string text) =>
        constraint.Match(null, null, name, new RouteValueDictionary { [name] = text }, RouteDirection.IncomingRequest);
}
