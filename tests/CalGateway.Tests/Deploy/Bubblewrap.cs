using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Deploy;

/// <summary>Runs a program with another root and as another user.</summary>
internal static class Bubblewrap
{
    /// <summary>Skips the test where it is not installed, and where the system lets nobody make namespaces, as in many containers.</summary>
    public static async Task SkipWhereItMayNotAsync()
    {
        InstalledProgram.SkipWhenMissing("bwrap", "bubblewrap");
        var (exit, output) = await Commands.TryAsync(
            Path.GetTempPath(), TimeSpan.FromSeconds(30), InstalledProgram.PathOf("bwrap"), "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--unshare-user", "--uid", "65534", "true");
        Assert.SkipWhen(exit != 0, $"bubblewrap may make no namespaces here: {output.Trim()}");
    }
}
