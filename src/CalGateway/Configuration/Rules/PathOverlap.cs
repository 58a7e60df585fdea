using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing.Patterns;

namespace CalGateway.Configuration.Rules;

/// <summary>
/// Whether some path matches two patterns of equal precedence. Constraints are tried with sample values, and with the words that occur in the
/// constraints themselves, because they cannot be compared in general.
/// </summary>
internal static partial class PathOverlap
{
    private static readonly string[] Samples = ["1", "25", "-1", "1.5", "a", "abcdefgh", "true", "2026-01-31", "5d1b6a8e-2f0a-4c7e-9d3b-0c5f7a2e1b44", "a-b.c_d", "report.csv"];

    public static Overlap Of(RoutePattern pattern, RoutePattern other)
    {
        var overlap = Overlap.Certain;
        for (var index = 0; index < pattern.PathSegments.Count; index++)
            overlap = MatchOverlap.Least(overlap, Of(pattern.PathSegments[index], other.PathSegments[index]));
        return overlap;
    }

    private static Overlap Of(RoutePatternPathSegment segment, RoutePatternPathSegment other)
    {
        if (FormOf(segment).Equals(FormOf(other), StringComparison.OrdinalIgnoreCase))
            return Overlap.Certain;

        // Segments of several parts, as in {name}.{extension}, are not compared.
        return segment is { IsSimple: true, Parts: [RoutePatternParameterPart parameter] } && other is { IsSimple: true, Parts: [RoutePatternParameterPart second] }
            ? Of(parameter, second)
            : Overlap.None;
    }

    private static Overlap Of(RoutePatternParameterPart parameter, RoutePatternParameterPart other)
    {
        var words = parameter.ParameterPolicies.Concat(other.ParameterPolicies).SelectMany(policy => Word().Matches(policy.Content ?? "")).Select(word => word.Value);
        return Samples.Concat(words).Any(sample => Admits(parameter, sample) && Admits(other, sample)) ? Overlap.Possible : Overlap.None;
    }

    private static bool Admits(RoutePatternParameterPart parameter, string sample)
    {
        try
        {
            return parameter.ParameterPolicies.All(
                reference => RouteConstraints.Create(reference.Content ?? "") is not { } constraint || RouteConstraints.Admits(constraint, parameter.Name, sample));
        }
        catch (Exception)
        {
            return false; // ConstraintRules reports it.
        }
    }

    /// <summary>The segment without the names of its parameters, which make no difference to routing.</summary>
    private static string FormOf(RoutePatternPathSegment segment) => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => $"{{{string.Join(':', parameter.ParameterPolicies.Select(policy => policy.Content).Order(StringComparer.OrdinalIgnoreCase))}}}",
        _ => "",
    }));

    [GeneratedRegex(@"[\w.~-]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();
}
