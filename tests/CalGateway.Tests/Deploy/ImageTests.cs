using System.Text.Json.Nodes;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Deploy;

/// <summary>The image, built and run as far as a machine without Docker and without the internet can. It takes minutes, so that it is asked for.</summary>
[Collection(RunsAlone.Name)]
public sealed class ImageTests
{
    private const string Switch = "CALGATEWAY_TEST_IMAGE";

    [Fact]
    public async Task The_documented_command_takes_Microsofts_base_without_a_shell_and_a_user_who_is_not_root()
    {
        var said = await Commands.RunAsync(
            Checkout.Root, TimeSpan.FromMinutes(2), "dotnet", "msbuild", "src/CalGateway", "-t:ComputeContainerBaseImage", "-p:RuntimeIdentifier=linux-x64",
            "-getProperty:ContainerBaseImage", "-getProperty:ContainerUser", "-getProperty:ContainerRepository");

        var image = JsonNode.Parse(said)!["Properties"]!;
        Assert.Equal("mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled", (string?)image["ContainerBaseImage"]);
        Assert.Equal(("1654", "calgateway"), ((string?)image["ContainerUser"], (string?)image["ContainerRepository"]));
    }

    [Fact]
    public async Task It_is_built_unpacked_and_serves_under_a_read_only_root_as_its_own_user()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable(Switch) == "true",
            $"{Switch}=true builds the image (apt-get install docker-registry skopeo umoci bubblewrap curl).");

        var output = await Commands.RunAsync(Checkout.Root, TimeSpan.FromMinutes(9), Path.Combine(Checkout.Root, "tests", "deploy", "image.sh"));

        Assert.EndsWith("image: ok", output.TrimEnd(), StringComparison.Ordinal);
    }
}
