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
/// <param name="Subject">The tag or, for an echo, the number of the connection.</param>
internal sealed record GatewayMessage(string Sender, GatewayMessageKind Kind, string Subject)
{
    /// <summary>The words of the kinds. Gateways of other versions read and write the same, so they must not change.</summary>
    private static readonly string[] Words = ["evict", "doubt", "here"];

    public string Write() => $"{Sender} {Words[(int)Kind]} {Subject}";

    /// <summary>Null for a text that is no message.</summary>
    public static GatewayMessage? Read(string? text) =>
        text?.Split(' ', 3) is [var sender, var word, { Length: > 0 } subject] && Array.IndexOf(Words, word) is >= 0 and var kind
            ? new(sender, (GatewayMessageKind)kind, subject)
            : null;
}
