using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Explain;

/// <summary>What only a running gateway knows of a request: quota, circuit, and what is stored.</summary>
public sealed class LiveExplanationTests : IDisposable
{
    private const string Me = "/calcom/v2/me";
    private const string List = "/calcom/v2/event-types";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-explained-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_circuit_is_told_as_it_is()
    {
        await using var pair = await Pair.StartAsync();
        var before = await pair.Gateway.AskManagementAsync($"/explain?path={Me}");
        pair.Sandbox.Faults.Add(Fault.Status(500));
        for (var i = 0; i < 10; i++)
            (await pair.GetAsync(Me)).Dispose();

        var after = await pair.Gateway.AskManagementAsync($"/explain?path={Me}");

        Assert.Equal("closed, 0 of at most 100 at Cal.com, 0 waiting", (string?)before["circuit"]);
        Assert.Matches("^open, one request tries in [1-5] s, 0 of at most 100 at Cal.com, 0 waiting$", (string?)after["circuit"]);
        Assert.Null(after["live"]);
    }

    [Fact]
    public async Task The_verb_asks_the_gateway_that_runs_with_the_same_file_and_no_other()
    {
        var token = Write("token", "a-token-of-the-operators");
        var settings = Write("yarp.json", GatewayFixture.ShippedSettings);
        var other = Write("other.json", GatewayFixture.ShippedSettings);
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { RateLimit = true }, Cancellation);
        var environment = new Dictionary<string, string>
        {
            ["CALCOM_API_KEY"] = sandbox.ApiKey,
            ["CALCOM_BASE_URL"] = sandbox.BaseAddress.AbsoluteUri,
            ["CalGateway__Management__Url"] = $"http://*:{FreePort.Next()}",
            ["CalGateway__Management__Token"] = token,
        };
        await using (var gateway = GatewayProcess.Start(["--urls", "http://127.0.0.1:0", "--config", settings], environment))
        {
            using var caller = new HttpClient { BaseAddress = await gateway.ServedAsync() };
            foreach (var path in new[] { Me, Me, List })
                (await caller.GetAsync(path, Cancellation)).Dispose();

            var told = "";
            await Eventually.TrueAsync(
                async () => (told = await ExplainAsync(settings, environment, List)).Contains("as the gateway at http://localhost:", StringComparison.Ordinal),
                "the gateway answers the verb within the two seconds that it waits");
            Assert.Matches("quota +class read, 117 of 120 left, resets in (60|[1-5]?[0-9]) s\n", told);
            Assert.Contains("circuit   closed, 0 of at most 100 at Cal.com, 0 waiting\n", told, StringComparison.Ordinal);
            Assert.Matches("; stored 00:00:[0-9.]+ ago, [0-9]+ s left\n", told);
            Assert.Matches("live +quota, circuit and cache as the gateway at http://localhost:[0-9]+ has them now\n", told);
            Assert.DoesNotContain("a-token", told, StringComparison.Ordinal);

            Assert.Matches("live +the gateway at http://localhost:[0-9]+ runs with another settings file", await ExplainAsync(other, environment, List));
            var unknown = new Dictionary<string, string>(environment) { ["CalGateway__Management__Token"] = Write("another", "another-token") };
            Assert.Matches("live +the gateway at http://localhost:[0-9]+ answers 401: ", await ExplainAsync(settings, unknown, List));
        }

        var alone = await ExplainAsync(settings, environment, List);
        Assert.Contains("quota     class read, no window runs; the next has 120\n", alone, StringComparison.Ordinal);
        Assert.Matches("live +no gateway answers at http://localhost:[0-9]+: ", alone);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static async Task<string> ExplainAsync(string settings, IReadOnlyDictionary<string, string> environment, string path)
    {
        await using var asked = GatewayProcess.Start(["explain", "GET", path, "--config", settings], environment);
        Assert.Equal(0, await asked.ExitAsync());
        return asked.Output + "\n";
    }
}
