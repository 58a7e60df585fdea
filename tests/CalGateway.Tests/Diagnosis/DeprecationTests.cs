using CalGateway.Diagnosis.Deprecation;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CalGateway.Tests.Diagnosis;

public sealed class DeprecationTests
{
    [Fact]
    public async Task An_announced_end_is_logged_once_a_day_shown_as_a_status_line_and_passed_on()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        sandbox.Faults.Add(Fault.Status(200, body: """{"status":"success","data":[]}""", contentType: "application/json", headers: new Dictionary<string, string>
        {
            ["Deprecation"] = "@1767225600",
            ["Sunset"] = "Wed, 31 Mar 2027 00:00:00 GMT",
        }));
        await using var gateway = await GatewayFixture.StartAsync(sandbox, adjust: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        using var caller = gateway.CreateClient();

        foreach (var pause in new[] { TimeSpan.Zero, TimeSpan.FromHours(1), TimeSpan.FromDays(1) })
        {
            clock.Advance(pause);
            using var answer = await caller.GetAsync("/calcom/v2/webhooks", TestContext.Current.CancellationToken);
            Assert.Equal("@1767225600", Assert.Single(answer.Headers.GetValues("Deprecation")));
        }

        const string Sentence = "GET /v2/webhooks is deprecated since 2026-01-01 and will stop answering on 2027-03-31.";
        Assert.Equal(2, gateway.Logs.Lines.Count(line => line.Text.Contains(Sentence, StringComparison.Ordinal)));
        Assert.Equal($"Route \"rest\": {Sentence}", (string?)(await gateway.StatusAsync())["deprecations"]![0]);
    }

    [Theory]
    [InlineData("@1688169599", "", "is deprecated since 2023-06-30.")]
    [InlineData("true", "", "is deprecated.")]
    [InlineData("", "Sat, 31 Dec 2033 23:59:59 GMT", "is deprecated and will stop answering on 2033-12-31.")]
    [InlineData("Fri, 30 Jun 2023 23:59:59 GMT", "", "is deprecated since 2023-06-30.")]
    [InlineData("false", "", null)]
    [InlineData("@99999999999999999999", "soon", null)]
    [InlineData("@", "", null)]
    public void The_headers_are_read_as_the_RFCs_have_them_and_nonsense_is_none(string deprecation, string sunset, string? told) =>
        Assert.Equal(told is null ? null : $"GET /v2/me {told}", DeprecationNotice.Read("GET /v2/me", deprecation, sunset)?.ToString());
}
