using Microsoft.AspNetCore.Routing.Patterns;

namespace CalGateway.Configuration.Rules;

/// <summary>
/// Checks constraints in a route's path, such as <c>{id:int}</c>. YARP's validator only parses the pattern. Routing creates the constraints while it
/// builds its table, and some, such as a regular expression, fail only when they are first applied; so they are created and applied here.
/// </summary>
internal static class ConstraintRules
{
    private static readonly string[] Samples = ["1", "a", "v2"];

    public static IEnumerable<string> Examine(string? path) =>
        from parameter in Patterns.Parse(path)?.Parameters ?? []
        from policy in parameter.ParameterPolicies
        let error = ErrorIn(parameter, policy.Content ?? "")
        where error is not null
        select error;

    private static string? ErrorIn(RoutePatternParameterPart parameter, string constraint)
    {
        IRouteConstraint? created = null;
        try
        {
            created = RouteConstraints.Create(constraint);
        }
        catch (Exception)
        {
            // Reported below with the same message as an unknown name: created stays null.
        }

        if (created is null)
            return $"\"{constraint}\" is no constraint that routing could apply to a path. There are int, long, guid, bool, alpha, minlength(1) and others.";

        try
        {
            foreach (var sample in Samples)
                RouteConstraints.Admits(created, parameter.Name, sample);
            return null;
        }
        catch (Exception failure)
        {
            return $"The constraint \"{constraint}\" cannot be applied to a path: {failure.GetBaseException().Message.TrimEnd('.')}. Correct it, or take it out.";
        }
    }
}
