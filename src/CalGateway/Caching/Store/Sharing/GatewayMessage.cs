namespace CalGateway.Caching.Store.Sharing;

internal enum GatewayMessageKind
{
    /// <summary>The answers of a tag are evicted.</summary>
    Evict,

    /// <summary>The answers of a tag may be wrong: they are asked for anew, and kept for when Cal.com fails.</summary>
    MarkUncertain,

    /// <summary>For the sender itself: having heard it, it hears what others publish from then on.</summary>
    Echo,
}

/// <summary>What one gateway tells the others.</summary>
/// <param name="Sender">The gateway's name, made anew with each start.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Subject">The tag; of an echo, the number of the connection.</param>
internal sealed record GatewayMessage(string Sender, GatewayMessageKind Kind, string Subject)
{
    // As gateways of earlier versions write and read them.
    private const string Evict = "evict";
    private const string Uncertain = "doubt";
    private const string Echo = "here";

    public string Write() => $"{Sender} {Word(Kind)} {Subject}";

    /// <summary>Null for what is no message.</summary>
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
