using System.Globalization;
using System.Net.Sockets;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access;

/// <summary>What a client library would tidy up or refuse to send, as bytes on a socket.</summary>
public sealed class AttackTests
{
    private const string List = "/calcom/v2/event-types";

    [Theory]
    [InlineData("POST /calcom/v2/schedules HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}   ")]
    [InlineData("POST /calcom/v2/schedules HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5, 5\r\n\r\n{}   ")]
    [InlineData("POST /calcom/v2/schedules HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("POST /calcom/v2/schedules HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0x5\r\n\r\n{}   ")]
    [InlineData("POST /calcom/v2/schedules HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX")]
    [InlineData("POST /calcom/v2/schedules HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\nX")]
    [InlineData("POST /calcom/v2/schedules HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /calcom/v2/schedules HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /calcom/v2/schedules HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /calcom/v2/schedules HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST /calcom/v2/schedules HTTP/1.1\r\nHost: localhost\r\nX-A: b\r\n c: d\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("POST /calcom/v2/schedules HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("POST /calcom/v2/schedules HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n")]
    [InlineData("POST /calcom/v2/schedules HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}\r\n0\r\n\r\n")]
    [InlineData("GET /calcom/v2/event-types HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /calcom/v2/event-types HTTP/1.1\r\n\r\n")]
    [InlineData("GET /calcom/v2/event-types HTTP/1.1\r\nHost: local host\r\n\r\n")]
    [InlineData("GET /calcom/v2/event-types HTTP/1.1\r\nHost: localhost/evil\r\n\r\n")]
    [InlineData("GET /calcom/v2/event-types HTTP/1.1\r\nHost: user@localhost\r\n\r\n")]
    [InlineData("GET http://api.cal.com/calcom/v2/event-types HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /calcom/v2/event-types HTTP/1.1\r\nHost: localhost\r\nX-A: a\0b\r\n\r\n")]
    [InlineData("GET /calcom/v2/event-types HTTP/1.1\r\nHost: localhost\r\nX A: b\r\n\r\n")]
    [InlineData("GET /calcom/v2/event-types HTTP/1.1\r\nHost: localhost\r\n: b\r\n\r\n")]
    [InlineData("GET /calcom/v2/event types HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /calcom/v2/event-types HTTP/9.9\r\nHost: localhost\r\n\r\n")]
    [InlineData("TRACE /calcom/v2/event-types HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("TRACK /calcom/v2/event-types HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("CONNECT api.cal.com:443 HTTP/1.1\r\nHost: api.cal.com:443\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: evil.example\r\n\r\n")]
    public async Task What_can_be_read_in_two_ways_is_not_sent_on(string request)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);

        var answer = await AskAsync(gateway, request);

        Assert.True(sandbox.Requests.Count == 0, $"{request} was answered {answer}");
        Assert.True(StatusOf(answer) is 0 or (>= 400 and < 500) or 505, answer);
        Assert.DoesNotContain(sandbox.ApiKey, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_request_in_the_body_of_the_first_stays_a_body()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        const string Smuggled = "POST /v2/api-keys/refresh HTTP/1.1\r\nHost: localhost\r\n\r\n";

        await AskAsync(gateway,
            $"POST /calcom/v2/schedules HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Smuggled.Length}\r\nConnection: close\r\n\r\n{Smuggled}");
        await AskAsync(gateway,
            $"POST /calcom/v2/schedules HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" +
            $"{Smuggled.Length:x};a=b\r\n{Smuggled}\r\n0\r\nX-Trailer: POST /v2/api-keys/refresh\r\n\r\n");

        Assert.Equal(["/v2/schedules", "/v2/schedules"], sandbox.Requests.All.Select(request => request.Target));
        Assert.All(sandbox.Requests.All, request => Assert.Equal(Smuggled, request.BodyText));
    }

    [Fact]
    public async Task What_Kestrel_reads_leniently_is_framed_anew()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);

        await AskAsync(gateway, "POST /calcom/v2/schedules HTTP/1.1\r\nHost: localhost\r\nContent-Length: +5\r\n\r\n{}   ");

        Assert.Equal("5", Assert.Single(sandbox.Requests.All).Header("Content-Length").Single());
    }

    [Theory]
    [InlineData("Origin: https://evil.example\r\nReferer: https://evil.example/")]
    [InlineData("X-Forwarded-For: evil, 192.0.2.1\r\nX-Real-IP: evil")]
    public async Task Where_the_caller_comes_from_stays_here(string headers)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey());

