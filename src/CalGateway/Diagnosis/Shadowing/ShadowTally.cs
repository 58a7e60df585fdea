using System.Text.Json;
using CalGateway.Catalogue;
using CalGateway.Diagnosis.Structures;

namespace CalGateway.Diagnosis.Shadowing;

/// <summary>What the comparisons of one route came to. Bounded: answers without end must not become memory without end.</summary>
internal sealed class ShadowTally
{
    private const int MostOperations = 20;

    /// <summary>For each operation.</summary>
    private const int MostDifferences = 50;

    private readonly Lock _lock = new();
    private readonly Dictionary<Operation, OfOperation> _operations = [];

    /// <summary>True the first time that an operation is found to break, or is not answered: that is worth a line in the log.</summary>
    public bool Note(Operation operation, ShadowVerdict verdict)
    {
        lock (_lock)
        {
            if (!_operations.TryGetValue(operation, out var tally))
            {
                if (_operations.Count >= MostOperations)
                    return false;

                _operations[operation] = tally = new OfOperation();
            }

            return tally.Note(verdict);
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

        public bool Note(ShadowVerdict verdict)
        {
            var isFirst = _outcomes[(int)verdict.Outcome]++ == 0;
            foreach (var difference in verdict.Differences)
            {
                var key = (difference.Kind, difference.Path);
                var isKnown = _differences.TryGetValue(key, out var seen);
                if (isKnown || _differences.Count < MostDifferences)
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
                Enum.GetValues<ShadowOutcome>().Where(outcome => _outcomes[(int)outcome] > 0).ToDictionary(outcome => outcome.Word(), outcome => _outcomes[(int)outcome]),
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

/// <summary>What the comparisons of one operation came to.</summary>
/// <param name="Operation">Method and template.</param>
/// <param name="Compared">How many pairs of answers were compared.</param>
/// <param name="Outcomes">How often each came.</param>
/// <param name="Differences">Those of structure first.</param>
internal sealed record ShadowedOperation(
    string Operation, int Compared, IReadOnlyDictionary<string, int> Outcomes, IReadOnlyList<ShadowedDifference> Differences);

/// <summary>One difference, and in how many comparisons it was.</summary>
/// <param name="Kind">What kind it is, in a word.</param>
/// <param name="Path">Where in the answer; empty for the answer itself.</param>
/// <param name="Says">A sentence.</param>
/// <param name="Count">In how many comparisons.</param>
/// <param name="IsOfData">An account that changes between two reads shows it as well; in every comparison, it is likely the version.</param>
internal sealed record ShadowedDifference(string Kind, string Path, string Says, int Count, bool IsOfData);
