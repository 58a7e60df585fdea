using System.Text.Json;
using CalGateway.Catalogue;
using CalGateway.Diagnosis.Structures;
using CalGateway.Journey.Routes;

namespace CalGateway.Diagnosis.Shadowing;

/// <summary>
/// Counts the results of one route's comparisons. The numbers of operations and differences are limited, because answers can have any number of them. It is a
/// part of the route's plan, and is kept in the next revision while route, pin and <c>Shadow</c> stay.
/// </summary>
internal sealed class ShadowTally
{
    private const int MaxOperations = 20;

    /// <summary>The limit for each operation.</summary>
    private const int MaxDifferences = 50;

    private readonly Lock _lock = new();
    private readonly Dictionary<Operation, OfOperation> _operations = [];

    /// <summary>Null for a route without a shadow.</summary>
    /// <param name="inForce">The route's plan in the revision in force; null for a new route.</param>
    public static ShadowTally? For(RoutePlan plan, RoutePlan? inForce)
    {
        if (plan.Part<ShadowSettings>() is not { } shadow)
            return null;

        var isSame = inForce?.Part<ShadowSettings>()?.Version == shadow.Version && inForce.ApiVersion == plan.ApiVersion;
        return isSame ? inForce!.Part<ShadowTally>() : new ShadowTally();
    }

    /// <summary>True for the first breaking or unanswered comparison of an operation: only that one is logged.</summary>
    public bool Record(Operation operation, ShadowVerdict verdict)
    {
        lock (_lock)
        {
            if (!_operations.TryGetValue(operation, out var tally))
            {
                if (_operations.Count >= MaxOperations)
                    return false;

                _operations[operation] = tally = new OfOperation();
            }

            return tally.Record(verdict);
        }
    }

    public IReadOnlyList<ShadowedOperation> Read()
    {
        lock (_lock)
            return [.. _operations.OrderBy(pair => pair.Key.Template, StringComparer.Ordinal).Select(pair => pair.Value.Read(pair.Key.ToString()))];
    }

    private sealed class OfOperation
    {
        private readonly int[] _outcomes = new int[Enum.GetValues<ShadowOutcome>().Length];
        private readonly Dictionary<(DifferenceKind Kind, string Path), (StructureDifference Difference, int Count)> _differences = [];
        private readonly Dictionary<string, int> _refusals = new(StringComparer.Ordinal);

        public bool Record(ShadowVerdict verdict)
        {
            var isFirst = _outcomes[(int)verdict.Outcome]++ == 0;
            foreach (var difference in verdict.Differences)
            {
                var key = (difference.Kind, difference.Path);
                var isKnown = _differences.TryGetValue(key, out var seen);
                if (isKnown || _differences.Count < MaxDifferences)
                    _differences[key] = (difference, seen.Count + 1);
            }

            if (verdict.Refused is { } refused)
                _refusals[refused] = _refusals.GetValueOrDefault(refused) + 1;
            return isFirst && verdict.Outcome is ShadowOutcome.Breaking or ShadowOutcome.SilentDowngrade or ShadowOutcome.RouteMiss;
        }

        public ShadowedOperation Read(string operation)
        {
            var compared = new[] { ShadowOutcome.Same, ShadowOutcome.Data, ShadowOutcome.Safe, ShadowOutcome.Breaking }.Sum(outcome => _outcomes[(int)outcome]);
            return new ShadowedOperation(
                operation, compared,
                Enum.GetValues<ShadowOutcome>().Where(outcome => _outcomes[(int)outcome] > 0).ToDictionary(outcome => outcome.Name(), outcome => _outcomes[(int)outcome]),
                [
                    .. _refusals.Select(refusal => new ShadowedDifference("status", "", refusal.Key, refusal.Value, IsOfData: false)),
                    .. _differences.Values.OrderBy(seen => ShadowVerdict.IsOfData(seen.Difference.Kind)).ThenBy(seen => seen.Difference.Path, StringComparer.Ordinal)
                        .Select(seen => new ShadowedDifference(
                            KindOf(seen.Difference), seen.Difference.Path, seen.Difference.ToString(), seen.Count, ShadowVerdict.IsOfData(seen.Difference.Kind))),
                ]);
        }

        private static string KindOf(StructureDifference difference) => JsonNamingPolicy.KebabCaseLower.ConvertName(difference.Kind.ToString());
    }
}

/// <summary>The results of one operation's comparisons.</summary>
/// <param name="Operation">Method and template.</param>
/// <param name="Compared">The number of answers that were compared.</param>
/// <param name="Outcomes">The number of comparisons by outcome.</param>
/// <param name="Differences">Differences of structure first, then those of data.</param>
internal sealed record ShadowedOperation(
    string Operation, int Compared, IReadOnlyDictionary<string, int> Outcomes, IReadOnlyList<ShadowedDifference> Differences);

/// <summary>One difference, and how often it occurred.</summary>
/// <param name="Kind">The kind of difference, in one word.</param>
/// <param name="Path">The path in the answer; empty for the answer itself.</param>
/// <param name="Says">A sentence for people.</param>
/// <param name="Count">In how many comparisons it occurred.</param>
/// <param name="IsOfData">True where a change of the account between two reads can cause it as well. If every comparison has it, the version is the likely
/// cause.</param>
internal sealed record ShadowedDifference(string Kind, string Path, string Says, int Count, bool IsOfData);
