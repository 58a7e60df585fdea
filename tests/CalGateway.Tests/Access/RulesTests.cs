using System.Text.Json.Nodes;
using CalGateway.Access.Operations;
using CalGateway.Catalogue;
using CalGateway.Configuration;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access;

/// <summary>What check, start and reload say to an Access section.</summary>
public sealed class RulesTests
{
    [Theory]
    [InlineData("""{ "Mode": "ApiKey" }""", "nobody has a key")]
    [InlineData("""{ "Mode": "Jwt" }""", "no issuer is trusted")]
    [InlineData("""{ "Allow": ["POST /v2/nothing-like-it"] }""", "no operation of Cal.com's")]
    [InlineData("""{ "Allow": ["DELETE /v2/webhooks/7"] }""", "no operation of Cal.com's")]
    [InlineData("""{ "Consumers": { "a": { "Keys": [{ "Hash": "cgw_this-is-the-key-itself-0123456789" }] } } }""", "none that \"calgateway hash-key\" makes")]
    [InlineData("""{ "Consumers": { "a": { "Credential": "acme" } } }""", "not under CalGateway:Access:Credentials")]
    [InlineData("""{ "Cors": { "Origins": ["https://example.com/"] } }""", "no origin")]
    [InlineData("""{ "Cors": { "Origins": ["example.com"] } }""", "no origin")]
    [InlineData("""{ "Cors": { "Origins": ["*"] } }""", "any web page")]
    [InlineData("""{ "Mode": "Anonymous", "RateLimit": { "Requests": 60 }, "Cors": { "Origins": ["*"], "Credentials": true } }""", "no browser accepts both")]
    [InlineData("""{ "Jwt": { "Authority": "http://issuer.example", "Audience": "a" } }""", "must be an https address")]
    [InlineData("""{ "Jwt": { "KeysFile": "keys.json", "Audience": "a" } }""", "Issuer is missing")]
    [InlineData("""{ "Jwt": { "KeysFile": "/nowhere/keys.json", "Audience": "a", "Issuer": "b" } }""", "cannot be used")]
    [InlineData("""{ "Jwt": { "KeysFile": "/dev/zero", "Audience": "a", "Issuer": "b" } }""", "cannot be used")]
    [InlineData("""{ "Proxies": ["10.0.0.0/99"] }""", "neither an address nor a network")]
    [InlineData("""{ "RateLimit": { "Requests": 1, "Window": "2.00:00:00" } }""", "must lie between")]
    public void A_section_that_would_not_do_what_it_says_is_refused_with_its_place(string access, string words)
    {
        var errors = Attempt(access).Errors.ToList();

        Assert.Contains(errors, error => error.Message.Contains(words, StringComparison.Ordinal) && error.Line > 0);
        Assert.DoesNotContain(errors, error => error.Message.Contains("cgw_", StringComparison.Ordinal));
    }

    [Fact]
    public void Whatever_is_opened_is_warned_of_one_by_one()
    {
        var attempt = Attempt("""{ "Allow": ["POST /v2/webhooks", "POST /v2/api-keys/refresh", "GET /v2/me"] }""");

        Assert.NotNull(attempt.Revision);
        Assert.Equal(["CalGateway:Access:Allow:0", "CalGateway:Access:Allow:1"], attempt.Revision.Warnings.Select(warning => warning.Key));
    }

    [Fact]
    public void An_open_door_without_a_limit_is_warned_of() =>
        Assert.Contains(Attempt("""{ "Mode": "Anonymous" }""").Findings, finding => finding.Severity == Severity.Warning && finding.Message.Contains("RateLimit", StringComparison.Ordinal));

    [Fact]
    public void To_judge_an_ordinary_path_allocates_nothing()
    {
        var rights = Rights.Known(new HashSet<Operation>(), new HashSet<Operation>(), allowUnknown: true);
        Judge(rights);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var time = 0; time < 1_000; time++)
            Judge(rights);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Judge(Rights rights)
    {
        Assert.True(CanonicalPath.TryFold("/v2/organizations/1/teams/2/event-types", out var path));
        if (rights.For(CalComCatalogue.Default.Find("GET", path), path) != Exposure.Closed && rights.For(CalComCatalogue.Default.Find("GET", path), path) != Exposure.Open)
            throw new InvalidOperationException("Neither open nor closed.");
    }

    private static RevisionAttempt Attempt(string access) =>
        TestRevision.From(AccessSettings.With(JsonNode.Parse(access)!.AsObject()));
}
