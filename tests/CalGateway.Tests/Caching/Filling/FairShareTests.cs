using System.Text;
using CalGateway.Caching.Plans;
using CalGateway.Caching.Store;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Caching.Filling;

/// <summary>Who gives way when there is no room for all: callers with tokens of their own, and the lists that everybody asks for.</summary>
[Collection(RunsAlone.Name)]
public sealed class FairShareTests
{
    private readonly AnswerTable _table = new(TimeProvider.System);

    [Fact]
    public void A_hundred_thousand_tokens_stay_within_the_bound_and_push_out_nobody_elses_list()
    {
        var limits = new CacheOptions { MaxEntries = 2_000, MaxBytes = 8 << 20 };
        for (var list = 0; list < 900; list++)
            _table.Put(Answer($"everybody's {list}", owner: null, bytes: 2_000), limits);
        _table.Put(Answer("a user's", "user", 2_000), limits);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var token = 0; token < 100_000; token++)
        {
            _table.Put(Answer($"token {token}", $"owner-{token}", 2_000), limits);
            if (token % 500 == 0)
                _table.Find("a user's")!.MarkUsed();
        }

        Assert.All(Enumerable.Range(0, 900), list => Assert.NotNull(_table.Find($"everybody's {list}")));
        Assert.NotNull(_table.Find("a user's"));
        Assert.InRange(_table.Count, 1_500, limits.MaxEntries);
        Assert.InRange(_table.Bytes, 1, limits.MaxBytes);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 16 << 20);
    }

    [Fact]
    public void A_single_token_with_thousands_of_lists_replaces_its_own()
    {
        var limits = new CacheOptions { MaxEntries = 400, MaxBytes = 64 << 20 };
        for (var user = 0; user < 300; user++)
            _table.Put(Answer($"user {user}", $"owner-{user}", 500), limits);

        for (var list = 0; list < 5_000; list++)
            _table.Put(Answer($"greedy {list}", "greedy", 500), limits);

        Assert.All(Enumerable.Range(0, 300), user => Assert.NotNull(_table.Find($"user {user}")));
        Assert.NotNull(_table.Find("greedy 4999"));
        Assert.Null(_table.Find("greedy 0"));
        Assert.Equal(400, _table.Count);
    }

    [Fact]
    public void Where_nobody_else_wants_it_either_has_all_the_room()
    {
        var limits = new CacheOptions { MaxEntries = 300, MaxBytes = 64 << 20 };
        for (var user = 0; user < 300; user++)
            _table.Put(Answer($"user {user}", $"owner-{user}", 500), limits);
        Assert.Equal(300, _table.Count);

        // Everybody's lists come, and take their half.
        for (var list = 0; list < 300; list++)
            _table.Put(Answer($"everybody's {list}", owner: null, 500), limits);

        Assert.Equal(300, _table.Count);
        Assert.Equal(150, Enumerable.Range(0, 300).Count(user => _table.Find($"user {user}") is not null));
    }

    [Fact]
    public void By_bytes_each_has_its_half_as_well()
    {
        var limits = new CacheOptions { MaxEntries = 100_000, MaxBytes = 1 << 20 };
        for (var list = 0; list < 8; list++)
            _table.Put(Answer($"everybody's {list}", owner: null, bytes: 50_000), limits);
        for (var token = 0; token < 1_000; token++)
            _table.Put(Answer($"token {token}", $"owner-{token}", 50_000), limits);

        Assert.All(Enumerable.Range(0, 8), list => Assert.NotNull(_table.Find($"everybody's {list}")));
        Assert.InRange(_table.Bytes, 1, limits.MaxBytes);
    }

    [Fact]
    public void What_is_dropped_of_one_token_is_dropped_whole_and_counted_right()
    {
        var limits = new CacheOptions();
        for (var list = 0; list < 10; list++)
        {
            _table.Put(Answer($"a {list}", "a", 500), limits);
            _table.Put(Answer($"b {list}", "b", 500), limits);
        }

        Assert.Equal(10, _table.Evict(new CalGateway.Caching.Store.Evicting.EvictionScope.OfToken("a")));
        Assert.Equal(10, _table.Count);
        Assert.Equal(10, _table.Evict(new CalGateway.Caching.Store.Evicting.EvictionScope.OfToken("b")));
        Assert.Equal((0, 0L), (_table.Count, _table.Bytes));
    }

    private static StoredAnswer Answer(string key, string? owner, int bytes) => new()
    {
        Key = key,
        Owner = owner,
        Tags = ["event-types"],
        Policy = "event-types",
        Body = Representations.Of(Encoding.ASCII.GetBytes(new string('x', bytes))),
        Headers = [],
        UpstreamTag = null,
        IsEmpty = false,
        StoredAt = TimeProvider.System.GetTimestamp(),
    };
}
