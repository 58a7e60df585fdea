using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CalGateway.Tests.Diagnosis.Structures;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Rehearsal;

/// <summary>Cal.com answers random bodies with a secret in every value: nothing that is told of them has it.</summary>
public sealed class NoValueIsToldTests
{
    private const string Secret = "s3cr3t";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_value_of_an_answer_is_in_the_report_the_file_or_the_progress()
    {
        var random = new Random(7);
        await using var upstream = Start(random);
        using var rehearsed = new Rehearsed(upstream.Address);
        var differences = 0;
        for (var round = 0; round < 30; round++)
        {
            var (route, isJson) = (round % 3 == 0 ? "bookings" : round % 3 == 1 ? "event-types" : "schedules", round % 2 == 0);
            var (_, text, error) = await rehearsed.RunAsync(route, round % 5 == 0 ? "2031-01-01" : "2024-04-15", isJson, save: true);

            Assert.DoesNotContain(Secret, $"{text}{error}{string.Concat(rehearsed.Steps)}{await File.ReadAllTextAsync(rehearsed.SavedPath, Cancellation)}", StringComparison.OrdinalIgnoreCase);
            differences += text.Contains("is gone", StringComparison.Ordinal) || text.Contains("is new", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.True(differences > 0, "No round had anything to tell.");
    }

    [Fact]
    public async Task No_value_of_an_answer_is_in_the_log_the_metrics_or_the_status()
    {
        var random = new Random(8);
        await using var upstream = Start(random);
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);
        using var caller = gateway.CreateClient();
        using var client = new HttpClient { BaseAddress = gateway.ManagementAddress };
        for (var round = 0; round < 60; round++)
            using (await caller.GetAsync("/calcom/v2/bookings", Cancellation))
            {
            }

        using (await client.PostAsync("/rehearsal?route=bookings&version=2024-04-15", null, Cancellation))
        {
        }

        await Eventually.TrueAsync(async () => JsonNode.Parse(await client.GetStringAsync("/rehearsal", Cancellation))!["underWay"] is null, "the rehearsal is over", TimeSpan.FromSeconds(30));
        foreach (var page in new[] { "/rehearsal", "/status", "/metrics" })
            Assert.DoesNotContain(Secret, await client.GetStringAsync(page, Cancellation), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Text.Contains(Secret, StringComparison.OrdinalIgnoreCase));
    }

    private static ScriptedUpstream Start(Random random) => ScriptedUpstream.Start(async exchange =>
    {
        string body;
        lock (random)
            body = new JsonObject { ["status"] = "success", ["data"] = NoValueTests.Make(random, 0) }.ToJsonString();
        await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body).ToString(CultureInfo.InvariantCulture)}\r\nConnection: close\r\n\r\n{body}");
    });
}
