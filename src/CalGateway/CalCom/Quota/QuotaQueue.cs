using System.Threading.RateLimiting;
using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Quota.Counting;
using CalGateway.Journey;

namespace CalGateway.CalCom.Quota;

/// <summary>Those who wait for a window to end: writes before reads, within each in the order in which they came. A full queue takes nobody more.</summary>
internal sealed class QuotaQueue
{
    private readonly LinkedList<Waiter>[] _classes = [new(), new()];

    public bool IsEmpty => _classes[0].Count + _classes[1].Count == 0;

    public int Count => _classes[0].Count + _classes[1].Count;

    /// <param name="class">Only callers' writes and reads wait.</param>
    public static bool Takes(RequestClass @class) => @class is RequestClass.Write or RequestClass.Read;

    public bool HasRoom(RequestClass @class, int most) => _classes[(int)@class].Count < most;

    public void Add(Waiter waiter)
    {
        waiter.Node = _classes[(int)waiter.Demand.Class].AddLast(waiter);
        waiter.Consumer.WaitingBy[(int)waiter.Demand.Class]++;
    }

    /// <summary>False where it waits no more.</summary>
    public static bool Remove(Waiter waiter)
    {
        if (waiter.Node is not { List: { } queue } node)
            return false;

        queue.Remove(node);
        waiter.Consumer.WaitingBy[(int)waiter.Demand.Class]--;
        return true;
    }

    /// <summary>All, in the order in which they are served.</summary>
    public IReadOnlyList<Waiter> All => [.. _classes.SelectMany(queue => queue)];

    /// <param name="demand">What is asked for.</param>
    /// <param name="consumer">Whose it is.</param>
    /// <param name="since">When it came.</param>
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
