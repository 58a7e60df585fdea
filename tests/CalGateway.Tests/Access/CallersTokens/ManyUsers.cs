using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CalGateway.Tests.Access.CallersTokens;

/// <summary>A Cal.com with many users: each token has its own list, until it is refused.</summary>
internal sealed class ManyUsers : IAsyncDisposable
{
    private readonly WebApplication _server;

    private ManyUsers(WebApplication server) => _server = server;

    public ConcurrentQueue<string> Arrived { get; } = new();

    public IReadOnlyList<string> Asked => [.. Arrived];

    /// <summary>The status that a token is answered with.</summary>
    public ConcurrentDictionary<string, int> Refused { get; } = new();

    /// <summary>What the answer to a token's list waits for.</summary>
    public ConcurrentDictionary<string, Task> Held { get; } = new();

    public Uri Address => new(_server.Urls.First());

    /// <summary>The title of the one event type in a token's list. It does not contain the token.</summary>
    public static string TitleOf(string token) => "list of " + string.Concat(token.Reverse());

    public static async Task<ManyUsers> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        var users = new ManyUsers(server);
        server.Run(users.AnswerAsync);
        await server.StartAsync(TestContext.Current.CancellationToken);
        return users;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        Arrived.Enqueue(authorization);
        var token = authorization["Bearer ".Length..];
        var status = Refused.GetValueOrDefault(token, 200);
        if (context.Request.Path == "/v2/event-types" && Held.TryGetValue(token, out var held))
            await held.WaitAsync(context.RequestAborted);
        context.Response.StatusCode = status;
        await (status == 200
            ? context.Response.WriteAsJsonAsync(new { status = "success", data = new[] { new { lengthInMinutes = 15, title = TitleOf(token) } } }, TestContext.Current.CancellationToken)
            : context.Response.WriteAsJsonAsync(new { status = "error", error = new { code = "UnauthorizedException", message = $"ApiAuthStrategy - {token} is not valid" } }, TestContext.Current.CancellationToken));
    }
}
