using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Configuration;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Configuration;

/// <summary>
/// Random files that pass <c>check</c> are applied to a running gateway. Whatever they do, the next good edit is in force within two seconds.
/// Ten by default; LIVE_MUTATIONS sets another number, LIVE_MUTATIONS_SEED another seed. The seed is printed.
/// </summary>
[Collection(RunsAlone.Name)]
public sealed class LiveMutationTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);

    private static readonly string[] Segments =
    [
        "v2", "bookings", "event-types", "{a}", "{b:int}", "{c:regex(^[[a-z]]+$)}", "{d:alpha:minlength(2)}", "{e=1}", "{f?}", "x{g}y", "{h}-{i}", "{**j}", "{*k}",
        "{l:guid}", "{m:range(1,9)}", "{n:regex([)}", "{o:nothing}", "%20", "ü", "a.b", "{p:length(2,3)}", "{q:file}", "{r:nonfile}", "{s:required}", "~", "V2",
    ];

    private static readonly string[] Hosts = ["example.com", "*.example.com", "example.com:8080", "*:5080", "localhost", "a:99999", "xn--a", "EXAMPLE.com:*"];

    private static readonly string[] Transforms =
    [
        """{ "PathPrefix": "/v2" }""", """{ "PathSet": "/v2/me" }""", """{ "PathPattern": "/v2/{a}" }""", """{ "PathPattern": "/v2/{**rest}" }""",
        """{ "QueryValueParameter": "a", "Append": "b" }""", """{ "QueryRemoveParameter": "a" }""", """{ "HttpMethodChange": "PUT", "Set": "POST" }""",
        """{ "RequestHeader": "x-a", "Set": "b" }""", """{ "RequestHeadersCopy": "true" }""", """{ "ResponseHeader": "x-a", "Append": "b", "When": "Always" }""",
        """{ "RequestHeaderOriginalHost": "true" }""", """{ "CalNotFound": "RouteMiss" }""", """{ "ResponseTrailerRemove": "x-a" }""",
    ];

    private static readonly string[] ClusterParts =
    [
        """ "LoadBalancingPolicy": "RoundRobin" """, """ "HttpClient": { "MaxConnectionsPerServer": 3 } """, """ "HttpClient": { "SslProtocols": ["Tls12"] } """,
        """ "HttpClient": { "WebProxy": { "Address": "http://127.0.0.1:9" } } """, """ "HttpClient": { "RequestHeaderEncoding": "latin1" } """,
        """ "HealthCheck": { "Active": { "Enabled": true, "Interval": "00:00:10", "Path": "/health" } } """, """ "HttpRequest": { "Version": "2", "ActivityTimeout": "00:00:05" } """,
        """ "HealthCheck": { "Passive": { "Enabled": true, "Policy": "TransportFailureRate" } } """, """ "Metadata": { "a": "b" } """,
    ];

    private static readonly string[] Methods = ["GET", "POST", "DELETE", "HEAD", "OPTIONS"];

    [Fact]
    public async Task After_whatever_passes_check_the_next_good_edit_is_in_force()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("LIVE_MUTATIONS") ?? "10", CultureInfo.InvariantCulture);
        var seed = int.Parse(Environment.GetEnvironmentVariable("LIVE_MUTATIONS_SEED") ?? Random.Shared.Next(1_000_000).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var caller = gateway.CreateClient();
        var (refused, slowest) = (0, TimeSpan.Zero);

        for (var mutation = 0; mutation < count; mutation++)
        {
            var mutated = Passing(random);
            var before = await HeadAsync(gateway);
            Write(gateway, mutated);
            await Eventually.TrueAsync(async () => await HeadAsync(gateway) != before, $"seed {seed}, mutation {mutation} is judged:\n{mutated}", Promised);
            if (!(bool)(await gateway.StatusAsync())["history"]![0]!["accepted"]!)
            {
                refused++;
                output.WriteLine($"{mutation} passed check and was refused: {(await gateway.StatusAsync())["lastEditRefused"]}");
            }

            using var alive = await caller.GetAsync("/healthz/live", TestContext.Current.CancellationToken);
            using var asked = await caller.GetAsync("/calcom/v2/bookings/1", TestContext.Current.CancellationToken);
            Assert.True(asked.StatusCode != HttpStatusCode.InternalServerError, $"seed {seed}, mutation {mutation} makes the gateway fail:\n{mutated}");

            var pin = mutation % 2 == 0 ? "2024-06-11" : "2024-06-14";
            var watch = Stopwatch.StartNew();
            Write(gateway, Good(pin));
            await Eventually.TrueAsync(
                async () => await SentVersionAsync(caller) == pin, $"seed {seed}, the good edit after mutation {mutation} is in force:\n{mutated}", Promised);
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
        }

        output.WriteLine($"{count} mutations that pass check, {refused} of them refused when put in force; the slowest good edit took {slowest.TotalSeconds:0.00} s");
        Assert.Equal(0, refused);
    }

    /// <summary>Writes the file in one step: on a busy machine a file that is written in place can be empty for longer than the watcher waits.</summary>
    private static void Write(GatewayFixture gateway, string text)
    {
        File.WriteAllText(gateway.SettingsPath + ".new", text);
        File.Move(gateway.SettingsPath + ".new", gateway.SettingsPath, overwrite: true);
    }

    /// <summary>Mutates the file until a mutation passes.</summary>
    private static string Passing(Random random)
    {
        while (true)
        {
            var mutated = random.Next(4) == 0 ? Flipped(random) : Rewritten(random);
            if (TestRevision.From(mutated).Revision is { } revision && revision.Id != Shipped.Id)
                return mutated;
        }
    }

    private static Revision Shipped { get; } =
        TestRevision.From(GatewayFixture.ShippedSettings).Revision!;

    private static string Flipped(Random random)
    {
        var text = GatewayFixture.ShippedSettings.ToCharArray();
        text[random.Next(text.Length)] ^= (char)(1 << random.Next(7));
        return new string(text);
    }

    private static string Rewritten(Random random)
    {
        var options = new System.Text.Json.JsonDocumentOptions { CommentHandling = System.Text.Json.JsonCommentHandling.Skip, AllowTrailingCommas = true };
        var settings = JsonNode.Parse(GatewayFixture.ShippedSettings, documentOptions: options)!;
        var routes = settings["ReverseProxy"]!["Routes"]!.AsObject();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var route = routes.ElementAt(random.Next(routes.Count)).Value!.AsObject();
            Change(random, route, settings["ReverseProxy"]!["Clusters"]!["calcom"]!.AsObject());
        }

        return settings.ToJsonString();
    }

    private static void Change(Random random, JsonObject route, JsonObject cluster)
    {
        var match = route["Match"]!.AsObject();
        switch (random.Next(7))
        {
            case 0 or 1:
                match["Path"] = "/calcom/" + string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => One(random, Segments)));
                break;
            case 2:
                match["Hosts"] = new JsonArray(One(random, Hosts), One(random, Hosts));
                break;
            case 3:
                match["Methods"] = new JsonArray(One(random, Methods), One(random, Methods));
                break;
            case 4:
                route["Order"] = random.Next(-3, 4);
                break;
            case 5:
                (route["Transforms"] as JsonArray)?.Add(JsonNode.Parse(One(random, Transforms)));
                break;
            default:
                foreach (var (name, value) in JsonNode.Parse($"{{{One(random, ClusterParts)}}}")!.AsObject().ToList())
                    cluster[name] = value!.DeepClone();
                break;
        }
    }

    private static string One(Random random, string[] choices) => choices[random.Next(choices.Length)];

    private static string Good(string pin) => GatewayFixture.ShippedSettings.Replace("\"2024-06-14\"", $"\"{pin}\"", StringComparison.Ordinal);

    private static async Task<string> HeadAsync(GatewayFixture gateway)
    {
        var head = (await gateway.StatusAsync())["history"]![0]!;
        return $"{head["time"]} {head["revision"]}";
    }

    private static async Task<string?> SentVersionAsync(HttpClient caller)
    {
        using var answer = await caller.GetAsync("/calcom/v2/event-types/3928133", TestContext.Current.CancellationToken);
        return answer.Headers.TryGetValues("CalGateway-Api-Version", out var versions) ? versions.Single() : null;
    }
}
