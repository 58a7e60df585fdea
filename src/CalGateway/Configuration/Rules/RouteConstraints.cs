using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace CalGateway.Configuration.Rules;

/// <summary>
/// Makes the constraints of a route's path, such as <c>int</c> or <c>regex(^(instant|recurring)$)</c>, as routing does. Here each is only
/// applied to a few sample values for a revision. A regular expression is therefore interpreted: compiling it, as routing does, takes longer than all these matches.
/// </summary>
internal static class RouteConstraints
{
    private static readonly DefaultInlineConstraintResolver Resolver = new(Options.Create(WithRegex(new RouteOptions())), new ServiceCollection().BuildServiceProvider());

    /// <param name="inline">What follows the colon in a pattern.</param>
    /// <returns>Null for a name that routing does not know.</returns>
    /// <exception cref="Exception">The arguments do not suit the constraint.</exception>
    public static IRouteConstraint? Create(string inline) => Resolver.ResolveConstraint(inline);

    public static bool Admits(IRouteConstraint constraint, string parameter, string value) =>
        constraint.Match(null, null, parameter, new RouteValueDictionary { [parameter] = value }, RouteDirection.IncomingRequest);

    /// <summary>Regular expressions are not among the framework's default constraints: <c>AddRouting</c> adds them.</summary>
    private static RouteOptions WithRegex(RouteOptions options)
    {
        options.SetParameterPolicy<Interpreted>("regex");
        return options;
    }

    /// <summary>As the framework's constraint: created from any text, and invalid only when it is first applied.</summary>
    private sealed class Interpreted(string pattern) : IRouteConstraint
    {
        private Regex? _regex;

        public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection)
        {
            _regex ??= new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, TimeSpan.FromSeconds(10));
            return values.TryGetValue(routeKey, out var value) && value is not null && _regex.IsMatch(Convert.ToString(value, CultureInfo.InvariantCulture)!);
        }
    }
}
