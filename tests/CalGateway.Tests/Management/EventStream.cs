using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Management;

/// <summary>A listener of <c>/events</c>, as the page is one.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _client;
    private readonly HttpResponseMessage _answer;
    private readonly IAsyncEnumerator<SseItem<string>> _events;
    private readonly CancellationTokenSource _deadline;

    private EventStream(HttpClient client, HttpResponseMessage answer, Stream body)
    {
        _client = client;
        _answer = answer;
        _deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        _deadline.CancelAfter(Patience);
        _events = SseParser.Create(body).EnumerateAsync(_deadline.Token).GetAsyncEnumerator(_deadline.Token);
    }

    public HttpResponseMessage Answer => _answer;

    public static async Task<EventStream> OpenAsync(GatewayFixture gateway)
    {
        var client = new HttpClient { BaseAddress = gateway.ManagementAddress };
        var answer = await client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return new EventStream(client, answer, await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The next event of that name, those of others passed over.</summary>
    public async Task<SseItem<string>> NextAsync(string name)
    {
        while (await _events.MoveNextAsync())
        {
            if (_events.Current.EventType == name)
                return _events.Current;
        }

        throw new InvalidOperationException($"The stream ended before an event \"{name}\".");
    }

    /// <summary>The first document of that name of which it is true.</summary>
    public async Task<JsonNode> WhenAsync(string name, Func<JsonNode, bool> condition)
    {
        while (true)
        {
            var told = JsonNode.Parse((await NextAsync(name)).Data)!;
            if (condition(told))
                return told;
        }
    }

    /// <summary>Reads on until the gateway ends it.</summary>
    public async Task EndAsync()
    {
        while (await _events.MoveNextAsync())
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync();
        _deadline.Dispose();
        _answer.Dispose();
        _client.Dispose();
    }
}
