using CalGateway.Tests.Deploy;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Startup;

/// <summary>What a bare chroot lacks, and what a user without rights may not do.</summary>
public sealed class ProcessLimitsTests
{
    [Theory]
    [InlineData("check")]
    [InlineData("run --sandbox")]
    public async Task Without_random_numbers_it_ends_in_one_line(string verb)
    {
        await Bubblewrap.SkipWhereItMayNotAsync();
        await using var gateway = GatewayProcess.Start(
            verb.Split(' '),
            program: [.. "bwrap --ro-bind / / --proc /proc --tmpfs /dev --die-with-parent".Split(' '), .. GatewayProcess.Program]);

        Assert.Equal(1, await gateway.ExitAsync());
        Assert.Matches("^calgateway: /dev/urandom is not there, [^\n]*$", gateway.Errors);
        Assert.Empty(gateway.Output);
    }

    /// <summary>In a network of its own, where ports below 1024 need a right whatever this machine allows.</summary>
    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://localhost:80", "Could not listen on http://localhost:80")]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:80", "Could not listen on http://127.0.0.1:80")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "80", "Could not listen on http://*:80")]
    [InlineData("Kestrel__Endpoints__Public__Url", "http://localhost:80", "Could not listen on http://localhost:80")]
    [InlineData("CalGateway__Management__Url", "http://localhost:80", "The management listener could not listen on http://localhost:80")]
    [InlineData("CalGateway__Metrics__Url", "http://*:80", "The metrics listener could not listen on http://*:80")]
    public async Task A_port_that_it_may_not_have_is_told_in_one_line_wherever_it_is_set(string variable, string value, string told)
    {
        await Bubblewrap.SkipWhereItMayNotAsync();
        await using var gateway = GatewayProcess.Start(
            ["run"],
            new Dictionary<string, string> { ["CALCOM_API_KEY"] = "cal_test_never_sent", ["CalGateway__Access__Mode"] = "Anonymous", ["CalGateway__Management__Url"] = "", [variable] = value },
            program:
            [
                .. "bwrap --ro-bind / / --proc /proc --dev /dev --unshare-user --unshare-net --uid 65534 --gid 65534 --cap-drop ALL --die-with-parent".Split(' '),
                .. GatewayProcess.Program,
            ]);

        Assert.Equal(1, await gateway.ExitAsync());
        Assert.Matches($@"^calgateway: {System.Text.RegularExpressions.Regex.Escape(told)}: permission denied\. [^\n]*$", gateway.Errors);
    }
}
