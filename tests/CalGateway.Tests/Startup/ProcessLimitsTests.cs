using CalGateway.Tests.Deploy;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Startup;

/// <summary>What a bare chroot lacks.</summary>
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
            program: [.. "bwrap --ro-bind / / --proc /proc --tmpfs /dev --die-with-parent".Split(' '), "dotnet", Path.Combine(AppContext.BaseDirectory, "CalGateway.dll")]);

        Assert.Equal(1, await gateway.ExitAsync());
        Assert.Matches("^calgateway: /dev/urandom is not there, [^\n]*$", gateway.Errors);
        Assert.Empty(gateway.Output);
    }
}
