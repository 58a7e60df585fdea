using CalGateway.Commands;
using CalGateway.Configuration;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Startup;

/// <summary>What keeps the gateway from starting: exit code 1, one clear line, nothing on standard output and no stack trace.</summary>
public sealed class StartErrorTests : IDisposable
{
    private const string Key = "cal_test_never_shown";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-start-");

    [Fact]
    public async Task No_credential_names_both_ways_out()
    {
        var line = await RefusalAsync([], new() { ["CALCOM_API_KEY"] = "" });

        Assert.Contains("There is no credential for Cal.com. Set CALCOM_API_KEY (or CALCOM_API_KEY_FILE)", line, StringComparison.Ordinal);
        Assert.Contains("--sandbox", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_that_cannot_be_read_is_named()
    {
        var line = await RefusalAsync([], new() { ["CALCOM_API_KEY"] = "", ["CALCOM_API_KEY_FILE"] = Path.Combine(_folder.FullName, "absent") });

        Assert.Contains($"CALCOM_API_KEY_FILE names {Path.Combine(_folder.FullName, "absent")}, which cannot be read", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_that_is_a_pipe_is_refused_without_waiting_for_a_writer()
    {
        var pipe = Path.Combine(_folder.FullName, "pipe");
        await NamedPipe.MakeAsync(pipe);

        var line = await RefusalAsync([], new() { ["CALCOM_API_KEY"] = "", ["CALCOM_API_KEY_FILE"] = pipe });

        Assert.Contains($"CALCOM_API_KEY_FILE names {pipe}, which is empty, or no ordinary file.", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_with_a_line_break_inside_is_refused_and_not_shown()
    {
        var line = await RefusalAsync([], new() { ["CALCOM_API_KEY"] = Key + "\nX-Smuggled: 1" });

        Assert.Contains("CALCOM_API_KEY holds a line break", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_settings_file_that_is_missing_is_named_with_the_ways_to_name_another()
    {
        var line = await RefusalAsync(["--config", Path.Combine(_folder.FullName, "absent.json")]);

        Assert.Contains("absent.json is not there. Name another file with --config or CALGATEWAY_CONFIG.", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_settings_file_that_is_invalid_is_told_by_line_and_column()
    {
        var path = Path.Combine(_folder.FullName, "broken.json");
        await File.WriteAllTextAsync(path, "{\n  \"ReverseProxy\":nonsense\n}", TestContext.Current.CancellationToken);

        var text = await RefusalAsync(["--config", path], lines: 2);

        Assert.Contains($"{path} was refused:", text, StringComparison.Ordinal);
        Assert.Contains("broken.json:2:19 error: Text must stand in double quotes", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_with_what_to_do()
    {
        await using var taken = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var url = taken.BaseAddress.GetLeftPart(UriPartial.Authority);

        var line = await RefusalAsync(["--urls", url]);

        Assert.Contains($"Could not listen. Failed to bind to address {url}: address already in use.", line, StringComparison.Ordinal);
        Assert.Contains("choose another address with --urls", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_this_machine_has_not_is_named()
    {
        var line = await RefusalAsync(["--urls", "http://192.0.2.1:5999"], new() { ["CalGateway__Access__Mode"] = "Anonymous", ["CalGateway__Access__RateLimit__Requests"] = "60" });

        Assert.StartsWith("calgateway: Could not listen on http://192.0.2.1:5999: Cannot assign requested address. Choose another address with --urls.", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("http://127.0.0.1:70000")]
    [InlineData("http://127.0.0.1:-1")]
    [InlineData("http://127.0.0.1:many")]
    [InlineData("ftp://127.0.0.1:5999")]
    [InlineData("http://127.0.0.1:5999/calcom")]
    [InlineData("http://pipe:/calgateway")]
    public async Task An_address_that_is_none_is_told_with_what_to_write(string url)
    {
        var text = await RefusalAsync(["--urls", url], lines: 2);

        Assert.Contains($"\"{url}\" (--urls) is no address to serve callers at. Write scheme, host and port, such as http://localhost:5080.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_for_callers_and_operators_both_is_told_with_both_settings()
    {
        var text = await RefusalAsync(["--urls", "http://127.0.0.1:5999"], new() { ["CalGateway__Management__Url"] = "http://localhost:5999" }, lines: 2);

        Assert.Contains("CalGateway:Management:Url is http://localhost:5999, and callers are served on http://127.0.0.1:5999 (--urls)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Stop what is listening", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:5999", "http://LOCALHOST:5999")]
    [InlineData("http://[::1]:5999", "http://localhost:5999")]
    [InlineData("http://localhost:5998;http://localhost:5999", "http://localhost:5999")]
    [InlineData("http://*:5999", "http://localhost:5999")]
    [InlineData("http://0.0.0.0:5999", "http://127.0.0.1:5999")]
    [InlineData("http://127.0.0.1:5999", "http://0.0.0.0:5999")]
    [InlineData("http://localhost", "http://localhost:80")]
    [InlineData("http://cal.localhost:5999", "http://127.0.0.1:5999")]
    public void However_the_one_address_is_written(string urls, string management) => Assert.Contains(
        "and callers are served on", Assert.Throws<StartupException>(() => Build(Managed(management), urls: urls)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("http://localhost:5998", "http://localhost:5999")]
    [InlineData("http://127.0.0.1:5999", "http://[::1]:5999")]
    [InlineData("http://127.0.0.1:5999", "http://127.0.0.2:5999")]
    [InlineData("http://cal.localhost:5999", "http://127.0.0.2:5999")]
    [InlineData("http://127.0.0.1:0", "http://127.0.0.1:0")]
    [InlineData("http://unix:/run/calgateway.sock", "http://localhost:80")]
    [InlineData("http://localhost:5999", "")]
    public void Addresses_that_do_not_meet_are_taken(string urls, string management) => Build(Managed(management), urls: urls);

    [Fact]
    public async Task A_base_URL_that_is_none_is_refused_with_examples()
    {
        var line = await RefusalAsync([], new() { ["CALCOM_BASE_URL"] = "api.cal.com" });

        Assert.Contains("CALCOM_BASE_URL is not an address of a Cal.com. Write scheme, host and, if need be, a path, such as https://api.cal.eu", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not a url")]
    [InlineData("/calcom")]
    [InlineData("ftp://api.cal.com")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://")]
    [InlineData("https://user:hunter2@api.cal.com")]
    [InlineData("https://api.cal.com?key=hunter2")]
    [InlineData("https://api.cal.com#hunter2")]
    public void Nor_is_any_other_taken_that_requests_could_not_be_sent_to(string url)
    {
        var failure = Assert.Throws<StartupException>(() => Build(new() { ["CALCOM_BASE_URL"] = url }));

        Assert.DoesNotContain("hunter2", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CALCOM_API_KEY holds a line break", "a b")]
    [InlineData("CALCOM_API_KEY holds a line break", "a\r\n\r\n")]
    [InlineData("CALCOM_API_KEY holds a line break", "\nabc")]
    [InlineData("CALCOM_API_KEY holds a line break", "abc\u00e9")]
    [InlineData("CALCOM_API_KEY holds a line break", "abc\0")]
    [InlineData("CALCOM_API_KEY is empty", "\n")]
    [InlineData("There is no credential", "")]
    [InlineData("CALCOM_API_KEY is longer than 4096 characters", "long")]
    public void A_key_that_could_not_be_sent_is_refused(string reason, string key)
    {
        var failure = Assert.Throws<StartupException>(() => Build(new() { ["CALCOM_API_KEY"] = key == "long" ? new string('x', 5000) : key }));

        Assert.StartsWith(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_credentials_are_refused_since_nobody_could_tell_which_is_used()
    {
        var failure = Assert.Throws<StartupException>(() => Build(new() { ["CALCOM_API_KEY"] = Key, ["CALCOM_API_KEY_FILE"] = "key" }));

        Assert.Contains("are both set", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("   ")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{ \"ReverseProxy\": {} }")]
    [InlineData("{ \"ReverseProxy\": { \"Routes\": {} } ")]
    [InlineData("\0\0\0\0")]
    public void A_file_that_would_serve_nothing_is_refused(string settings) => Refused(settings, "was refused:");

    [Fact]
    public void An_empty_file_is_refused_with_the_way_to_restore_it() => Refused("", "is empty, or no ordinary file. Restore it");

    [Fact]
    public void A_pin_towards_another_cluster_is_refused_since_it_would_carry_the_key_there() => Refused(
        Shipped()
            .Replace("\"Clusters\": {", "\"Clusters\": { \"other\": { \"Destinations\": { \"x\": { \"Address\": \"https://other.example\" } } },", StringComparison.Ordinal)
            .Replace("\"bookings\": {\n        \"ClusterId\": \"calcom\"", "\"bookings\": {\n        \"ClusterId\": \"other\"", StringComparison.Ordinal),
        "Route \"bookings\" has CalApiVersion, which signs requests with the Cal.com credential, but goes to the cluster \"other\"");

    [Fact]
    public void Two_pins_on_one_route_are_refused_since_Cal_com_would_read_them_as_none() => Refused(
        Shipped().Replace("{ \"CalApiVersion\": \"2024-06-11\" }", "{ \"CalApiVersion\": \"2024-06-11\" }, { \"CalApiVersion\": \"2024-06-14\" }", StringComparison.Ordinal),
        "Route \"schedules\" has CalApiVersion more than once");

    [Theory]
    [InlineData("{ \"CalApiVersion\": \"\" }", "\"CalApiVersion\" must be a version")]
    [InlineData("{ \"CalApiVersion\": \"2024-06-11, 2024-06-14\" }", "\"CalApiVersion\" must be a version")]
    [InlineData("{ \"CalApiVersion\": \"2024-06-11\\r\\nX: 1\" }", "\"CalApiVersion\" must be a version")]
    [InlineData("{ \"CalApiVersions\": \"2024-06-11\" }", "CalApiVersions")]
    [InlineData("{ \"CalApiVersion\": \"2024-06-11\", \"Unverifed\": \"true\" }", "Unverifed")]
    [InlineData("{ \"CalApiVersion\": \"2024-06-11\", \"Unverified\": \"yes\" }", "\"Unverified\" must be true or false")]
    [InlineData("{ \"CalApiVersion\": \"2024-06-11\" }, { \"CalNotFound\": \"Sometimes\" }", "\"CalNotFound\" cannot be \"Sometimes\"")]
    public void A_transform_that_is_mistyped_is_refused(string transform, string reason) =>
        Refused(Shipped().Replace("{ \"CalApiVersion\": \"2024-06-11\" }", transform, StringComparison.Ordinal), reason);

    [Fact]
    public void A_key_in_the_settings_file_is_refused_and_not_shown()
    {
        var settings = Shipped().Replace("\"PathRemovePrefix\": \"/calcom\" }, { \"CalApiVersion\": \"2024-06-11\" }", $"\"RequestHeader\": \"Authorization\", \"Set\": \"Bearer {Key}\" }}", StringComparison.Ordinal);

        Refused(settings, "A secret does not live in yarp.json");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Shipped() => GatewayFixture.ShippedSettings.ReplaceLineEndings("\n");

    /// <summary>The standard error of a process that ends with exit code 1.</summary>
    private static async Task<string> RefusalAsync(string[] arguments, Dictionary<string, string>? environment = null, int lines = 1)
    {
        var variables = new Dictionary<string, string> { ["CALCOM_API_KEY"] = Key, ["CalGateway__Management__Url"] = "http://127.0.0.1:0" };
        foreach (var (name, value) in environment ?? [])
            variables[name] = value;
        var urls = arguments.Contains("--urls") ? arguments : [.. arguments, "--urls", "http://127.0.0.1:0"];
        await using var gateway = GatewayProcess.Start(urls, variables);

        Assert.Equal(1, await gateway.ExitAsync());

        Assert.Empty(gateway.Output);
        Assert.StartsWith("calgateway: ", gateway.Errors, StringComparison.Ordinal);
        Assert.Equal(lines, gateway.Errors.Split('\n').Length);
        Assert.DoesNotContain("   at ", gateway.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, gateway.Errors, StringComparison.Ordinal);
        return gateway.Errors;
    }

    private void Refused(string settings, string reason)
    {
        var failure = Assert.Throws<StartupException>(() => Build([], settings));

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, failure.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Managed(string url) => new() { ["CalGateway__Management__Url"] = url };

    private void Build(Dictionary<string, string?> environment, string? settings = null, string urls = "http://127.0.0.1:0")
    {
        var path = Path.Combine(_folder.FullName, "yarp.json");
        File.WriteAllText(path, settings ?? Shipped());
        environment.TryAdd("CALCOM_API_KEY", Key);
        using var app = RunCommand.Build(new Launch(path, Sandbox: false, urls, environment)) as IDisposable;
    }
}
