using System.Text.RegularExpressions;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Doctor;

/// <summary>The transcript in the documentation is what the doctor prints, except for what differs between two runs.</summary>
public sealed partial class TranscriptTests
{
    [Fact]
    public async Task The_documentations_transcript_is_what_the_doctor_prints()
    {
        var nobody = new Dictionary<string, string> { ["ASPNETCORE_URLS"] = "http://localhost:9" };
        await using var gateway = GatewayProcess.Start(["doctor", "--sandbox"], nobody);
        Assert.Equal(0, await gateway.ExitAsync());

        Assert.Equal(Normal(gateway.Output), Normal(InDocumentation()));
    }

    private static string InDocumentation()
    {
        var block = Transcript().Match(Checkout.Troubleshooting);
        Assert.True(block.Success, "The documentation has no transcript of doctor.");
        return block.Groups[1].Value;
    }

    /// <summary>Paths, ports, revisions and timings, and the blanks that depend on their lengths.</summary>
    private static string Normal(string text) => Blanks().Replace(Volatile().Replace(text.Trim(), "*"), " ");

    [GeneratedRegex(@"\$ dotnet run --project src/CalGateway -- doctor --sandbox\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Transcript();

    [GeneratedRegex(@"\S*yarp\.json|(?<=revision\s)[0-9a-f]{12}|(?<=localhost:)\d+|\d+(?= ms)|[\d.]+(?=\ss\.)")]
    private static partial Regex Volatile();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
