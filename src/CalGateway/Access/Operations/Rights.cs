using System.Security.Cryptography;
using System.Text;
using CalGateway.Catalogue;

namespace CalGateway.Access.Operations;

/// <summary>What one kind of caller may do: an <see cref="Exposure"/> for every operation of the catalogue, decided once for each revision.</summary>
internal sealed class Rights
{
    private readonly Dictionary<Operation, Exposure> _operations;
    private readonly HashSet<string> _closedFamilies;
    private readonly Exposure _unknown;

    private Rights(Func<Operation, Exposure> rule, Exposure unknown)
    {
        _operations = CalComCatalogue.Default.Operations.ToDictionary(operation => operation, rule);
        _unknown = unknown;
        _closedFamilies = CalComCatalogue.Default.Operations
            .GroupBy(operation => operation.Family, StringComparer.OrdinalIgnoreCase)
            .Where(family => family.All(operation => _operations[operation] == Exposure.Closed))
            .Select(family => family.Key)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        Id = IdOf();
    }

    /// <summary>Eight hex digits, the same for all callers with the same rights.</summary>
    public string Id { get; }

    public static Rights Anonymous() => new(Exposures.ForAnonymous, Exposure.ForKnownCallers);

    /// <param name="only">The only operations that the caller may use; empty for all.</param>
    /// <param name="opened">The operations that the settings open by name.</param>
    public static Rights Known(IReadOnlySet<Operation> only, IReadOnlySet<Operation> opened, bool allowUnknown) => new(
        operation => Exposures.ForKnown(operation, only, opened),
        only.Count > 0 ? Exposure.ForOthers : allowUnknown ? Exposure.Open : Exposure.Closed);

    /// <param name="operation">Null for an operation that the catalogue does not know.</param>
    public Exposure For(Operation? operation, ReadOnlySpan<char> path) => operation is null ? ForUnknown(path) : _operations[operation];

    /// <summary>
    /// An unknown operation is closed if it stands beside a closed one: another method on the same path, or another path in a family that is closed
    /// altogether. Cal.com may have added it since the catalogue was made.
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
