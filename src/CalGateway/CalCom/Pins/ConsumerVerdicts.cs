using CalGateway.Catalogue;
using CalGateway.Configuration;
using CalGateway.Journey.Routes;

namespace CalGateway.CalCom.Pins;

/// <summary>The version that a consumer has of its own on a route, and what the catalogue thinks of it.</summary>
internal sealed record ConsumerVerdict(ConsumerPin Own, PinVerdict Pin);

/// <summary>Who gets one route at a version of their own, in the order of the file.</summary>
internal sealed record ConsumerVerdicts(IReadOnlyList<ConsumerVerdict> All)
{
    /// <summary>Null for a route that everybody gets at its pin.</summary>
    /// <param name="consumers">Those who have a version of their own for the route.</param>
    /// <param name="operations">What the route gets; null where that cannot be told.</param>
    /// <param name="warningsAt">Of the whole revision, by key.</param>
    public static ConsumerVerdicts? Of(IEnumerable<ConsumerPin> consumers, IReadOnlyList<Operation>? operations, Func<string, IEnumerable<Finding>> warningsAt)
    {
        ConsumerVerdict[] all = [.. consumers.Select(own => new ConsumerVerdict(own, PinVerdict.Of(own, operations, warningsAt)))];
        return all.Length == 0 ? null : new ConsumerVerdicts(all);
    }
}
