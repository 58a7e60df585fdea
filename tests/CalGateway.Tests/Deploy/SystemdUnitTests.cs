using System.Globalization;
using System.Text.RegularExpressions;
using CalGateway.Health.Ending;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Deploy;

/// <summary>The systemd unit, as far as it can be judged without systemd as the first process.</summary>
public sealed partial class SystemdUnitTests : IDisposable
{
    private const string Command = "/usr/local/bin/calgateway";
    private const double MostExposed = 2.0;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-unit-");

    private static string Unit => File.ReadAllText(Path.Combine(Checkout.Root, "src", "Deploy", "systemd", "calgateway.service")).ReplaceLineEndings("\n");

    [Fact]
    public async Task It_exposes_little()
    {
        InstalledProgram.SkipWhenMissing("systemd-analyze", "systemd");

        var output = await Commands.RunAsync(_folder.FullName, TimeSpan.FromSeconds(60), "systemd-analyze", "security", "--offline=true", "--no-pager", await WrittenAsync());

        Assert.InRange(double.Parse(Exposure().Match(output).Groups[1].Value, CultureInfo.InvariantCulture), 0, MostExposed);
    }

    [Fact]
    public async Task It_is_free_of_mistakes()
    {
        InstalledProgram.SkipWhenMissing("systemd-analyze", "systemd");

        var unit = await WrittenAsync();
        var socket = Path.Combine(_folder.FullName, "calgateway.socket");
        File.Copy(Path.Combine(Checkout.Root, "src", "Deploy", "systemd", "calgateway.socket"), socket);

        Assert.Empty(await Commands.RunAsync(_folder.FullName, TimeSpan.FromSeconds(60), "systemd-analyze", "verify", "--man=no", unit, socket));
    }

    [Fact]
    public void It_starts_the_command_with_options_and_variables_that_there_are()
    {
        Assert.Contains("Type=notify\n", Unit, StringComparison.Ordinal);
        Assert.Contains($"ExecStart={Command} --config /etc/calgateway/yarp.json\n", Unit, StringComparison.Ordinal);
        Assert.Contains($"ExecReload={Command} check --config /etc/calgateway/yarp.json\nExecReload=/bin/sh -c \"kill -HUP $MAINPID\"\n", Unit, StringComparison.Ordinal);
        Assert.Contains("LoadCredential=calcom-api-key:/etc/calgateway/calcom-api-key\nEnvironment=CALCOM_API_KEY_FILE=%d/calcom-api-key\n", Unit, StringComparison.Ordinal);
    }

    /// <summary>Seen with systemd as the first process: without this call .NET's runtime gives up before any line of ours.</summary>
    [Fact]
    public void It_may_call_what_dotnet_starts_with()
    {
        var filters = Unit.Split('\n').Where(line => line.StartsWith("SystemCallFilter=", StringComparison.Ordinal)).ToList();

        Assert.Equal("SystemCallFilter=sched_setaffinity", filters[^1]);
    }

    [Fact]
    public void It_is_waited_for_until_callers_are_answered()
    {
        var options = new ShutdownOptions();
        var seconds = int.Parse(StopSeconds().Match(Unit).Groups[1].Value, CultureInfo.InvariantCulture);

        Assert.True(seconds > (options.DelayOrDefault(inTerminal: false) + options.Timeout).TotalSeconds);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The unit with a command that is installed on this machine.</summary>
    private async Task<string> WrittenAsync()
    {
        var path = Path.Combine(_folder.FullName, "calgateway.service");
        await File.WriteAllTextAsync(path, Unit.Replace(Command, InstalledProgram.PathOf("true"), StringComparison.Ordinal), TestContext.Current.CancellationToken);
        return path;
    }

    [GeneratedRegex(@"(?m)^TimeoutStopSec=(\d+)$")]
    private static partial Regex StopSeconds();

    [GeneratedRegex(@"Overall exposure level for \S+ (\d+\.\d+)")]
    private static partial Regex Exposure();
}
