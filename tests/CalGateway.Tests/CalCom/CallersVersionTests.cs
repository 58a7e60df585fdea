using System.Net;
using System.Text.RegularExpressions;
using CalGateway.Access.Operations;
using CalGateway.Catalogue;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.CalCom;

/// <summary><c>"Caller": "Known"</c> beside a pin: a version of the caller's own stands where it is right, and nowhere else.</summary>
public sealed partial class CallersVersionTests
{
    private const string Pin = "2024-06-14";
    private const string Older = "2024-06-11";
    private const string List = "/calcom/v2/event-types";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What callers may send: every version that there is, and what is none.</summary>
    private static string[] Sent =>
    [
        .. CalComCatalogue.Default.KnownVersions, "2031-01-01", "2024-06-41", "", "latest", "2024-06-14, 2024-08-13", "2024-06-14,", "\"2024-08-13\"", "2024-08-13;q=1",
        new string('7', 10 * 1024), "2024-08-13\u00e9", "null", "*",
    ];

    private static string Shipped => GatewayFixture.ShippedSettings;

    /// <summary>One route to everything, so that each operation meets a pin that is wrong for most.</summary>
    private static string OneRoute => $$"""
        {
          "ReverseProxy": {
            "Routes": {
              "all": {
                "ClusterId": "calcom", "Match": { "Path": "/calcom/{**rest}" },
                "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "{{Pin}}", "Caller": "Known", "Unverified": "true" }]
              }
            },
            "Clusters": { "calcom": { "Destinations": { "api": { "Address": "https://api.cal.com" } } } }
          },
          "CalGateway": { "Diagnosis": { "Confirm": false } }
        }
        """;

    /// <summary>The shipped file, with the list's route open to callers' versions.</summary>
    private static string CachedAndOpen => Shipped.ReplaceFirst($"\"CalApiVersion\": \"{Pin}\"", $"\"CalApiVersion\": \"{Pin}\", \"Caller\": \"Known\"");

    [Theory]
    [InlineData("Known", true)]
    [InlineData("known", true)]
    [InlineData("KNOWN", true)]
    [InlineData("replaced", false)]
    [InlineData("REPLACED", false)]
    public async Task The_word_is_taken_in_any_case_from_the_file_and_from_the_environment(string word, bool stands)
    {
        foreach (var (settings, environment) in new[]
        {
            (OneRoute.Replace("\"Caller\": \"Known\"", $"\"caller\": \"{word}\"", StringComparison.Ordinal).Replace("\"Unverified\": \"true\"", "\"unverified\": \"TRUE\"", StringComparison.Ordinal), new Dictionary<string, string?>()),
            (OneRoute.Replace(", \"Caller\": \"Known\"", "", StringComparison.Ordinal), new Dictionary<string, string?> { ["ReverseProxy__Routes__all__Transforms__1__CALLER"] = word }),
        })
        {
            await using var pair = await Pair.StartAsync(settings: settings, environment: environment);
            using var request = new HttpRequestMessage(HttpMethod.Get, "/calcom/v2/bookings");
            request.Headers.Add("cal-api-version", "2024-08-13");
            using var answer = await pair.Caller.SendAsync(request, Cancellation);

            Assert.Equal(stands ? "2024-08-13" : Pin, answer.Headers.GetValues("CalGateway-Api-Version").Single());
        }
    }

