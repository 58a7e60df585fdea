using System.Net;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access;

/// <summary>
/// POST /v2/api-keys/refresh in every dress that a router, a proxy or a framework has ever been fooled by, over raw sockets, in the mode
/// in which callers may the most. The call would end the owner's key and hand out a new one.
/// </summary>
public sealed class DisguiseTests
{
    public static readonly string[] Targets =
    [
        "/calcom/v2/api-keys/refresh",
        "/calcom/v2/API-KEYS/REFRESH",
        "/CALCOM/V2/Api-Keys/Refresh",
        "/calcom/v2/api-keys/refresh/",
        "/calcom/v2/api-keys/refresh//",
        "/calcom//v2/api-keys/refresh",
        "/calcom/v2//api-keys/refresh",
        "/calcom/v2/api-keys//refresh",
        "//calcom/v2/api-keys/refresh",
        "/calcom/./v2/api-keys/refresh",
        "/calcom/v2/./api-keys/./refresh",
        "/calcom/v2/api-keys/refresh/.",
        "/calcom/v2/slots/../api-keys/refresh",
        "/calcom/v2/api-keys/x/../refresh",
        "/calcom/x/../../calcom/v2/api-keys/refresh",
        "/calcom/v2/slots/%2e%2e/api-keys/refresh",
        "/calcom/v2/slots/.%2e/api-keys/refresh",
        "/calcom/v2/slots/..%2fapi-keys/refresh",
        "/calcom/v2/slots/..%5capi-keys/refresh",
        "/calcom/v2/slots/..\\api-keys\\refresh",
        "/calcom/v2\\api-keys\\refresh",
        "/calcom/v2/%61pi-keys/refresh",
        "/calcom/v2/%61%70%69%2d%6b%65%79%73/%72%65%66%72%65%73%68",
        "/calcom/v2/%2561pi-keys/refresh",
        "/calcom/v2/%25%36%31pi-keys/refresh",
        "/calcom/v2/%252561pi-keys/refresh",
        "/calcom/v2/api-keys%2frefresh",
        "/calcom/v2/api-keys%2Frefresh",
        "/calcom/v2/api-keys%252frefresh",
        "/calcom/v2%2fapi-keys%2frefresh",
        "/calcom%2fv2/api-keys/refresh",
        "/calcom/v2/api-keys%c0%afrefresh",
        "/calcom/v2/%c1%a1pi-keys/refresh",
        "/calcom/v2/%e0%81%a1pi-keys/refresh",
        "/calcom/v2/%ef%bd%81pi-keys/refresh",
        "/calcom/v2/api-%E2%84%AAeys/refresh",
        "/calcom/v2/api-keys/refre%C5%BFh",
        "/calcom/v2/api-keys/refresh;x=1",
        "/calcom/v2/api-keys;a=b/refresh",
        "/calcom/v2;/api-keys/refresh",
        "/calcom/v2/api-keys/refresh%3b",
        "/calcom/v2/api-keys/refresh%3Fx",
        "/calcom/v2/api-keys/refresh%23",
        "/calcom/v2/api-keys/refresh%20",
        "/calcom/v2/api-keys/%20refresh",
        "/calcom/v2/api-keys/refresh%09",
        "/calcom/v2/api-keys/refresh%00",
        "/calcom/v2/api-keys/refresh%0d%0aX-A:%20b",
        "/calcom/v2/api-keys/refresh.",
        "/calcom/v2/api-keys/refresh.json",
        "/calcom/v2/api-keys/refresh.css",
        "/calcom/v2/api-keys/refresh?x=/v2/slots",
        "/calcom/v2/api-keys/refresh?",
        "/calcom/v2/api-keys/refresh#/v2/slots",
        "/calcom/api/v2/api-keys/refresh",
        "/calcom/API/v2/api-keys/refresh",
        "/calcom/api/api/v2/api-keys/refresh",
        "/calcom/v2/ee/api-keys/refresh",
        "/calcom/v2/EE/api-keys/refresh",
        "/calcom/v2/ee/ee/api-keys/refresh",
        "/calcom/v2/ee//api-keys/refresh",
        "/calcom/api/v2/ee/api-keys/refresh",
        "/calcom/v2/ee%2fapi-keys/refresh",
        "/calcom/v2/ee/../ee/api-keys/refresh",
        "http://127.0.0.1/calcom/v2/api-keys/refresh",
        "http://127.0.0.1/calcom/v2/slots/../api-keys/refresh",
        "http://api.cal.com/v2/api-keys/refresh",
    ];

