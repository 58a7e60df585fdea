using System.Globalization;
using System.Net.Sockets;
using System.Text;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access;

/// <summary>
/// Five thousand requests that were right once, each with a few bytes turned, lost, doubled or swapped. The seed is fixed: what fails, fails again.
/// </summary>
public sealed class MutationTests
{
    private const int Requests = 5_000;
    private const int Seed = 20260818;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);
    private const string CallersKey = AccessSettings.Key;
    private const string GatewaysKey = "cal_test_a_key_that_is_nowhere_else";

    /// <summary>What differs in framing, in what it asks for, and in whom it says it is.</summary>
    private static readonly string[] Right =
    [
        $"GET /calcom/v2/event-types?take=1 HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {CallersKey}\r\nConnection: close\r\n\r\n",
        $"POST /calcom/v2/schedules HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {CallersKey}\r\nContent-Type: application/json\r\nContent-Length: 12\r\nConnection: close\r\n\r\n{{\"name\":\"x\"}}",
        $"POST /calcom/v2/bookings HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {CallersKey}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n",
        $"POST /calcom/v2/api-keys/refresh HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {CallersKey}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "OPTIONS /calcom/v2/event-types HTTP/1.1\r\nHost: localhost\r\nOrigin: https://shop.example\r\nAccess-Control-Request-Method: GET\r\nConnection: close\r\n\r\n",
        $"HEAD /calcom/v2/bookings/abc HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {CallersKey}\r\nX-Forwarded-For: 203.0.113.1\r\nConnection: close\r\n\r\n",
        $"GET http://localhost/calcom/v2/../v2/me?apiKey={GatewaysKey} HTTP/1.1\r\nHost: localhost\r\nCookie: a=b\r\nConnection: close\r\n\r\n",
    ];

    private static readonly string[] Inserted = ["\r\n", "\n", "\0", " ", "\t", "%2e", "%2f", "%00", "/", "..", ":", ";", "\u00ff", "0", "-", "Transfer-Encoding: chunked\r\n", "Content-Length: 7\r\n"];

    [Fact]
    public async Task No_mutated_request_breaks_the_gateway_or_brings_a_key_back()
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { ApiKey = GatewaysKey }, TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey());
        var random = new Random(Seed);
        var mutants = Enumerable.Range(0, Requests).Select(turn => Mutated(Right[turn % Right.Length], random)).ToList();
        var answers = new string[Requests];

        await Parallel.ForAsync(0, Requests, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = TestContext.Current.CancellationToken },
            async (turn, _) => answers[turn] = await AskAsync(gateway.Address, mutants[turn]));

        Assert.True(answers.Count(answer => answer.Length > 0) > Requests / 2, "most were answered");
        for (var turn = 0; turn < Requests; turn++)
        {
            Assert.False(IsOurFailure(answers[turn]), $"{mutants[turn]}\nwas answered\n{answers[turn]}");
            Assert.DoesNotContain(GatewaysKey, answers[turn], StringComparison.Ordinal);
            Assert.DoesNotContain(CallersKey, answers[turn], StringComparison.Ordinal);
        }

        Assert.DoesNotContain(sandbox.Requests.All, request => request.Path == "/v2/api-keys/refresh");
        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Text.Contains("this is a bug", StringComparison.Ordinal) || line.Text.Contains(GatewaysKey, StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Spans.All.SelectMany(span => span.TagObjects), tag => $"{tag.Value}".Contains(GatewaysKey, StringComparison.Ordinal));
        Assert.StartsWith("HTTP/1.1 200", await RawConnection.AskAsync(gateway.Address, Right[0]), StringComparison.Ordinal);
    }

    /// <summary>A 500 is ours; a 502 or 504 is what Cal.com's answer was made into. 505 is Kestrel's word for a version that nobody speaks.</summary>
    private static bool IsOurFailure(string answer) =>
        answer.StartsWith("HTTP/1.1 500", StringComparison.Ordinal) || answer.Contains("\"internal-error\"", StringComparison.Ordinal);

    private static string Mutated(string request, Random random)
    {
        var text = new StringBuilder(request);
        for (var times = random.Next(1, 5); times > 0; times--)
        {
            var place = random.Next(text.Length);
            switch (random.Next(5))
            {
                case 0:
                    text[place] = (char)random.Next(256);
                    break;
                case 1:
                    text.Remove(place, Math.Min(random.Next(1, 9), text.Length - place));
                    break;
                case 2:
                    text.Insert(place, Inserted[random.Next(Inserted.Length)]);
                    break;
                case 3:
                    text.Insert(place, text.ToString(place, Math.Min(random.Next(1, 40), text.Length - place)));
                    break;
                default:
                    text[place] = char.IsLower(text[place]) ? char.ToUpper(text[place], CultureInfo.InvariantCulture) : char.ToLower(text[place], CultureInfo.InvariantCulture);
                    break;
            }

            if (text.Length == 0)
                text.Append(' ');
        }

        return text.ToString();
    }

    /// <summary>A request that lost its end is never answered: after a while the caller says that it has no more to say.</summary>
    private static async Task<string> AskAsync(Uri address, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        using var received = new MemoryStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
            var answer = stream.CopyToAsync(received, TestContext.Current.CancellationToken);
            if (await Task.WhenAny(answer, Task.Delay(Patience, TimeProvider.System, TestContext.Current.CancellationToken)) != answer)
                client.Client.Shutdown(SocketShutdown.Send);
            await answer;
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            // A reset is an answer too: what came before it is what a caller saw.
        }

        return Encoding.Latin1.GetString(received.ToArray());
    }
}
