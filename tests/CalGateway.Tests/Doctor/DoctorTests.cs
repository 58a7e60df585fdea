using System.Net;
using System.Net.Sockets;
using CalGateway.Doctor;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Doctor;

public sealed class DoctorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_healthy_installation_is_examined_whole_with_reads_only_forty_and_two_of_them()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var patient = new Patient(sandbox);

        var (exit, checks) = await patient.ExamineAsJsonAsync();

        Assert.Equal(0, exit);
        Assert.Equal(
            ["Configuration", "Credential", "Connection", "Account", "Versions", "API v1", "Running gateway", "Your event types"], checks.Keys);
        Assert.All(checks.Where(check => check.Key != "Running gateway"), check => Assert.Equal("good", (string?)check.Value["verdict"]));
        Assert.Contains("owner", (string?)checks["Account"]["finding"], StringComparison.Ordinal);
        Assert.Contains("bookings: pinned 2024-08-13 ✓", checks["Versions"]["details"]!.AsArray().Select(line => (string?)line));
        Assert.Contains("Secret Meeting", checks["Your event types"]["table"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(42, sandbox.Requests.Count);
        Assert.All(sandbox.Requests.All, request => Assert.Equal("GET", request.Method));
    }

    [Fact]
    public async Task What_keeps_the_gateway_from_starting_where_it_is_to_listen_is_told_as_check_tells_it()
    {
        using var patient = new Patient(upstream: new Uri("http://127.0.0.1:9"), "cal_test_key", url: "http://0.0.0.0:9");

        var (exit, checks) = await patient.ExamineAsJsonAsync();

        Assert.Equal((1, "bad"), (exit, (string?)checks["Configuration"]["verdict"]));
        Assert.Contains("CalGateway:Access:Mode", (string?)checks["Configuration"]["remedy"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2024-08-13", "bad", "set CalApiVersion of route \"event-types\" to \"2024-06-14\"")]
    [InlineData("2031-01-01", "bad", "set CalApiVersion of route \"event-types\" to \"2024-06-14\"")]
    [InlineData("2024-04-15", "doubtful", "set CalApiVersion of route \"event-types\" to \"2024-06-14\"")]
    public async Task A_wrong_pin_is_told_first_with_the_line_to_change(string pin, string verdict, string remedy)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        var settings = GatewayFixture.ShippedSettings.Replace("2024-06-14", pin, StringComparison.Ordinal);
        using var patient = new Patient(sandbox, settings);

        var (_, checks) = await patient.ExamineAsJsonAsync();
        var (exit, text) = await patient.ExamineAsync();
        var firstLines = string.Join(' ', text.Split('\n').Take(5).Select(line => line.Trim()));

        Assert.Equal(verdict, (string?)checks["Versions"]["verdict"]);
        Assert.Contains(remedy, (string?)checks["Versions"]["remedy"], StringComparison.Ordinal);
        Assert.Equal(verdict == "bad" ? 1 : 0, exit);
        if (verdict == "bad")
        {
            Assert.Contains("yarp.json:10:", firstLines, StringComparison.Ordinal);
            Assert.Contains(remedy, firstLines, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_rejected_key_is_the_keys_fault_and_no_version_is_asked_for()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var patient = new Patient(sandbox.BaseAddress, "cal_live_revoked");

        var (exit, checks) = await patient.ExamineAsJsonAsync();

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
        using var patient = new Patient(sandbox);

        var (exit, checks) = await patient.ExamineAsJsonAsync();

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
        using var patient = new Patient(sandbox);

        var (_, checks) = await patient.ExamineAsJsonAsync();

        Assert.Contains("are left of the key's quota", (string?)checks["Versions"]["finding"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await others.GetAsync("/v2/me", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_host_that_hangs_is_given_up_on()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        sandbox.Faults.Add(Fault.Hang());
        using var patient = new Patient(sandbox);

        var (exit, checks) = await patient.ExamineAsJsonAsync();

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
        using var patient = new Patient(sandbox);

        var (exit, checks) = await patient.ExamineAsJsonAsync();

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
        using var patient = new Patient(sandbox);

        var (exit, checks) = await patient.ExamineAsJsonAsync();

        Assert.Equal(1, exit);
        Assert.Contains("is not Cal.com's API", (string?)checks["Account"]["finding"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_without_the_base_path_is_told_as_such()
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { BasePath = "/api" }, Cancellation);
        using var patient = new Patient(new Uri(sandbox.BaseAddress, "/"), sandbox.ApiKey);

        var (_, checks) = await patient.ExamineAsJsonAsync();

        Assert.Equal("bad", (string?)checks["Account"]["verdict"]);
        Assert.Contains("CALCOM_BASE_URL", (string?)checks["Account"]["remedy"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://calgateway-no-such-host.invalid", "has no address")]
    [InlineData(null, "refuses connections")]
    public async Task Without_a_way_to_Cal_com_the_step_that_fails_is_named(string? address, string finding)
    {
        using var patient = new Patient(new Uri(address ?? $"http://127.0.0.1:{FreePort()}"), "cal_live_some_key");

        var (exit, checks) = await patient.ExamineAsJsonAsync();

        Assert.Equal(1, exit);
        Assert.Contains(finding, (string?)checks["Connection"]["finding"], StringComparison.Ordinal);
        Assert.Equal("skipped", (string?)checks["Account"]["verdict"]);
    }

    [Theory]
    [InlineData(null, "bad", "--sandbox")]
    [InlineData("Bearer_cal_live_x", "doubtful", "Give the key alone")]
    [InlineData("\"cal_live_x\"", "doubtful", "quotation marks")]
    [InlineData("sk_live_of_another_service", "doubtful", "cal_live_")]
    [InlineData("eyJhbGciOi.eyJzdWIi.c2ln", "doubtful", "expire within the hour")]
    public async Task A_key_is_looked_at_before_it_is_sent(string? key, string verdict, string remedy)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var patient = new Patient(sandbox.BaseAddress, key);

        var (_, checks) = await patient.ExamineAsJsonAsync();

        Assert.Equal(verdict, (string?)checks["Credential"]["verdict"]);
        Assert.Contains(remedy, (string?)checks["Credential"]["remedy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_to_be_shared_names_neither_owner_nor_event_types_nor_paths()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var patient = new Patient(sandbox);

        foreach (var json in new[] { false, true })
        {
            var (_, text) = await patient.ExamineAsync(json, share: true);

            Assert.DoesNotContain("Secret", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("15min", text, StringComparison.Ordinal);
            Assert.DoesNotContain("3928133", text, StringComparison.Ordinal);
            Assert.DoesNotContain("account of owner", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Path.GetTempPath(), text, StringComparison.Ordinal);
            Assert.DoesNotContain(sandbox.ApiKey, text, StringComparison.Ordinal);
            Assert.Contains("3, 1 of them hidden.", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(40, false)]
    [InlineData(80, false)]
    [InlineData(80, true)]
    public async Task The_report_fits_the_terminal_and_is_coloured_only_where_told(int width, bool colour)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var patient = new Patient(sandbox);

        var (_, text) = await patient.ExamineAsync(width: width, colour: colour);

        Assert.Equal(colour, text.Contains('\e'));
        if (!colour)
            Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, width));
        Assert.Contains("2024-06-14", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_shared_of_settings_that_were_refused_names_nobody_either()
    {
        var settings = GatewayFixture.ShippedSettings.Replace(
            "\"CalGateway\": {",
            """
            "CalGateway": { "Access": { "Mode": "ApiKey", "Consumers": { "acme-corp": { "Keys": [{ "Hash": "x" }], "Operations": ["GET /v2/acme"] } },
              "Cors": { "Origins": ["https://intranet.acme.example/x"] }, "Jwt": { "KeysFile": "/srv/acme/keys.json" } },
            """,
            StringComparison.Ordinal);
        using var patient = new Patient(new Uri("http://calendar.acme.example"), "cal_live_acme", settings);

        var (_, text) = await patient.ExamineAsync(json: true, share: true);

        Assert.DoesNotContain("acme", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("yarp.json:", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_gateway_tells_its_health_its_revision_and_its_cache()
    {
        var management = $"http://127.0.0.1:{FreePort()}";
        await using var pair = await Pair.StartAsync(environment: ManagedAt(management));
        for (var request = 0; request < 4; request++)
            (await pair.GetAsync("/calcom/v2/event-types")).Dispose();
        using var patient = PatientOf(pair, management);

        var (exit, checks) = await patient.ExamineAsJsonAsync();
        var gateway = checks["Running gateway"];

        Assert.Equal(0, exit);
        Assert.Equal("good", (string?)gateway["verdict"]);
        Assert.Contains("which is this file's", (string?)gateway["finding"], StringComparison.Ordinal);
        Assert.Equal("health: live, ready", (string?)gateway["details"]![0]);
        Assert.StartsWith("cache: 1 answers, ", (string?)gateway["details"]![1], StringComparison.Ordinal);
        Assert.Equal("cache policy event-types: 4 requests, 75 % from the cache", (string?)gateway["details"]![2]);
    }

    [Fact]
    public async Task A_running_gateway_with_another_revision_is_told_apart()
    {
        var management = $"http://127.0.0.1:{FreePort()}";
        await using var pair = await Pair.StartAsync(environment: ManagedAt(management));
        using var patient = PatientOf(pair, management, GatewayFixture.ShippedSettings.Replace("00:01:00", "00:02:00", StringComparison.Ordinal));

        var (_, checks) = await patient.ExamineAsJsonAsync();

        Assert.Equal("doubtful", (string?)checks["Running gateway"]["verdict"]);
        Assert.Contains("It runs, but serves revision", (string?)checks["Running gateway"]["finding"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"2024-09-04\"", "with 1 warning.")]
    [InlineData("\"2024-0", "warnings.")]
    public async Task A_running_gateway_tells_how_much_it_warns_of(string pins, string told)
    {
        var management = $"http://127.0.0.1:{FreePort()}";
        var settings = GatewayFixture.ShippedSettings.Replace($"\"CalApiVersion\": {pins}", $"\"CalApiVersion\": {pins.Replace("2024", "2021", StringComparison.Ordinal)}", StringComparison.Ordinal);
        await using var pair = await Pair.StartAsync(settings: settings, environment: ManagedAt(management));
        using var patient = PatientOf(pair, management, settings);

        var (_, checks) = await patient.ExamineAsJsonAsync();

        Assert.EndsWith(told, (string?)checks["Running gateway"]["finding"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_has_refused_the_last_edit_is_told_with_the_reason()
    {
        var management = $"http://127.0.0.1:{FreePort()}";
        await using var pair = await Pair.StartAsync(environment: ManagedAt(management));
        pair.Gateway.Edit(text => text.Replace("\"OutputCachePolicy\": \"event-types\"", "\"OutputCachePolcy\": \"event-types\"", StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => (string?)(await pair.Gateway.StatusAsync())["state"] == "warning", "the edit is refused");
        using var patient = PatientOf(pair, management, File.ReadAllText(pair.Gateway.SettingsPath));
        using var sound = PatientOf(pair, management, GatewayFixture.ShippedSettings.Replace("00:01:00", "00:02:00", StringComparison.Ordinal));

        var (exit, checks) = await patient.ExamineAsJsonAsync();
        var (_, others) = await sound.ExamineAsJsonAsync();

        Assert.Equal(1, exit);
        Assert.Contains("OutputCachePolcy", (string?)checks["Configuration"]["remedy"], StringComparison.Ordinal);
        Assert.Contains("the last settings that were good", (string?)checks["Running gateway"]["finding"], StringComparison.Ordinal);
        Assert.Contains("It refused the last edit: yarp.json:", (string?)others["Running gateway"]["remedy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_listens_where_the_gateway_should_and_is_none_is_told_as_such()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var patient = new Patient(sandbox.BaseAddress, sandbox.ApiKey, url: sandbox.BaseAddress.AbsoluteUri);

        var (exit, checks) = await patient.ExamineAsJsonAsync();

        Assert.Equal(0, exit);
        Assert.Contains("is no CalGateway", (string?)checks["Running gateway"]["finding"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1;http://127.0.0.1:2", "http://127.0.0.1:1")]
    [InlineData("http://*:9", "http://localhost:9")]
    [InlineData("https://+:1;http://0.0.0.0:9", "http://localhost:9")]
    public async Task Where_no_gateway_runs_it_says_where_it_looked(string urls, string looked)
    {
        using var patient = new Patient(new Uri("http://127.0.0.1:9"), "cal_live_x", url: urls);

        var (_, checks) = await patient.ExamineAsJsonAsync();

        Assert.Equal($"None runs at {looked}.", (string?)checks["Running gateway"]["finding"]);
    }

    [Fact]
    public async Task A_check_that_throws_is_a_finding_and_the_next_one_still_runs()
    {
        using var patient = new Patient(new Uri("http://127.0.0.1:9"), "cal_live_some_key");
        using var examination = patient.Begin(Probe.Most);

        var report = await Physician.ExamineAsync(examination, [new Throwing(), new Content()], progress: null, Cancellation);

        Assert.Equal([Verdict.Bad, Verdict.Good], report.Checks.Select(check => check.Result.Verdict));
        Assert.Contains("InvalidOperationException, on purpose", report.Checks[0].Result.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_verb_examines_the_sandbox()
    {
        await using var healthy = GatewayProcess.Start(["doctor", "--sandbox"]);
        Assert.Equal(0, await healthy.ExitAsync());
        Assert.StartsWith("✓ Healthy", healthy.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', healthy.Output);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reader_that_leaves_early_changes_nothing_about_the_verdict(bool json)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var patient = new Patient(sandbox);

        Assert.Equal(0, await patient.ExamineAsync(new ClosedPipe(), json));
    }

    private static Dictionary<string, string?> ManagedAt(string url) => new() { ["CalGateway__Management__Url"] = url };

    private static Patient PatientOf(Pair pair, string management, string? settings = null) => new(
        pair.Sandbox.BaseAddress, pair.Sandbox.ApiKey, settings, management, pair.Gateway.Address.AbsoluteUri);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class ClosedPipe : StringWriter
    {
        public override Task WriteAsync(string? value) => throw new IOException("Broken pipe");

        public override Task WriteAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default) => throw new IOException("Broken pipe");
    }

    private sealed class Throwing : ICheck
    {
        public string Title => "Throws";

        public Task<CheckResult> ExamineAsync(Examination examination, CancellationToken cancellation) => throw new InvalidOperationException("on purpose");
    }

    private sealed class Content : ICheck
    {
        public string Title => "Is content";

        public Task<CheckResult> ExamineAsync(Examination examination, CancellationToken cancellation) => Task.FromResult(CheckResult.Good("Fine."));
    }
}
