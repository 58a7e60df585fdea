using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Deploy;

/// <summary>The image, built and run as far as a machine without Docker and without the internet can. It takes minutes, so that it is asked for.</summary>
[Collection(RunsAlone.Name)]
public sealed class ImageTests
{
    private const string Switch = "CALGATEWAY_TEST_IMAGE";

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