        var answer = await AskAsync(gateway, $"GET {List} HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {AccessSettings.Key}\r\n{headers}\r\n\r\n");

        Assert.Equal(200, StatusOf(answer));
        Assert.DoesNotContain(Assert.Single(sandbox.Requests.All).Headers, header => header.Value.Contains("evil", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("authorization: Bearer evil")]
    [InlineData("AUTHORIZATION: Bearer evil")]
    [InlineData("Authorization: Bearer evil\r\nAuthorization: Bearer evil2")]
    [InlineData("Cal-Api-Version: 2024-04-15\r\nCAL-API-VERSION: 2024-04-15")]
    [InlineData("cal_api_version: 2024-04-15")]
    [InlineData("x_cal_client_id: evil\r\nx-cal-client-id: evil\r\nx-cal-secret-key: evil")]
    [InlineData("Connection: authorization, cal-api-version, close")]
    [InlineData("Connection: keep-alive, Authorization\r\nConnection: cal-api-version, close")]
    [InlineData("Keep-Alive: evil\r\nTE: trailers, evil\r\nUpgrade: evil\r\nProxy-Authorization: evil")]
    [InlineData("X-HTTP-Method-Override: DELETE\r\nX-Original-URL: /evil\r\nX-Forwarded-Scheme: evil\r\nForwarded: host=localhost;proto=evil")]
    [InlineData("Cookie: session=evil\r\ntraceparent: 00-00000000000000000000000000000bad-0000000000000bad-01\r\nbaggage: evil=1")]
    public async Task What_the_gateway_says_to_Cal_com_no_caller_says(string headers)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);

        var answer = await AskAsync(gateway, $"GET {List}?take=1 HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n");

