using System.Net;
using System.Text;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Configuration;

/// <summary>Many routes: what the benchmark <c>-- growth</c> measures must work, and must not take time with the square of their number.</summary>
public sealed class GrowthTests : IDisposable
{
    private const int Wrong = 3456;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The verb has thirty seconds; it once took twice as long.</summary>
    [Theory]
    [InlineData("\"Path\": \"/calcom/v2/x3456/{**rest}\"", "\"Path\": \"/calcom/v2/x3456/{**rest\"", "cannot be parsed|Invalid path|closing")]
    [InlineData("\"Path\": \"/calcom/v2/x3456/{**rest}\"", "\"Pathh\": \"/calcom/v2/x3456/{**rest}\"", "did you mean")]
    [InlineData("\"ClusterId\": \"calcom\", \"Id\": 3456", "\"ClusterId\": \"calcum\"", "\"r3456\" goes to the cluster \"calcum\"")]
    [InlineData("/calcom/v2/x3456/", "/calcom/v2/x3455/", "takes the same requests")]
    public async Task Five_thousand_routes_of_which_one_is_wrong_are_checked_and_its_line_is_named(string right, string wrong, string said)
    {
        var text = Settings(5000, aside: route => route == Wrong ? ", \"Id\": 3456" : "");
        text = text.Replace(right, wrong, StringComparison.Ordinal).Replace(", \"Id\": 3456", "", StringComparison.Ordinal);
        var path = Path.Combine(_folder.FullName, "yarp.json");
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);

        await using var check = GatewayProcess.Start(["check", "--config", path]);

        Assert.Equal(1, await check.ExitAsync());
        var line = Array.FindIndex(text.Split('\n'), shown => shown.Contains($"\"r{Wrong}\"", StringComparison.Ordinal)) + 1;
        Assert.Matches($@"^yarp\.json:{line}:\d+ error: .*({said})", check.Output.Split('\n')[0]);
    }

    [Fact]
    public async Task A_thousand_routes_and_many_prefixes_are_served_and_edited()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Settings(1000));
        using var caller = gateway.CreateClient();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(caller, "/calcom/v2/me"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(caller, "/elsewhere/v2/me"));

        gateway.Edit(text => text.Replace("\"/calcom/{**rest}\"", "\"/elsewhere/{**rest}\"", StringComparison.Ordinal)
            .Replace("{ \"PathRemovePrefix\": \"/calcom\" }, { \"CalApiVersion\": \"2024-08-13\" }", "{ \"PathRemovePrefix\": \"/elsewhere\" }, { \"CalApiVersion\": \"2024-08-13\" }", StringComparison.Ordinal));

        await Eventually.TrueAsync(async () => await StatusAsync(caller, "/elsewhere/v2/me") == HttpStatusCode.OK, "the edit is in force", TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_thousand_consumers_with_the_same_rights_keep_them_once()
    {
        var consumers = string.Join(",\n", Enumerable.Range(0, 1000).Select(consumer => $"\"c{consumer}\": {{ \"Operations\": [\"GET /v2/me\"] }}"));
        var text = Settings(1).Replace("\"CalGateway\": {", $"\"CalGateway\": {{ \"Access\": {{ \"Consumers\": {{ {consumers} }} }},", StringComparison.Ordinal);
        var factory = TestRevision.Factory();
        factory.Create(Encoding.UTF8.GetBytes(text));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var attempt = factory.Create(Encoding.UTF8.GetBytes(text));

        Assert.NotNull(attempt.Revision);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000); // the rights alone would be twice that
    }

    /// <summary>A route a line, beside the shipped ones.</summary>
    private static string Settings(int routes, Func<int, string>? aside = null)
    {
        var lines = Enumerable.Range(0, routes).Select(route =>
            $"\"r{route}\": {{ \"ClusterId\": \"calcom\"{aside?.Invoke(route)}, \"Match\": {{ \"Path\": \"/calcom/v2/x{route}/{{**rest}}\" }}, \"OutputCachePolicy\": \"event-types\", "
            + $"\"Transforms\": [{{ \"PathRemovePrefix\": \"/{(route % 2 == 0 ? "calcom" : $"calcom/v2/x{route}")}\" }}, {{ \"CalApiVersion\": \"2024-06-14\" }}] }},\n");
        return GatewayFixture.ShippedSettings.Replace("\"Routes\": {", "\"Routes\": {\n" + string.Concat(lines), StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient caller, string path)
    {
        using var answer = await caller.GetAsync(path, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
