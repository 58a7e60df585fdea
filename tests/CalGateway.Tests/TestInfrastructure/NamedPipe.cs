using System.Diagnostics;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>A pipe in the file system to which nobody writes: whoever opens it to read waits.</summary>
internal static class NamedPipe
{
    public static async Task MakeAsync(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "There are no named pipes in the file system here.");
        using var make = Process.Start("mkfifo", [path]);
        await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, make.ExitCode);
    }
}
