using CalGateway.Caching.Store.Sharing.Redis;

namespace CalGateway.Caching.Store.Sharing;

internal enum GatewayMessageKind
{
    /// <summary>Evict the answers of a tag.</summary>
    Evict,

    /// <summary>The answers of a tag may be wrong: ask Cal.com before they are served, and keep them for an outage.</summary>
    MarkUncertain,

    /// <summary>For the sender itself: when it receives this message, it knows that it receives those of others.</summary>
    Echo,
}

/// <summary>A message from one gateway to the others. <see cref="RedisMonitor"/> handles it.</summary>
/// <param name="Sender">The name of the gateway, which is new at each start.</param>
/// <param name="Kind">What the receivers are to do.</param>
/// <param name="Subject">The tag or, for an echo, the number of the connection.</param>
internal sealed record GatewayMessage(string Sender, GatewayMessageKind Kind, string Subject)
{
    // Gateways of other versions read and write the same words, so they must not change.
    private const string Evict = "evict";
    private const string Uncertain = "doubt";
    private const string Echo = "here";

    public string Write() => $"{Sender} {Word(Kind)} {Subject}";

    /// <summary>Null for a text that is no message.</summary>
    public static GatewayMessage? Read(string? text) => text?.Split(' ', 3) switch
    {
        [var sender, Evict, { Length: > 0 } tag] => new(sender, GatewayMessageKind.Evict, tag),
        [var sender, Uncertain, { Length: > 0 } tag] => new(sender, GatewayMessageKind.MarkUncertain, tag),
        [var sender, Echo, { Length: > 0 } line] => new(sender, GatewayMessageKind.Echo, line),
        _ => null,
    };

    private static string Word(GatewayMessageKind kind) => kind switch
    {
        GatewayMessageKind.Evict => Evict,
        GatewayMessageKind.MarkUncertain => Uncertain,
        _ => Echo,
    };
}
