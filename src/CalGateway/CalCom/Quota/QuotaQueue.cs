using System.Threading.RateLimiting;
using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Quota.Counting;
using CalGateway.Journey;

namespace CalGateway.CalCom.Quota;

/// <summary>The requests that wait for quota: writes before reads, and within a class in the order of arrival. Not thread-safe.</summary>
internal sealed class QuotaQueue
{
    private readonly LinkedList<Waiter>[] _classes = [new(), new()];

    public bool IsEmpty => _classes[0].Count + _classes[1].Count == 0;

    /// <summary>Whether requests of a class may wait: only writes and reads of callers do.</summary>
    public static bool Takes(RequestClass @class) => @class is RequestClass.Write or RequestClass.Read;

    public bool HasRoom(RequestClass @class, int limit) => _classes[(int)@class].Count < limit;

    public void Add(Waiter waiter)
    {
        waiter.Node = _classes[(int)waiter.Demand.Class].AddLast(waiter);
        waiter.Consumer.WaitingBy[(int)waiter.Demand.Class]++;
    }

    /// <summary>Returns false if the request does not wait any more.</summary>
    public static bool Remove(Waiter waiter)
    {
        if (waiter.Node is not { List: { } queue } node)
            return false;

        queue.Remove(node);
        waiter.Consumer.WaitingBy[(int)waiter.Demand.Class]--;
        return true;
    }

    /// <summary>All waiting requests, in the order in which they are served.</summary>
    public IReadOnlyList<Waiter> All => [.. _classes.SelectMany(queue => queue)];

    /// <param name="since">When it began to wait, by the account's clock.</param>
    public sealed class Waiter(in UpstreamDemand demand, ConsumerUse consumer, TimeSpan since)
    {
        private readonly UpstreamDemand _demand = demand;

        public ref readonly UpstreamDemand Demand => ref _demand;

        public ConsumerUse Consumer { get; } = consumer;

        public TimeSpan Since { get; } = since;

        public LinkedListNode<Waiter>? Node { get; set; }

        public TaskCompletionSource<RateLimitLease> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
