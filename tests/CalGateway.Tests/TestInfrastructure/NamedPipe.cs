using System.Diagnostics;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>A named pipe to which nobody writes, so that opening it for reading blocks.</summary>
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
