using CalGateway.Catalogue;
using CalGateway.Configuration;
using CalGateway.Journey.Routes;

namespace CalGateway.CalCom.Pins;

/// <summary>The own version of a consumer on a route, and what the catalogue says about it.</summary>
internal sealed record ConsumerVerdict(ConsumerPin Own, PinVerdict Pin);

/// <summary>The consumers that have a version of their own on one route, in the order of the file.</summary>
internal sealed record ConsumerVerdicts(IReadOnlyList<ConsumerVerdict> All)
{
    /// <summary>Null if no consumer has a version of its own on the route.</summary>
    public static ConsumerVerdicts? Of(IEnumerable<ConsumerPin> consumers, IReadOnlyList<Operation>? operations, Func<string, IEnumerable<Finding>> warningsAt)
    {
        ConsumerVerdict[] all = [.. consumers.Select(own => new ConsumerVerdict(own, PinVerdict.Of(own, operations, warningsAt)))];
        return all.Length == 0 ? null : new ConsumerVerdicts(all);
    }
}
