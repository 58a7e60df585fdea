using System.Diagnostics;

namespace CalGateway.Tests.Deploy;

/// <summary>Runs a command of documentation or of packaging to its end.</summary>
internal static class Commands
{
    /// <returns>What it wrote, to either stream.</returns>
    public static async Task<string> RunAsync(string folder, TimeSpan patience, string program, params string[] arguments)
    {
        var (exit, output) = await TryAsync(folder, patience, program, arguments);
        Assert.True(exit == 0, $"{program} {string.Join(' ', arguments)}: {exit}\n{output}");
        return output;
    }

    public static async Task<(int Exit, string Output)> TryAsync(string folder, TimeSpan patience, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,

            // Otherwise servers of MSBuild's outlive it and keep its output open.
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0", ["UseSharedCompilation"] = "false" },
        })!;
        process.StandardInput.Close();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(patience);
        await using var ended = deadline.Token.Register(() => process.Kill(entireProcessTree: true));
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return (process.ExitCode, output + await errors);
    }
}
