namespace CalGateway.Caching.Sharing;

/// <summary>What gateways tell each other of a tag.</summary>
/// <param name="Tag">Whose answers are over.</param>
/// <param name="KeepsForOutage">Nobody knows whether they are: they are asked for anew, and kept for when Cal.com fails.</param>
internal sealed record Eviction(string Tag, bool KeepsForOutage)
{
    private const string Evict = "evict";
    private const string Doubt = "doubt";

    /// <param name="sender">Tells one gateway's messages from another's.</param>
    public string Write(string sender) => $"{sender} {(KeepsForOutage ? Doubt : Evict)} {Tag}";

    /// <summary>Null for one's own, and for what is none.</summary>
    public static Eviction? Read(string? message, string reader) => message?.Split(' ', 3) switch
    {
        [var sender, Evict or Doubt, { Length: > 0 } tag] parts when sender != reader => new Eviction(tag, parts[1] == Doubt),
        _ => null,
    };
}
