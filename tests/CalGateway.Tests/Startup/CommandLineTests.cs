using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Startup;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("nonsense")]
    [InlineData("--nonsense")]
    [InlineData("--config")]
    [InlineData("run --sandbox=maybe")]
    [InlineData("check yarp.json --config yarp.json")]
    [InlineData("check one.json two.json")]
    public async Task A_usage_error_ends_with_2_one_line_and_the_usage(string arguments)
    {
        await using var gateway = GatewayProcess.Start(arguments.Split(' '));

        Assert.Equal(2, await gateway.ExitAsync());

        var lines = gateway.Errors.Split('\n');
        Assert.StartsWith("calgateway: ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("usage: calgateway [run] [--config PATH] [--sandbox] [--urls URLS]", lines[1], StringComparison.Ordinal);
        Assert.Empty(gateway.Output);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("GE T")]
    [InlineData("GET\n")]
    [InlineData("é")]
    public async Task A_method_that_is_none_is_a_usage_error(string method)
    {
        await using var gateway = GatewayProcess.Start(["explain", method, "/calcom/v2/me"]);

        Assert.Equal(2, await gateway.ExitAsync());

        var lines = gateway.Errors.Split('\n');
        Assert.Equal("calgateway: A method is one word, such as GET or POST.", lines[0]);
        Assert.StartsWith("usage: calgateway ", lines[1], StringComparison.Ordinal);
        Assert.Empty(gateway.Output);
    }

    [Theory]
    [InlineData("--help", "--sandbox")]
    [InlineData("run --help", "--urls")]
    [InlineData("--version", "0.1.0 (commit ")]
    [InlineData("health --help", "--urls")]
    public async Task Help_and_version_end_with_0(string arguments, string told)
    {
        await using var gateway = GatewayProcess.Start(arguments.Split(' '));

        Assert.Equal(0, await gateway.ExitAsync());

        Assert.Contains(told, gateway.Output, StringComparison.Ordinal);
        Assert.Empty(gateway.Errors);
    }
}
