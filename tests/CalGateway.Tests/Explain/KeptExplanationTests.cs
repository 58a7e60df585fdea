using System.Text.RegularExpressions;
using CalGateway.Catalogue;
using CalGateway.Explain;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using static CalGateway.Tests.Explain.RawAnswers;

namespace CalGateway.Tests.Explain;

/// <summary>What is explained is what a request then gets.</summary>
public sealed class KeptExplanationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string?> Pins => [.. CalComCatalogue.Default.KnownVersions.Prepend(null), "2031-01-01"];

    /// <summary>
    /// As shipped: all 341 operations, each once as it is and once in a disguise; and the HEAD and the OPTIONS of its path. With every route pinned to
    /// one version: each of them once, in turn as it is, disguised and by its HEAD.
    /// </summary>
    [Theory]
    [MemberData(nameof(Pins))]
    public async Task What_is_explained_is_what_a_request_then_gets(string? pin)
    {
        var settings = pin is null ? GatewayFixture.ShippedSettings : Repinned(pin);
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: settings);
        using var caller = gateway.CreateClient();
        var explainer = gateway.Services.GetRequiredService<Explainer>();
        var turn = Pins.Count(other => string.CompareOrdinal(other, pin) < 0); // another way at each version

        Assert.Equal(341, CalComCatalogue.Default.Operations.Count);
        foreach (var operation in CalComCatalogue.Default.Operations)
        {
            var ways = Ways(operation, turn++);
            foreach (var (method, path) in pin is null ? ways : [ways[turn % Math.Min(ways.Length, 3)]])
                await HoldAsync(await explainer.ExplainAsync(DescribedRequest.From(method, path)), operation, method, path, caller, sandbox);
        }
    }

    private static (string Method, string Path)[] Ways(Operation operation, int turn) =>
    [
        (operation.Method, Path(operation)),
        (operation.Method, Disguised(Path(operation), turn / 3)),
        .. operation.Method == "GET" ? [("HEAD", Path(operation)), ("OPTIONS", Path(operation))] : Array.Empty<(string, string)>(),
    ];

    [Theory]
    [InlineData("GET", "reads")]
    [InlineData("POST", "unsent")]
    public async Task It_tells_how_many_are_at_Cal_com_at_once_and_what_is_sent_a_second_time(string method, string retried)
    {
        await using var pair = await Pair.StartAsync();

        var limits = (await pair.Gateway.AskManagementAsync($"/explain?method={method}&path=/calcom/v2/bookings"))["limits"]!;

        Assert.Equal((100, retried), ((int)limits["atOnce"]!, (string?)limits["retried"]));
    }

    private static async Task HoldAsync(Explanation explained, Operation operation, string method, string path, HttpClient caller, SandboxHost sandbox)
    {
        sandbox.Requests.Clear();
        var raw = await RawConnection.AskAsync(
            caller.BaseAddress!, $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        void Holds(bool isSo) => Assert.True(isSo, isSo ? null : $"{method} {path}: {explained}\n{raw}");
        Holds(explained.Route is not null == raw.Contains("CalGateway-Revision", StringComparison.Ordinal));
        if (method == "OPTIONS")
        {
            Holds(explained.Expected == "204" && raw.StartsWith("HTTP/1.1 204", StringComparison.Ordinal) && !sandbox.Requests.All.Any(arrived => arrived.Method == "OPTIONS"));
            return;
        }

        var code = CodeIn(raw);
        var target = new Uri(explained.Upstream!).AbsolutePath;
        if (explained.Access![0].Refused is { } refused)
        {
            Holds(code == refused && explained.Expected == refused && !sandbox.Requests.All.Any(arrived => arrived.Path == target));
            return;
        }

        // A version confirmation may send requests at the same time; an answer from memory was not sent at all.
        if (raw.Contains("CalGateway-Api-Version:", StringComparison.Ordinal) && !IsFromMemory(raw))
        {
            var asked = explained.Cache!.Key is null ? method : "GET";
            Holds(sandbox.Requests.All.Any(arrived => arrived.Method == asked && arrived.Path == target && arrived.Header("cal-api-version").SingleOrDefault() == explained.ApiVersion));
        }

        // A mismatch must be explained with its code, and nothing else may turn out to be a mismatch.
        var isMiss = explained.Expected is "api-version-mismatch" or "unknown-endpoint";
        if (explained.Expected != "unknown" && operation is { Unconfirmed: false, VersionsUnknown: false })
            Holds(isMiss ? code == explained.Expected : code is not ("api-version-mismatch" or "unknown-endpoint"));
        if (explained.Expected == "older-shape" && method == "GET" && raw.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
            Holds(operation.Shapes is not null);
        if (explained.Cache!.State != "none")
            Holds(raw.Contains(explained.Cache.State == "bypass" ? "fwd=bypass" : "CalGateway; fwd=uri-miss", StringComparison.Ordinal) || IsFromMemory(raw));
    }

    /// <summary>A stored list, or a route miss of a moment ago on the same route.</summary>
    private static bool IsFromMemory(string answer) =>
        answer.Contains("; hit", StringComparison.Ordinal) || answer.Contains("; detail=remembered", StringComparison.Ordinal);

    private static string Repinned(string version) =>
        Regex.Replace(GatewayFixture.ShippedSettings, "\"CalApiVersion\": \"[^\"]*\"", $"\"CalApiVersion\": \"{version}\"");

    private static string Path(Operation operation) =>
        "/calcom" + string.Join('/', operation.Template.Split('/').Select(segment => segment is ['{', ..] ? "17" : segment));

    private static string Disguised(string path, int turn) => (turn % 6) switch
    {
        0 => path + "/",
        1 => path.ToUpperInvariant(),
        2 => path.Replace("/calcom/", "/calcom/./x/../", StringComparison.Ordinal),
        3 => path.Replace("/v2/", "/v2//", StringComparison.Ordinal),
        4 => path.Replace("/v2/", "/%762/", StringComparison.Ordinal),
        _ => path + "?a=%2F..%2F",
    };
}
