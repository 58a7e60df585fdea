using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Doctor;

public sealed class ReportTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_to_be_shared_names_neither_owner_nor_event_types_nor_paths()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var installation = new Installation(sandbox);

        foreach (var json in new[] { false, true })
        {
            var (_, text) = await installation.RunAsync(json, share: true);

            Assert.DoesNotContain("Secret", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("15min", text, StringComparison.Ordinal);
            Assert.DoesNotContain("3928133", text, StringComparison.Ordinal);
            Assert.DoesNotContain("account of owner", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Path.GetTempPath(), text, StringComparison.Ordinal);
            Assert.DoesNotContain(sandbox.ApiKey, text, StringComparison.Ordinal);
            Assert.Contains("3, 1 of them hidden.", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Programs_find_its_parts_by_their_names()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var installation = new Installation(sandbox);

        var (_, text) = await installation.RunAsync(json: true);

        Assert.Equal(["healthy", "version", "catalogue", "requests", "checks"], JsonNode.Parse(text)!.AsObject().Select(part => part.Key));
    }

    [Theory]
    [InlineData(40, false)]
    [InlineData(80, false)]
    [InlineData(80, true)]
    public async Task The_report_fits_the_terminal_and_is_coloured_only_where_told(int width, bool colour)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var installation = new Installation(sandbox);

        var (_, text) = await installation.RunAsync(width: width, colour: colour);

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
        using var installation = new Installation(new Uri("http://calendar.acme.example"), "cal_live_acme", settings);

        var (_, text) = await installation.RunAsync(json: true, share: true);

        Assert.DoesNotContain("acme", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("yarp.json:", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reader_that_leaves_early_changes_nothing_about_the_verdict(bool json)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var installation = new Installation(sandbox);

        Assert.Equal(0, await installation.RunAsync(new ClosedPipe(), json));
    }

    private sealed class ClosedPipe : StringWriter
    {
        public override Task WriteAsync(string? value) => throw new IOException("Broken pipe");

        public override Task WriteAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default) => throw new IOException("Broken pipe");
    }
}
