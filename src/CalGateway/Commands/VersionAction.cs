using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using System.Runtime.InteropServices;
using CalGateway.Catalogue;
using CalGateway.Telemetry;

namespace CalGateway.Commands;

/// <summary><c>--version</c>: the gateway's version and commit, the date of its catalogue, and the runtime.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var catalogue = CalComCatalogue.Default.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Console.Out.WriteLine(
            $"{ProductVersion.Text} (commit {SourceCommit.Id ?? "unknown"}, catalogue of Cal.com's API as of {catalogue}, {RuntimeInformation.FrameworkDescription} on {RuntimeInformation.RuntimeIdentifier})");
        return 0;
    }
}
