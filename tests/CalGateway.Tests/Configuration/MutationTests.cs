using System.Globalization;
using System.Text;
using CalGateway.Configuration;
using CalGateway.Configuration.Watching;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CalGateway.Tests.Configuration;

/// <summary>
/// The shipped file with bytes flipped, cut off and spliced. Validation never throws, and YARP serves whatever is accepted. The seed is fixed, so that a
/// failure can be repeated. Two thousand mutations by default; MUTATIONS sets another number.
/// </summary>
public sealed class MutationTests
{
    private static readonly int Mutations = int.Parse(Environment.GetEnvironmentVariable("MUTATIONS") ?? "2000", CultureInfo.InvariantCulture);

    private static readonly byte[] Shipped = Encoding.UTF8.GetBytes(GatewayFixture.ShippedSettings);
    private static readonly string[] Lines = GatewayFixture.ShippedSettings.Split('\n');

    [Fact]
    public async Task No_mutation_of_the_file_brings_the_gateway_down()
    {
        var accepted = 0;
        var different = new Dictionary<string, Revision>();
        for (var seed = 0; seed < Mutations; seed++)
        {
            if (Create(Mutated(new Random(seed)), seed) is not { } revision)
                continue;

            accepted++;
            different.TryAdd(revision.Id, revision);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            "{0} of {1} mutations are good settings, {2} of them different ones", accepted, Mutations, different.Count);

        Assert.InRange(accepted, Mutations / 100, Mutations / 2);
        Assert.InRange(different.Count, Mutations / 100, accepted);
        await AssertServedAsync(different.Values);
    }

    /// <summary>Puts the revision in force in a running gateway, with YARP's own reload.</summary>
    private static async Task AssertServedAsync(IEnumerable<Revision> revisions)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        // The clock stands still, so the watcher does not restore the revision of the file.
        await using var gateway = await GatewayFixture.StartAsync(
            sandbox, adjust: builder => builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider()));
        using var caller = gateway.CreateClient();
        var inForce = gateway.Services.GetRequiredService<Revisions>();
        var reload = gateway.Services.GetRequiredService<ProxyReload>();

        foreach (var revision in revisions)
        {
            inForce.PutInForce(revision, reload);
            using var answer = await caller.GetAsync("/healthz/live", TestContext.Current.CancellationToken);

            Assert.Equal(revision.Id, inForce.Current.Id);
            Assert.True(answer.IsSuccessStatusCode);
        }
    }

    private static Revision? Create(byte[] content, int seed)
    {
        try
        {
            var attempt = TestRevision.From(content);
            Assert.True(attempt.Revision is not null || attempt.Errors.Any());
            return attempt.Revision;
        }
        catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"Seed {seed}: {failure}");
            return null;
        }
    }

    private static byte[] Mutated(Random random) => random.Next(8) switch
    {
        0 => Shipped[..random.Next(Shipped.Length)],
        1 or 2 => Spliced(random),
        3 => Repeated(random),
        _ => Flipped(random),
    };

    private static byte[] Flipped(Random random)
    {
        var content = (byte[])Shipped.Clone();
        for (var flips = random.Next(1, 4); flips > 0; flips--)
            content[random.Next(content.Length)] ^= (byte)(1 << random.Next(8));
        return content;
    }

    /// <summary>A piece of the file in the place of another.</summary>
    private static byte[] Spliced(Random random)
    {
        var (from, length, to, gap) = (random.Next(Shipped.Length), random.Next(1, 80), random.Next(Shipped.Length), random.Next(0, 80));
        return [.. Shipped[..to], .. Shipped[from..Math.Min(from + length, Shipped.Length)], .. Shipped[Math.Min(to + gap, Shipped.Length)..]];
    }

    /// <summary>A whole line twice, or once in another's place.</summary>
    private static byte[] Repeated(Random random)
    {
        var (from, to) = (random.Next(Lines.Length), random.Next(Lines.Length));
        return Encoding.UTF8.GetBytes(string.Join('\n', [.. Lines[..to], Lines[from], .. Lines[(to + random.Next(2))..]]));
    }
}