    private static readonly string[] Requests =
    [
        "post /calcom/v2/api-keys/refresh HTTP/1.1\r\n",
        "PoSt /calcom/v2/api-keys/refresh HTTP/1.1\r\n",
        "POST  /calcom/v2/api-keys/refresh HTTP/1.1\r\n",
        "POST\t/calcom/v2/api-keys/refresh\tHTTP/1.1\r\n",
        "POST /calcom/v2/api-keys/refresh HTTP/1.0\r\n",
        "POST /calcom/v2/api-keys/refresh\r\n",
        "\r\nPOST /calcom/v2/api-keys/refresh HTTP/1.1\r\n",
        "GET /calcom/v2/api-keys/refresh HTTP/1.1\r\nX-HTTP-Method-Override: POST\r\n",
        "GET /calcom/v2/api-keys/refresh HTTP/1.1\r\nX-HTTP-Method: POST\r\n",
        "GET /calcom/v2/api-keys/refresh HTTP/1.1\r\nX-Method-Override: POST\r\n",
        "GET /calcom/v2/api-keys/refresh?_method=POST HTTP/1.1\r\n",
        "PUT /calcom/v2/api-keys/refresh HTTP/1.1\r\n",
        "POST /calcom/v2/slots HTTP/1.1\r\nX-Original-URL: /v2/api-keys/refresh\r\n",
        "POST /calcom/v2/timezones HTTP/1.1\r\nX-Rewrite-URL: /v2/api-keys/refresh\r\n",
    ];

    [Theory]
    [InlineData("Loopback")]
    [InlineData("ApiKey")]
    public async Task None_of_them_arrives(string mode)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: mode == "ApiKey" ? AccessSettings.ApiKey() : null);
        var heads = Targets.Select(target => $"POST {target} HTTP/1.1\r\n").Concat(Requests).ToList();
        Assert.True(heads.Count >= 40);

        foreach (var head in heads)
        {
            var answer = await RawConnection.AskAsync(gateway.Address,
                $"{head}Host: 127.0.0.1\r\nX-Api-Key: {AccessSettings.Key}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

            Assert.DoesNotContain(sandbox.Requests.All, request => IsRefresh(request));
            Assert.DoesNotContain(" 200 ", FirstLine(answer), StringComparison.Ordinal);
            Assert.DoesNotContain(" 500 ", FirstLine(answer), StringComparison.Ordinal);
        }

        // The last two ask for something else, whatever their headers say, and that is what arrives.
        Assert.Equal(["/v2/slots", "/v2/timezones"], sandbox.Requests.All.Select(request => request.Target));
    }

    [Fact]
    public async Task A_base_address_that_hides_a_part_of_the_path_does_not_open_it()
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions(), TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(
            new Uri(sandbox.BaseAddress, "/v2"), sandbox.ApiKey);
        using var caller = gateway.CreateClient();

        using var answer = await caller.PostAsync("/calcom/api-keys/refresh", null, TestContext.Current.CancellationToken);

        Assert.Equal("not-exposed", (string?)(await answer.ReadProblemAsync())["code"]);
        Assert.Empty(sandbox.Requests.All);
    }

    [Theory]
    [InlineData("""{ "PathSet": "/v2/api-keys/refresh" }""")]
    [InlineData("""{ "PathPattern": "/v2/api-keys/{**rest}" }""")]
    [InlineData("""{ "PathRemovePrefix": "/calcom" }, { "PathPrefix": "/v2" }""")]
    [InlineData("""{ "PathRemovePrefix": "/calcom/v2" }, { "PathPrefix": "/v2" }""")]
    public async Task What_a_route_makes_of_the_path_is_what_is_judged(string transforms)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var settings = $$"""
            {
              "ReverseProxy": {
                "Routes": { "all": { "ClusterId": "calcom", "Match": { "Path": "/calcom/{**rest}" }, "Transforms": [{{transforms}}, { "CalApiVersion": "2024-08-13" }] } },
                "Clusters": { "calcom": { "Destinations": { "api": { "Address": "https://api.cal.com" } } } }
              }
            }
            """;
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: settings);
        using var caller = gateway.CreateClient();

        foreach (var path in new[] { "/calcom/refresh", "/calcom/api-keys/refresh", "/calcom/v2/api-keys/refresh" })
        {
            using var answer = await caller.PostAsync(path, null, TestContext.Current.CancellationToken);
        }

        Assert.DoesNotContain(sandbox.Requests.All, request => request.Path == "/v2/api-keys/refresh");
        Assert.Equal(HttpStatusCode.OK, (await caller.GetAsync("/healthz/live", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task A_method_that_a_route_changes_is_judged_as_it_will_be()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var settings = GatewayFixture.ShippedSettings.Replace(
            "\"Path\": \"/calcom/{**rest}\" },\n        \"Transforms\": [", "\"Path\": \"/calcom/{**rest}\" },\n        \"Transforms\": [{ \"HttpMethodChange\": \"PUT\", \"Set\": \"POST\" }, ",
            StringComparison.Ordinal);
        Assert.Contains("HttpMethodChange", settings, StringComparison.Ordinal);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: settings);
        using var caller = gateway.CreateClient();

        using var answer = await caller.PutAsync("/calcom/v2/api-keys/refresh", null, TestContext.Current.CancellationToken);

        Assert.Equal("not-exposed", (string?)(await answer.ReadProblemAsync())["code"]);
        Assert.Empty(sandbox.Requests.All);
    }

    private static bool IsRefresh(RecordedRequest request) =>
        Uri.UnescapeDataString(Uri.UnescapeDataString(request.Target)).Replace('\\', '/') is var path
        && (path.Contains("api-keys", StringComparison.OrdinalIgnoreCase) || path.Contains("refresh", StringComparison.OrdinalIgnoreCase));

    private static string FirstLine(string answer) => answer.Split('\r')[0];
}
