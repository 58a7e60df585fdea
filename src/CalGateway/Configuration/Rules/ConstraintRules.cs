using Microsoft.AspNetCore.Routing.Patterns;

namespace CalGateway.Configuration.Rules;

/// <summary>
/// Constraints in a route's path, such as <c>{id:int}</c>. YARP parses the pattern and asks no further; routing makes them while it
/// builds its table, and some of them, a regular expression say, only when a request or another route's path is held against them.
/// </summary>
internal static class ConstraintRules
{
    private static readonly string[] Samples = ["1", "a", "v2"];

    public static IEnumerable<string> Examine(string? path, ParameterPolicyFactory policies) =>
        from parameter in Patterns.Parse(path)?.Parameters ?? []
        from policy in parameter.ParameterPolicies
        let fault = Fault(parameter, policy, policies)
        where fault is not null
        select fault;

    private static string? Fault(RoutePatternParameterPart parameter, RoutePatternParameterPolicyReference reference, ParameterPolicyFactory policies)
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
