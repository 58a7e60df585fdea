namespace CalGateway.Catalogue;

/// <summary>
/// A family is a group of operations that usually share a version pin. Its name is the first path segment after /v2: event-types, bookings, slots.
/// A few operations need a pin of their own, such as the private links of event types.
/// </summary>
internal static class Family
{
    private const string Prefix = "/v2/";

    /// <summary>The family of a path; empty where it has none.</summary>
    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> path)
    {
        var rest = path.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? path[Prefix.Length..] : path.TrimStart('/');
        var end = rest.IndexOf('/');
        return end < 0 ? rest : rest[..end];
    }
}
