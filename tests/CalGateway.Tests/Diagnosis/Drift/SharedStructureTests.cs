using CalGateway.Diagnosis.Drift;
using CalGateway.Sandbox;
using CalGateway.Tests.Caching.Sharing;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.Diagnosis.Drift;

/// <summary>Gateways that share a Redis share what they have learned of Cal.com's answers.</summary>
[Collection(RunsAlone.Name)]
public sealed class SharedStructureTests
{
    private const string List = "/calcom/v2/event-types?turn=";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_gateway_that_has_just_started_knows_what_the_others_have_learned()
    {
        await using var scene = await SharedScene.OpenAsync();
        var turn = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                await AskAsync(scene.One, turn++);
                return (await scene.Redis.StructuresAsync()).Count > 0;
            }, "what was learned is shared");

        var late = await scene.JoinAsync();
        scene.Sandbox.Faults.Add(Fault.RenameField("lengthInMinutes", "minutes"));
        for (var time = 0; time < 2 * LearnedField.AnswersUntilGone; time++)
            await AskAsync(late, turn++);

        await Eventually.TrueAsync(
            () => late.Services.GetRequiredService<DriftWatch>().Changes.Any(change => change.Field.Path == "data[].lengthInMinutes"), "the change is found");
        foreach (var (name, value) in await scene.Redis.StructuresAsync())
        {
            Assert.DoesNotContain("event-types", name, StringComparison.Ordinal);
            Assert.False(value.AsSpan().IndexOf("lengthInMinutes"u8) >= 0, "It can be read without the credential.");
        }
    }

    private static async Task AskAsync(GatewayFixture gateway, int turn)
    {
        using var caller = gateway.CreateClient();
        using var answer = await caller.GetAsync(List + turn, Cancellation);
        answer.EnsureSuccessStatusCode();
    }
}