    [Fact]
    public async Task Whatever_a_caller_sends_an_operation_is_asked_at_that_version_where_the_catalogue_has_it_and_else_at_the_pin()
    {
        var closed = CalComCatalogue.Default.Operations.Where(operation => Exposures.WhyClosed(operation) is not null);
        await using var pair = await Pair.StartAsync(settings: OneRoute, environment: closed
            .Select((operation, index) => KeyValuePair.Create($"CalGateway__Access__Allow__{index}", (string?)operation.ToString()))
            .ToDictionary());
        pair.Sandbox.Faults.Add(Fault.Status(200, body: "{}"));
        var (turn, stood) = (0, 0);

        foreach (var operation in CalComCatalogue.Default.Operations)
        {
            // Two at random (the same in every run), and one that it answers.
            string[] some = [Sent[turn++ * 7 % Sent.Length], Sent[turn++ * 5 % Sent.Length], .. operation.Versions.Take(1), .. operation.Versions.TakeLast(1)];
            foreach (var sent in some)
            {
                pair.Sandbox.Requests.Clear();
                var path = "/calcom" + Parameters().Replace(operation.Template, "1");
                using var answer = await pair.SendAsync(
                    operation.Method, path, operation.Method is "POST" or "PUT" or "PATCH" ? "{}" : null, ("cal-api-version", sent.Trim('\u00e9')));

                var asked = Assert.Single(pair.Sandbox.Requests.All).Header("cal-api-version").Single();
                var may = operation.AnswersAnyVersion ? CalComCatalogue.Default.KnownVersions : operation.Versions;
                Assert.True(asked == (may.Contains(sent.Trim('\u00e9')) ? sent.Trim('\u00e9') : Pin), $"{operation} was asked at {asked}, the caller sent {sent[..Math.Min(40, sent.Length)]}");
                Assert.Equal([asked], answer.Headers.GetValues("CalGateway-Api-Version"));
                stood += asked == Pin ? 0 : 1;
            }
        }

        Assert.True(stood > 300, $"only {stood} versions of callers stood");
    }

    [Theory]
    [InlineData("cal-api-version: 2024-06-11", Older)]
    [InlineData("CAL-API-Version:2024-06-11", Older)]
    [InlineData("cal-api-version:    2024-06-11   ", Older)]
    [InlineData("cal-api-version: 2024-06-14", Pin)]
    [InlineData("cal-api-version: 2024-06-11\r\ncal-api-version: 2024-06-11", Pin)]
    [InlineData("cal-api-version: 2024-06-11\r\nCal-Api-Version: 2024-04-15", Pin)]
    [InlineData("cal-api-version: 2024-06-11\r\ncal-api-version:", Pin)]
    [InlineData("cal-api-version:\r\ncal-api-version: 2024-06-11", Pin)]
    [InlineData("cal-api-version: 2024-06-11, 2024-06-11", Pin)]
    [InlineData("cal-api-version:", Pin)]
    [InlineData("cal-api-version: 2024-09-04", Pin)] // of slots alone
    [InlineData("cal_api_version: 2024-06-11", Pin)]
    public async Task Two_versions_an_empty_one_and_one_of_another_operation_are_the_pin_on_a_cached_list_too(string header, string asked)
    {
        await using var pair = await Pair.StartAsync(settings: CachedAndOpen);
        var request = $"GET {List} HTTP/1.1\r\nHost: localhost\r\n{header}\r\nConnection: close\r\n\r\n";

        // What is stored at the pin and at the older version is there already, in the words of other callers.
        await pair.AskRawAsync($"GET {List} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        await pair.AskRawAsync($"GET {List} HTTP/1.1\r\nHost: localhost\r\ncal-api-version: {Older}\r\nConnection: close\r\n\r\n");
        for (var time = 0; time < 4; time++)
        {
            var raw = await pair.AskRawAsync(request);
            Assert.Contains("CalGateway; hit", raw, StringComparison.Ordinal);
            Assert.Contains(asked == Pin ? "lengthInMinutes" : "eventTypeGroups", raw, StringComparison.Ordinal);
            Assert.DoesNotContain(asked == Pin ? "eventTypeGroups" : "lengthInMinutes", raw, StringComparison.Ordinal);
        }

        Assert.Equal([Pin, Older], pair.Sandbox.Requests.All.Select(arrived => arrived.Header("cal-api-version").Single()));
    }

    [Fact]
    public async Task Callers_of_different_versions_interleaved_on_one_cached_list_each_get_their_own()
    {
        await using var pair = await Pair.StartAsync(settings: CachedAndOpen);
        string?[] versions = [null, Older, Pin, "2024-04-15", "2031-01-01", "2024-08-13", ""];

        await Parallel.ForAsync(0, 350, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation }, async (turn, cancellation) =>
        {
            var version = versions[turn % versions.Length];
            using var answer = await pair.GetAsync(List, version is null ? [] : [("cal-api-version", version)]);
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains(version is Older or "2024-04-15" ? "eventTypeGroups" : "lengthInMinutes", text, StringComparison.Ordinal);
            Assert.Contains("cal-api-version", answer.Headers.Vary);
            if (turn % 40 == 39)
                await pair.Gateway.Services.GetRequiredService<CalGateway.Caching.AnswerCache>().EvictAsync("event-types");
        });

        Assert.All(pair.Sandbox.Requests.All, asked => Assert.Contains(asked.Header("cal-api-version").Single(), new[] { Pin, Older, "2024-04-15" }));
    }

