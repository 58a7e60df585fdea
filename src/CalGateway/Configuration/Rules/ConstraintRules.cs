using Microsoft.AspNetCore.Routing.Patterns;

namespace CalGateway.Configuration.Rules;

/// <summary>
/// Checks constraints in a route's path, such as <c>{id:int}</c>. YARP's validator only parses the pattern. Routing creates the constraints while it
/// builds its table, and some, such as a regular expression, fail only when they are first applied; so they are created and applied here.
/// </summary>
internal static class ConstraintRules
{
    private static readonly string[] Samples = ["1", "a", "v2"];

    public static IEnumerable<string> Examine(string? path, Func<ParameterPolicyFactory> policies) =>
        from parameter in Patterns.Parse(path)?.Parameters ?? []
        from policy in parameter.ParameterPolicies
        let error = ErrorIn(parameter, policy, policies())
        where error is not null
        select error;

    private static string? ErrorIn(RoutePatternParameterPart parameter, RoutePatternParameterPolicyReference reference, ParameterPolicyFactory policies)
    {
        IParameterPolicy policy;
        try
        {
            policy = policies.Create(parameter, reference);
        }
        catch (Exception)
        {
            return $"\"{reference.Content ?? parameter.Name}\" is no constraint that routing could apply to a path. There are int, long, guid, bool, alpha, minlength(1) and others.";
        }

        try
        {
            foreach (var sample in Samples)
                (policy as IRouteConstraint)?.Match(null, null, parameter.Name, new RouteValueDictionary { [parameter.Name] = sample }, RouteDirection.IncomingRequest);
            return null;
        }
        catch (Exception failure)
        {
            return $"The constraint \"{reference.Content}\" cannot be applied to a path: {failure.GetBaseException().Message.TrimEnd('.')}. Correct it, or take it out.";
        }
    }
}
