namespace CalGateway.Catalogue;

/// <summary>
/// Operations that are pinned together, named for the first segment after /v2: event-types, bookings, slots.
/// A few of a family need a pin of their own, such as the private links of event types.
/// </summary>
internal static class Family
{
    private const string Prefix = "/v2/";

    /// <summary>Empty where the path has none.</summary>
    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> path)
    {
        var rest = path.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? path[Prefix.Length..] : path.TrimStart('/');
        var end = rest.IndexOf('/');
        return end < 0 ? rest : rest[..end];
    }
}
