using System.Text.Json.Nodes;
using CalGateway.Catalogue;
using CalGateway.Doctor.Matrix;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Doctor;

public sealed class MatrixTests
{
    /// <summary>The letters of the sandbox's own table, in order.</summary>
    private static readonly string[] Versions = ["2024-04-15", "2024-06-11", "2024-06-14", "2024-08-13", "2024-09-04", "2026-02-25", "2026-05-01"];

    [Fact]
    public async Task What_the_doctor_sees_is_what_the_sandboxs_own_table_says()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var installation = new Installation(sandbox);
        using var context = installation.Begin(maxRequests: 100);

        var rows = await new LiveMatrix(CalComCatalogue.Default, context, context.Probe!, TimeProvider.System, maxRequests: 100).ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["event-types", "bookings", "schedules", "slots", "private-links", "verified-resources"], rows.Select(row => row.Read.Name));
        foreach (var row in rows)
        {
            var answered = AnsweredBySandbox(row.Read.Operation.Template);
            foreach (var version in Versions.Append(FamilyRow.NoVersion))
            {
                var expected = answered.Contains(version == FamilyRow.NoVersion ? Versions[0] : version);
                Assert.True(expected == row[version].IsThere || row[version].Kind == CellKind.Legacy, $"{row.Read.Name} at {version}: {row[version]}");
                Assert.Equal(!expected, row[version].Kind == CellKind.Missing);
            }
        }

        Assert.Equal(["✓ old", "✓ old", "✓ new"], Versions.Take(3).Select(version => rows[0][version].ToString()));
        Assert.Equal(["✓ old", "✓ old", "✓ old", "✓ new"], Versions.Take(4).Select(version => rows[1][version].ToString()));
        Assert.Equal(["✓ old", "✓ new", "✓ new"], Versions.Take(3).Select(version => rows[2][version].ToString()));
    }

    /// <summary>With the limit on requests that operators have.</summary>
    [Fact]
    public async Task Forty_requests_are_enough_for_five_families_at_every_version_and_none()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var installation = new Installation(sandbox);

        var (_, checks) = await installation.RunAsJsonAsync();
        var table = checks["Versions"]["table"]!;

        Assert.Equal(["version", "event-types", "bookings", "schedules", "slots", "private-links"], Texts(table["columns"]!));
        Assert.Equal([.. Versions, FamilyRow.NoVersion], table["rows"]!.AsArray().Select(row => (string?)row![0]));
        Assert.DoesNotContain("·", table["rows"]!.AsArray().SelectMany(row => Texts(row!)));
        Assert.Contains(Texts(checks["Versions"]["details"]!), line => line!.StartsWith("verified-resources: pinned 2024-04-15 as the catalogue has it; not asked", StringComparison.Ordinal));
        Assert.Equal(LiveMatrix.MaxRequests, sandbox.Requests.All.Count(request => request.Path is not ("/v2/me" or "/v1/event-types")));
    }

    [Fact]
    public async Task A_cell_that_there_was_no_room_for_says_so()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var installation = new Installation(sandbox, GatewayFixture.ShippedSettings.Replace("2024-06-14", "2031-01-01", StringComparison.Ordinal));

        var (_, checks) = await installation.RunAsJsonAsync();

        Assert.Contains("·", checks["Versions"]["table"]!["rows"]!.AsArray().SelectMany(row => Texts(row!)));
        Assert.Contains("· not asked: 40 requests are the most", (string?)checks["Versions"]["details"]!.AsArray()[^1], StringComparison.Ordinal);
        Assert.Equal(LiveMatrix.MaxRequests, sandbox.Requests.All.Count(request => request.Path is not ("/v2/me" or "/v1/event-types")));
    }

    [Fact]
    public async Task Where_there_is_no_event_type_to_ask_for_private_links_the_room_goes_to_another_family()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        sandbox.Faults.Add(Fault.Status(200, body: """{"status":"success","data":[]}""", contentType: "application/json").For("GET", "/v2/event-types"));
        using var installation = new Installation(sandbox);

        var (_, checks) = await installation.RunAsJsonAsync();

        Assert.Contains("verified", Texts(checks["Versions"]["table"]!["columns"]!));
        Assert.Equal("doubtful", (string?)checks["Your event types"]["verdict"]);
    }

    private static IEnumerable<string?> Texts(JsonNode array) => array.AsArray().Select(item => (string?)item);

    /// <summary>"GET    /v2/bookings  abcdfg:guarded".</summary>
    private static HashSet<string> AnsweredBySandbox(string template)
    {
        var assembly = typeof(SandboxHost).Assembly;
        var name = assembly.GetManifestResourceNames().Single(name => name.EndsWith("operations.txt", StringComparison.Ordinal));
        using var text = new StreamReader(assembly.GetManifestResourceStream(name)!);
        var line = text.ReadToEnd().Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Single(words => words is ["GET", var path, ..] && path == template);
        return [.. line.Skip(2).SelectMany(group => group.Split(':')[0]).SelectMany(letter => letter == '*' ? Versions : [Versions[letter - 'a']])];
    }
}