        Assert.Equal(200, StatusOf(answer));
        var arrived = Assert.Single(sandbox.Requests.All);
        Assert.Equal("GET", arrived.Method);
        Assert.Equal("Bearer " + sandbox.ApiKey, arrived.Header("Authorization").Single());
        Assert.Equal("2024-06-14", arrived.Header("cal-api-version").Single());
        Assert.DoesNotContain(arrived.Headers, header => header.Value.Contains("evil", StringComparison.Ordinal) || header.Key.Contains('_'));
    }

    [Theory]
    [InlineData("X-Forwarded-Host: localhost:1")]
    [InlineData("X-Forwarded-Scheme: nothttps")]
    [InlineData("X-Original-URL: /v2/me")]
    [InlineData("Accept: text/html")]
    [InlineData("Accept-Language: tlh")]
    [InlineData("User-Agent: <script>")]
    [InlineData("Range: bytes=0-1")]
    [InlineData("If-None-Match: \"x\"")]
    [InlineData("Cache-Control: no-store")]
    [InlineData("Origin: http://localhost")]
    public async Task What_is_not_in_the_key_does_not_change_what_is_stored(string header)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        await using var untouched = await GatewayFixture.StartAsync(sandbox);
        var expected = BodyOf(await AskAsync(untouched, $"GET {List} HTTP/1.1\r\nHost: localhost\r\n\r\n"));

        Assert.Equal(200, StatusOf(await AskAsync(gateway, $"GET {List} HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n")));
        var second = await AskAsync(gateway, $"GET {List} HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.Equal(200, StatusOf(second));
        Assert.Equal(expected, BodyOf(second));
        Assert.DoesNotContain("evil", second, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/calcom/v2/event-types/x.css")]
    [InlineData("/calcom/v2/event-types/.css")]
    [InlineData("/calcom/v2/event-types;x.css")]
    [InlineData("/calcom/v2/event-types%2fx.css")]
    [InlineData("/calcom/v2/event-types%3bx.css")]
    [InlineData("/calcom/v2/event-types%0ax.css")]
    public async Task A_list_in_the_dress_of_a_file_is_not_stored(string path)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);

        var answer = await AskAsync(gateway, $"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.NotEqual(200, StatusOf(answer));
        Assert.DoesNotContain("stored", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret Meeting", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-A: ", 40_000, 431)]
    [InlineData("Cookie: ", 40_000, 431)]
    public async Task Headers_beyond_the_limit_are_refused(string name, int length, int status)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);

        var answer = await AskAsync(gateway, $"GET {List} HTTP/1.1\r\nHost: localhost\r\n{name}{new string('a', length)}\r\n\r\n");
        var many = await AskAsync(gateway, $"GET {List} HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Repeat("X-A: b\r\n", 200))}\r\n");
        var url = await AskAsync(gateway, $"GET {List}?x={new string('a', 9000)} HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.Equal((status, 431, 414), (StatusOf(answer), StatusOf(many), StatusOf(url)));
        Assert.Empty(sandbox.Requests.All);
    }

    [Fact]
    public async Task Headers_without_end_are_cut_off()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var connection = await RawConnection.OpenAsync(gateway.Address);

        var sent = 0;
        await connection.SendAsync($"GET {List} HTTP/1.1\r\nHost: localhost\r\n");
        try
        {
            for (; sent < 10_000; sent++)
                await connection.SendAsync("X-Endless: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n");
        }
        catch (IOException)
        {
            // Cut off, as it should be.
        }

        Assert.True(sent < 10_000, "all of it was taken");
        Assert.Empty(sandbox.Requests.All);
    }

    [Fact]
    public async Task Ten_thousand_idle_connections_leave_room_for_a_caller()
    {
        const int Asked = 10_000;
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        var idle = new List<Socket>();
        try
        {
            // Both ends are in this process, and the tests beside this one need handles, too: as many connections as fit into four fifths of what it may open.
            var affordable = Math.Min(Asked, FileHandles() * 2 / 5);
            while (idle.Count < affordable)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                await socket.ConnectAsync(gateway.Address.Host, gateway.Address.Port, TestContext.Current.CancellationToken);
            }

            var answer = await AskAsync(gateway, $"GET {List} HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Assert.Equal(200, StatusOf(answer));
            TestContext.Current.TestOutputHelper?.WriteLine($"{idle.Count} idle connections");
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task A_body_that_never_comes_is_given_up()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var connection = await RawConnection.OpenAsync(gateway.Address);

        await connection.SendAsync("POST /calcom/v2/schedules HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
        var answer = await connection.ReadToEndAsync();

        Assert.True(StatusOf(answer) is 408 or 400 or 0, answer);
        Assert.Empty(sandbox.Requests.All);
    }

    [Fact]
    public async Task An_upstream_that_quotes_the_key_is_not_quoted_in_turn()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        sandbox.Faults.Add(Fault.Status(403, 
            body: $$$"""{"status":"error","error":{"code":"ForbiddenException","message":"no client for access token={{{sandbox.ApiKey}}}"}}""", contentType: "application/json"));

        var answer = await AskAsync(gateway, $"GET {List} HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.Equal(502, StatusOf(answer));
        Assert.DoesNotContain(sandbox.ApiKey, answer, StringComparison.Ordinal);
        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Text.Contains(sandbox.ApiKey, StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Spans.All.SelectMany(span => span.TagObjects), tag => $"{tag.Value}".Contains(sandbox.ApiKey, StringComparison.Ordinal));
    }

    private static async Task<string> AskAsync(GatewayFixture gateway, string request)
    {
        using var connection = await RawConnection.OpenAsync(gateway.Address);
        var close = request.Contains("Connection:", StringComparison.OrdinalIgnoreCase) || !request.Contains("\r\n\r\n", StringComparison.Ordinal);
        await connection.SendAsync(close ? request : request.Insert(request.IndexOf("\r\n", StringComparison.Ordinal), "\r\nConnection: close"));
        return await connection.ReadToEndAsync();
    }

    /// <summary>0 where the connection ended without a word.</summary>
    private static int StatusOf(string answer) =>
        answer.Length > 12 && int.TryParse(answer.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 0;

    private static string BodyOf(string answer) => answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];

    private static int FileHandles()
    {
        if (!File.Exists("/proc/self/limits"))
            return 20_000;

        var line = File.ReadLines("/proc/self/limits").First(limit => limit.StartsWith("Max open files", StringComparison.Ordinal));
        var soft = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var handles) ? handles : 100_000;
    }
}