    [Fact]
    public async Task A_header_that_a_route_goes_by_leads_past_what_is_stored_for_others()
    {
        var settings = CachedAndOpen.ReplaceFirst("\"event-types\": {", """
            "by-header": {
                    "ClusterId": "calcom", "Order": -1, "OutputCachePolicy": "event-types",
                    "Match": { "Path": "/calcom/{**rest}", "Headers": [{ "Name": "x-partner", "Mode": "Exists" }] },
                    "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "2024-04-15" }]
                  },
                  "event-types": {
            """);
        await using var pair = await Pair.StartAsync(settings: settings);

        for (var time = 0; time < 4; time++)
        {
            using var plain = await pair.GetAsync(List);
            using var marked = await pair.GetAsync(List, ("X-Partner", "any"));
            Assert.Contains("lengthInMinutes", await plain.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
            Assert.Contains("eventTypeGroups", await marked.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_miss_at_a_callers_own_version_is_told_with_it_and_not_remembered_for_the_pin()
    {
        await using var pair = await Pair.StartAsync(settings: CachedAndOpen.ReplaceFirst("\"OutputCachePolicy\": \"event-types\",", ""));
        pair.Sandbox.Faults.Add(Fault.Status(404, times: 1, body: """{"status":"error","error":{"code":"NotFoundException","message":"Cannot GET /v2/event-types"}}"""));

        using var missed = await pair.GetAsync(List, ("cal-api-version", Older));
        using var pinned = await pair.GetAsync(List);
        using var again = await pair.GetAsync(List, ("cal-api-version", Older));

        var problem = await missed.ReadProblemAsync();
        Assert.Equal(("api-version-mismatch", Older), ((string?)problem["code"], (string?)problem["sentVersion"]));
        Assert.StartsWith($"The caller asked for {Older} itself.", (string?)problem["remedy"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, pinned.StatusCode);
        Assert.Equal(Older, (string?)(await again.ReadProblemAsync())["sentVersion"]);
    }

    [Fact]
    public async Task The_shape_that_is_expected_is_that_of_what_was_sent()
    {
        await using var pair = await Pair.StartAsync(settings: CachedAndOpen);

        using var older = await pair.GetAsync(List, ("cal-api-version", Older));
        pair.Sandbox.Faults.Add(Fault.Status(200, body: """{"status":"success","data":{"eventTypeGroups":[]}}"""));
        using var wrong = await pair.GetAsync(List, ("cal-api-version", Pin));

        Assert.False(older.Headers.Contains("CalGateway-Shape"));
        Assert.Equal(["legacy"], wrong.Headers.GetValues("CalGateway-Shape"));
        await Eventually.TrueAsync(
            () => pair.Gateway.Spans.All.Any(span => (string?)span.GetTagItem("calcom.api_version") == Older && span.Kind == System.Diagnostics.ActivityKind.Server),
            "the span tells the version that was sent");
    }

    [Fact]
    public async Task Unless_a_route_says_so_a_callers_version_counts_for_nothing()
    {
        await using var pair = await Pair.StartAsync(settings: Shipped.ReplaceFirst($"\"CalApiVersion\": \"{Pin}\"", $"\"CalApiVersion\": \"{Pin}\", \"Caller\": \"Replaced\""));

        using var answer = await pair.GetAsync(List, ("cal-api-version", Older));

        Assert.Equal(Pin, Assert.Single(pair.Sandbox.Requests.All).Header("cal-api-version").Single());
        Assert.DoesNotContain("cal-api-version", answer.Headers.Vary);
    }

    [GeneratedRegex("{[^}]*}")]
    private static partial Regex Parameters();
}
