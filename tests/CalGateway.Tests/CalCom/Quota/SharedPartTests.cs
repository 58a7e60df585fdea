using CalGateway.CalCom.Quota.Sharing;

namespace CalGateway.Tests.CalCom.Quota;

/// <summary>What one gateway makes of what the pool gives it, whatever that is.</summary>
public sealed class SharedPartTests
{
    private readonly SharedPart _part = new();

    [Theory]
    [InlineData(int.MaxValue, 8)]
    [InlineData(9, 8)]
    [InlineData(3, 3)]
    [InlineData(0, 0)]
    [InlineData(-5, 0)]
    [InlineData(int.MinValue, 0)]
    public void Of_a_lease_no_more_is_believed_than_was_asked_for(int granted, int usable)
    {
        _part.Receive(new QuotaBlock(granted, Used: 8, TimeSpan.FromSeconds(60), Gateways: 3, Others: []), wanted: 8, isForWrites: false, own: 0, now: TimeSpan.Zero);

        var taken = 0;
        for (; _part.HasOne(isWrite: false, own: taken, limit: 120, kept: 0) && taken < 1000; taken++)
            _part.Take(isWrite: false);
        Assert.Equal(usable, taken);
    }

    [Theory]
    [InlineData(3, 40)]
    [InlineData(0, 120)]
    [InlineData(-1, 120)]
    [InlineData(int.MaxValue, 1)]
    public void Gone_in_the_middle_of_a_lease_it_leaves_each_its_part_and_not_what_was_leased(int gateways, int part)
    {
        _part.Receive(new QuotaBlock(8, Used: 8, TimeSpan.FromSeconds(60), gateways, Others: []), wanted: 8, isForWrites: false, own: 0, now: TimeSpan.Zero);
        _part.Take(isWrite: false);

        _part.Receive(null, wanted: 8, isForWrites: false, own: 1, now: TimeSpan.FromSeconds(1));

        Assert.True(_part.IsAway);
        Assert.True(_part.HasOne(isWrite: false, own: part - 1, limit: 120, kept: 0));
        Assert.False(_part.HasOne(isWrite: false, own: part, limit: 120, kept: 0));
    }

    [Fact]
    public void What_was_leased_for_a_write_is_no_reads()
    {
        _part.Receive(new QuotaBlock(1, Used: 109, TimeSpan.FromSeconds(60), Gateways: 3, Others: []), wanted: 1, isForWrites: true, own: 0, now: TimeSpan.Zero);

        Assert.False(_part.HasOne(isWrite: false, own: 0, limit: 120, kept: 12));
        Assert.True(_part.HasOne(isWrite: true, own: 0, limit: 120, kept: 0));
        _part.Take(isWrite: true);
        Assert.False(_part.HasOne(isWrite: true, own: 1, limit: 120, kept: 0));
    }
}
