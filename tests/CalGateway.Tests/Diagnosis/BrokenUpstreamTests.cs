using System.IO.Compression;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Diagnosis;

/// <summary>What a caller sees when Cal.com is away, silent, or talks nonsense; and that the gateway serves on.</summary>
public sealed class BrokenUpstreamTests
{
    private static readonly string ShortTimeout =
        GatewayFixture.ShippedSettings.Replace("\"ActivityTimeout\": \"00:00:30\"", "\"ActivityTimeout\": \"00:00:01\"", StringComparison.Ordinal);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_port_that_nobody_listens_on_is_upstream_unreachable()
    {
        await using var gateway = await GatewayFixture.StartAsync(new Uri($"http://127.0.0.1:{FreePort.Next()}"));

        await AssertProblemAsync(gateway, 502, "upstream-unreachable", "error=connection_refused");
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_upstream_unreachable()
    {
        await using var gateway = await GatewayFixture.StartAsync(new Uri("http://cal.invalid"));

        await AssertProblemAsync(gateway, 502, "upstream-unreachable", "error=dns_error");
    }

    [Fact]
    public async Task TLS_that_cannot_be_agreed_is_upstream_unreachable()
    {
        await using var plain = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(new UriBuilder(plain.BaseAddress) { Scheme = "https" }.Uri);

        await AssertProblemAsync(gateway, 502, "upstream-unreachable", "error=tls_protocol_error");
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_upstream_unreachable_and_never_shown_the_key()
    {
        using var key = ECDsa.Create();
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var told = 0;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(
            async () =>
            {
                using var accepted = await listener.AcceptTcpClientAsync(Cancellation);
                await using var tls = new SslStream(accepted.GetStream());
                try
                {
                    await tls.AuthenticateAsServerAsync(certificate);
                    told = await tls.ReadAsync(new byte[1], Cancellation);
                }
                catch (Exception refused) when (refused is AuthenticationException or IOException)
                {
                    // As it should be.
                }
            },
            Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(new Uri($"https://{listener.LocalEndpoint}"));

        await AssertProblemAsync(gateway, 502, "upstream-unreachable", "error=tls_protocol_error");

        await serving;
        Assert.Equal(0, told);
    }

    [Fact]
    public async Task A_host_that_takes_no_connections_is_upstream_unreachable_after_five_seconds()
    {
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(1);
        var waiting = Enumerable.Range(0, 8).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToList();
        foreach (var socket in waiting)
            _ = socket.ConnectAsync(full.LocalEndPoint!, Cancellation).AsTask().ContinueWith(done => done.Exception, TaskScheduler.Default);

        await using var gateway = await GatewayFixture.StartAsync(new Uri($"http://{full.LocalEndPoint}"));

        await AssertProblemAsync(gateway, 502, "upstream-unreachable", "error=connection_timeout");
        waiting.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task A_reset_before_the_headers_is_upstream_invalid_and_the_next_request_is_served()
    {
        await using var pair = await Pair.StartAsync();
        pair.Sandbox.Faults.Add(Fault.Reset(times: 1));

        // A POST: what is not safe to repeat is not repeated behind the caller's back.
        using var answer = await pair.SendAsync("POST", "/calcom/v2/bookings", "{}");
        var problem = await answer.ReadProblemAsync();
        using var next = await pair.GetAsync("/calcom/v2/me");

        Assert.Equal((502, "upstream-invalid"), ((int)answer.StatusCode, (string?)problem["code"]));
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.Single(pair.Sandbox.Requests.For("POST", "/v2/bookings"));
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n")]
    [InlineData("HTTP/1.1 abc\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno-colon\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n")]
    [InlineData("\0\0\0\0")]
    [InlineData("")]
    public async Task What_is_not_HTTP_is_upstream_invalid(string said)
    {
        await using var upstream = ScriptedUpstream.Saying(said);
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);

        await AssertProblemAsync(gateway, 502, "upstream-invalid", "error=");
    }

    [Fact]
    public async Task An_answer_with_endless_headers_is_upstream_invalid()
    {
        await using var upstream = ScriptedUpstream.Saying("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat("X-Filling: " + new string('x', 1000) + "\r\n", 200)));
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);

        await AssertProblemAsync(gateway, 502, "upstream-invalid", "error=");
    }

    [Theory]
    [InlineData("/calcom/v2/me")]
    [InlineData("/calcom/v2/event-types")]
    public async Task Silence_is_upstream_timeout_after_the_ActivityTimeout_of_the_settings(string path)
    {
        await using var pair = await Pair.StartAsync(settings: ShortTimeout);
        pair.Sandbox.Faults.Add(Fault.Hang());

        await AssertProblemAsync(pair.Gateway, 504, "upstream-timeout", "error=http_response_timeout", path);
    }

    [Theory]
    [InlineData("/calcom/v2/me", null)]
    [InlineData("/calcom/v2/event-types", null)]
    [InlineData("/calcom/v2/me", "gzip")]
    [InlineData("/calcom/v2/event-types", "gzip")]
    public async Task An_answer_that_stops_in_the_middle_is_seen_to_be_incomplete(string path, string? accepted)
    {
        await using var pair = await Pair.StartAsync(settings: ShortTimeout);
        pair.Sandbox.Faults.Add(Fault.SlowBody(TimeSpan.FromHours(1), bytesAtATime: 16));

        await AssertBrokenAsync(pair, path, accepted, "upstream-timeout");
    }

    [Theory]
    [MemberData(nameof(BreaksInTheMiddle))]
    public async Task An_answer_that_breaks_off_is_never_a_short_200(string kind, string path, string? accepted)
    {
        await using var pair = await Pair.StartAsync();
        pair.Sandbox.Faults.Add(kind switch
        {
            "reset" => Fault.ResetMidBody(chunked: false, times: 1),
            "reset chunked" => Fault.ResetMidBody(chunked: true, times: 1),
            _ => Fault.TruncatedBody(times: 1),
        });

        await AssertBrokenAsync(pair, path, accepted, "upstream-invalid");

        using var next = await pair.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.NotNull(JsonNode.Parse(await next.Content.ReadAsStringAsync(Cancellation)));
    }

    public static TheoryData<string, string, string?> BreaksInTheMiddle()
    {
        var data = new TheoryData<string, string, string?>();
        foreach (var kind in new[] { "reset", "reset chunked", "truncated" })
        {
            foreach (var path in new[] { "/calcom/v2/me", "/calcom/v2/event-types" })
            {
                data.Add(kind, path, null);
                data.Add(kind, path, "gzip");
            }
        }

        return data;
    }

    [Fact]
    public async Task A_caller_that_hangs_up_is_nobodys_problem()
    {
        await using var pair = await Pair.StartAsync();
        pair.Sandbox.Faults.Add(Fault.Hang(times: 1));
        using (var connection = await RawConnection.OpenAsync(pair.Gateway.Address))
        {
            await connection.SendAsync("GET /calcom/v2/me HTTP/1.1\r\nHost: localhost\r\n\r\n");
            await Eventually.TrueAsync(() => pair.Sandbox.Requests.Count == 1, "it was forwarded");
        }

        await Eventually.TrueAsync(() => pair.Gateway.Spans.All.Any(span => span.Source.Name == "Microsoft.AspNetCore"), "it has ended");

        Assert.DoesNotContain(pair.Gateway.Spans.All, span => span.GetTagItem("calgateway.problem.code") is not null);
        Assert.DoesNotContain(pair.Gateway.Logs.Lines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Warning && line.Category.StartsWith("CalGateway", StringComparison.Ordinal));
    }

    /// <summary>
    /// Either the failure comes as a problem, whole, or the connection ends before the answer does.
    /// What must not be is an answer that looks complete and is not.
    /// </summary>
    private static async Task AssertBrokenAsync(Pair pair, string path, string? accepted, string code)
    {
        var encoding = accepted is null ? "" : $"Accept-Encoding: {accepted}\r\n";
        var raw = await pair.AskRawAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\n{encoding}Connection: close\r\n\r\n");

        await Eventually.TrueAsync(
            () => pair.Gateway.Spans.All.Any(span => (string?)span.GetTagItem("calgateway.problem.code") == code), $"the trace says {code}");
        if (raw.Length == 0)
            return;

        var (head, body) = Split(raw);
        if (head.StartsWith("HTTP/1.1 5", StringComparison.Ordinal))
        {
            if (head.Contains("Content-Encoding: gzip", StringComparison.OrdinalIgnoreCase))
                body = Unpack(Unchunk(body)!);
            else if (head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
                body = Unchunk(body)!;
            Assert.Contains("Content-Type: application/problem+json", head, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(code, (string?)JsonNode.Parse(body)!["code"]);
            return;
        }

        var length = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))?.Split(':')[1];
        var complete = length is not null ? body.Length == int.Parse(length, System.Globalization.CultureInfo.InvariantCulture) : Unchunk(body) is not null;
        Assert.False(complete, $"looks like a whole answer:\n{raw}");
    }

    private static async Task AssertProblemAsync(GatewayFixture gateway, int status, string code, string proxyStatus, string path = "/calcom/v2/me")
    {
        using var caller = gateway.CreateClient();
        using var answer = await caller.GetAsync(path, Cancellation);
        var problem = await answer.ReadProblemAsync();

        Assert.Equal((status, code), ((int)answer.StatusCode, (string?)problem["code"]));
        Assert.StartsWith("CalGateway; error=", answer.Headers.GetValues("Proxy-Status").Single(), StringComparison.Ordinal);
        Assert.Contains(proxyStatus, answer.Headers.GetValues("Proxy-Status").Single(), StringComparison.Ordinal);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal(["detail", "instance", "code"], problem.AsObject().Select(member => member.Key).Skip(3).Take(3));

        using var live = await caller.GetAsync("/healthz/live", Cancellation);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    private static (string Head, string Body) Split(string raw)
    {
        var end = raw.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return (raw[..(end + 2)], raw[(end + 4)..]);
    }

    /// <summary>The content of a chunked body; null if its end is missing.</summary>
    private static string? Unchunk(string body)
    {
        var content = new StringBuilder();
        while (true)
        {
            var line = body.IndexOf("\r\n", StringComparison.Ordinal);
            if (line < 0)
                return null;
            var length = Convert.ToInt32(body[..line], 16);
            if (length == 0)
                return content.ToString();
            if (body.Length < line + 2 + length + 2)
                return null;
            content.Append(body, line + 2, length);
            body = body[(line + 2 + length + 2)..];
        }
    }

    private static string Unpack(string packed)
    {
        using var stream = new GZipStream(new MemoryStream(Encoding.Latin1.GetBytes(packed)), CompressionMode.Decompress);
        return new StreamReader(stream).ReadToEnd();
    }
}
