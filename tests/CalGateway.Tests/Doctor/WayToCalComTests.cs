using System.Net;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Doctor;

/// <summary>What the doctor says where Cal.com cannot be reached, refuses the key, or is something else.</summary>
public sealed class WayToCalComTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rejected_key_is_the_keys_fault_and_no_version_is_asked_for()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var installation = new Installation(sandbox.BaseAddress, "cal_live_revoked");

        var (exit, checks) = await installation.RunAsJsonAsync();

        Assert.Equal(1, exit);
        Assert.Contains("does not accept the key", (string?)checks["Account"]["finding"], StringComparison.Ordinal);
        Assert.Equal("skipped", (string?)checks["Versions"]["verdict"]);
        Assert.Equal(2, sandbox.Requests.Count);
    }

    [Fact]
    public async Task A_throttled_key_is_asked_for_nothing_more()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        sandbox.Faults.Add(Fault.RateLimit(TimeSpan.FromSeconds(42)));
        using var installation = new Installation(sandbox);

        var (exit, checks) = await installation.RunAsJsonAsync();

        Assert.Equal(1, exit);
        Assert.Contains("429: the quota of the key is used up, and asks to wait 42 s", (string?)checks["Account"]["finding"], StringComparison.Ordinal);
        Assert.Equal(1, sandbox.Requests.Count);
    }

    [Fact]
    public async Task The_callers_part_of_the_quota_is_left_to_them()
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { RateLimit = true }, Cancellation);
        using var others = new HttpClient { BaseAddress = sandbox.BaseAddress };
        others.DefaultRequestHeaders.Add("Authorization", $"Bearer {sandbox.ApiKey}");
        for (var request = 0; request < 100; request++)
            (await others.GetAsync("/v2/me", Cancellation)).Dispose();
        using var installation = new Installation(sandbox);

        var (_, checks) = await installation.RunAsJsonAsync();

        Assert.Contains("are left of the key's quota", (string?)checks["Versions"]["finding"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await others.GetAsync("/v2/me", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_host_that_hangs_is_given_up_on()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        sandbox.Faults.Add(Fault.Hang());
        using var installation = new Installation(sandbox);

        var (exit, checks) = await installation.RunAsJsonAsync();

        Assert.Equal(1, exit);
        Assert.Contains("no answer within 5 s", (string?)checks["Account"]["finding"], StringComparison.Ordinal);
        Assert.True(sandbox.Requests.Count <= 2);
    }

    [Theory]
    [InlineData(200, "text/html", null)]
    [InlineData(404, "text/html; charset=utf-8", null)]
    [InlineData(302, "text/html", "https://portal.example/login")]
    [InlineData(307, "text/plain", "https://portal.example/login")]
    public async Task A_web_site_or_captive_portal_is_no_Cal_com(int status, string contentType, string? location)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        var headers = new Dictionary<string, string>();
        if (location is not null)
            headers["Location"] = location;
        sandbox.Faults.Add(Fault.Status(status, body: "<html>Welcome</html>", contentType: contentType, headers: headers));
        using var installation = new Installation(sandbox);

        var (exit, checks) = await installation.RunAsJsonAsync();

        Assert.Equal(1, exit);
        Assert.Contains("captive portal", (string?)checks["Account"]["finding"], StringComparison.Ordinal);
        Assert.Contains("CALCOM_BASE_URL", (string?)checks["Account"]["remedy"], StringComparison.Ordinal);
        Assert.Equal("skipped", (string?)checks["Versions"]["verdict"]);
        Assert.Equal(2, sandbox.Requests.Count); // the redirect is not followed: the key stays here
    }

    [Fact]
    public async Task Another_service_that_answers_in_JSON_is_no_Cal_com()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        sandbox.Faults.Add(Fault.Status(200, body: """{"hello":"world"}""", contentType: "application/json"));
        using var installation = new Installation(sandbox);

        var (exit, checks) = await installation.RunAsJsonAsync();

        Assert.Equal(1, exit);
        Assert.Contains("is not Cal.com's API", (string?)checks["Account"]["finding"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_without_the_base_path_is_told_as_such()
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { BasePath = "/api" }, Cancellation);
        using var installation = new Installation(new Uri(sandbox.BaseAddress, "/"), sandbox.ApiKey);

        var (_, checks) = await installation.RunAsJsonAsync();

        Assert.Equal("bad", (string?)checks["Account"]["verdict"]);
        Assert.Contains("CALCOM_BASE_URL", (string?)checks["Account"]["remedy"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://calgateway-no-such-host.invalid", "has no address")]
    [InlineData(null, "refuses connections")]
    public async Task Without_a_way_to_Cal_com_the_step_that_fails_is_named(string? address, string finding)
    {
        using var installation = new Installation(new Uri(address ?? $"http://127.0.0.1:{FreePort.Next()}"), "cal_live_some_key");

        var (exit, checks) = await installation.RunAsJsonAsync();

        Assert.Equal(1, exit);
        Assert.Contains(finding, (string?)checks["Connection"]["finding"], StringComparison.Ordinal);
        Assert.Equal("skipped", (string?)checks["Account"]["verdict"]);
    }

    [Theory]
    [InlineData(null, "bad", "--sandbox")]
    [InlineData("Bearer_cal_live_x", "doubtful", "Give the key alone")]
    [InlineData("\"cal_live_x\"", "bad", "take the quotes off")]
    [InlineData("sk_live_of_another_service", "doubtful", "cal_live_")]
    [InlineData("eyJhbGciOi.eyJzdWIi.c2ln", "doubtful", "expire within the hour")]
    public async Task A_key_is_looked_at_before_it_is_sent(string? key, string verdict, string remedy)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var installation = new Installation(sandbox.BaseAddress, key);

        var (_, checks) = await installation.RunAsJsonAsync();

        Assert.Equal(verdict, (string?)checks["Credential"]["verdict"]);
        Assert.Contains(remedy, (string?)checks["Credential"]["remedy"], StringComparison.Ordinal);
    }
}
