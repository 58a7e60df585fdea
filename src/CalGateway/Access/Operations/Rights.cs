using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using CalGateway.Catalogue;

namespace CalGateway.Access.Operations;

/// <summary>What one kind of caller may reach: an answer for every operation of the catalogue, worked out once per revision.</summary>
internal sealed class Rights
{
    private readonly FrozenDictionary<Operation, Exposure> _operations;
    private readonly FrozenSet<string> _closedFamilies;
    private readonly Exposure _unknown;

    private Rights(Func<Operation, Exposure> rule, Exposure unknown)
    {
        _operations = CalComCatalogue.Default.Operations.ToFrozenDictionary(operation => operation, rule);
        _unknown = unknown;
        _closedFamilies = _operations
            .GroupBy(pair => pair.Key.Family, StringComparer.OrdinalIgnoreCase)
            .Where(family => family.All(pair => pair.Value == Exposure.Closed))
            .Select(family => family.Key)
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        Id = IdOf();
    }

    /// <summary>Eight hex digits: callers with the same rights have the same.</summary>
    public string Id { get; }

    public static Rights Anonymous() => new(Exposures.ForAnonymous, Exposure.ForKnownCallers);

    /// <param name="only">The only operations of the caller's; empty for all.</param>
    /// <param name="opened">What was opened by name.</param>
    /// <param name="allowUnknown">Whether what the catalogue does not know is open.</param>
    public static Rights Known(IReadOnlySet<Operation> only, IReadOnlySet<Operation> opened, bool allowUnknown) => new(
        operation => Exposures.ForKnown(operation, only, opened),
        only.Count > 0 ? Exposure.ForOthers : allowUnknown ? Exposure.Open : Exposure.Closed);

    /// <param name="operation">What the catalogue found; null for nothing.</param>
    /// <param name="path">In its canonical form.</param>
    public Exposure For(Operation? operation, ReadOnlySpan<char> path) => operation is null ? ForUnknown(path) : _operations[operation];

    /// <summary>
    /// What is unknown beside something closed is closed as well: another method on its path, another path in a family that is closed
    /// altogether. Cal.com may have grown it since.
    /// </summary>
    private Exposure ForUnknown(ReadOnlySpan<char> path)
    {
        if (_unknown != Exposure.Open)
            return _unknown;
        if (_closedFamilies.GetAlternateLookup<ReadOnlySpan<char>>().Contains(Family.Of(path)))
            return Exposure.Closed;

        foreach (var sibling in CalComCatalogue.Default.FindPath(path))
        {
            if (_operations[sibling] == Exposure.Closed)
                return Exposure.Closed;
        }

        return Exposure.Open;
    }

    private string IdOf()
    {
        var text = new StringBuilder().Append((int)_unknown);
        foreach (var operation in CalComCatalogue.Default.Operations)
            text.Append((int)_operations[operation]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text.ToString())))[..8];
    }
}
