namespace CalGateway.Explain;

/// <summary>On the endpoint that answers where no route matches.</summary>
internal sealed class NoRouteMark
{
    public static readonly NoRouteMark Instance = new();
}
