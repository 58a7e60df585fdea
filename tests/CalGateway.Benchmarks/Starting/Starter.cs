using System.Diagnostics;
using System.Globalization;

namespace CalGateway.Benchmarks.Starting;

/// <summary>One program in one form, and how it is started.</summary>
/// <param name="Name">In the report.</param>
/// <param name="Command">Program and arguments; <c>{port}</c> stands for the port it is to listen on.</param>
/// <param name="Environment">Added to this process's.</param>
internal sealed record Starter(string Name, IReadOnlyList<string> Command, params IReadOnlyList<(string Name, string Value)> Environment)
{
    public Process Start(int port = 0, params IReadOnlyList<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(Command[0], Command.Skip(1).Select(part => part.Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (variable, value) in Environment.Concat(environment))
            start.Environment[variable] = value;

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
