namespace CalGateway.Tests.Deploy;

/// <summary>What is published.</summary>
[Collection(Delivery.Name)]
public sealed class PublishingTests(PublishedProgram published)
{
    [Fact]
    public async Task What_is_handed_out_is_the_program_and_the_settings()
    {
        var files = Directory.GetFiles(await published.FolderAsync(), "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order();

        Assert.Equal(["calgateway", "yarp.json", "yarp.schema.json"], files);
    }
}
