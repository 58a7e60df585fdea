using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CalGateway.CalCom.Connections;
using CalGateway.Tests.Caching;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Forwarder;

namespace CalGateway.Tests.CalCom;

/// <summary>How often Cal.com is sent a request when connections end before its answer, as HttpClient repeats some by itself.</summary>
public sealed class RepetitionTests
{
    private const string Me = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("POST", "/calcom/v2/bookings/abc/confirm", null, 1)]
    [InlineData("POST", "/calcom/v2/bookings/abc/confirm", "{}", 1)]
    [InlineData("PATCH", "/calcom/v2/schedules/7", null, 1)]
    [InlineData("DELETE", "/calcom/v2/schedules/7", null, 1)]
    [InlineData("GET", "/calcom/v2/me", null, 2)]
    public async Task A_connection_that_ends_over_its_first_request_has_a_read_sent_once_more_and_no_write(string method, string path, string? body, int times)
    {
        await using var upstream = ScriptedUpstream.Start(_ => Task.CompletedTask);
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);

        Assert.Equal(HttpStatusCode.BadGateway, await SendAsync(gateway, method, path, body));

        Assert.Equal(times, upstream.Heads.Count);
    }

    [Theory]
    [InlineData("POST", "/calcom/v2/bookings/abc/confirm", HttpStatusCode.BadGateway, 1)]
    [InlineData("DELETE", "/calcom/v2/schedules/7", HttpStatusCode.BadGateway, 1)]
    [InlineData("GET", "/calcom/v2/me", HttpStatusCode.OK, 2)]
    public async Task A_kept_connection_that_ends_as_it_is_used_again_costs_a_read_nothing_and_has_no_write_repeated(
        string method, string path, HttpStatusCode status, int times)
    {
        var sent = 0;
        await using var upstream = ScriptedUpstream.Start(async exchange =>
        {
            await exchange.SendAsync(Me);
            if ((await exchange.ReadHeadAsync()).StartsWith(method, StringComparison.Ordinal))
                Interlocked.Increment(ref sent);
        });
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);
        Assert.Equal(HttpStatusCode.OK, await SendAsync(gateway, "GET", "/calcom/v2/me", null));
        var before = upstream.Heads.Count;

        Assert.Equal(status, await SendAsync(gateway, method, path, null));

        Assert.Equal(times, Volatile.Read(ref sent) + upstream.Heads.Count - before);
    }

    /// <summary>HttpClient goes on opening a connection for a request that has been given another or was given up, and keeps it.</summary>
    [Fact]
    public async Task A_kept_connection_that_never_carried_a_request_is_like_any_other_that_was_kept()
    {
        using var connections = new LateConnections();
        var isUsed = false;
        await using var upstream = ScriptedUpstream.Start(async exchange =>
        {
            if (exchange.CallersPort == connections.PortOfFirst)
                Volatile.Write(ref isUsed, true);
            else
                await exchange.SendAsync(Me.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal));
        });
        await using var gateway = await GatewayFixture.StartAsync(
            upstream.Address, adjust: builder => builder.Services.AddSingleton<IForwarderHttpClientFactory>(connections));

        using var meters = new MeterRecorder(gateway);
        using (var caller = gateway.CreateClient())
        using (var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation))
        {
            var gone = caller.GetAsync("/calcom/v2/me", hangUp.Token);
            await connections.FirstIsWanted.WaitAsync(Cancellation);
            await hangUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        }

        await Eventually.TrueAsync(
            () => meters.Names.Any(name => name.StartsWith("http.server.request.duration ", StringComparison.Ordinal) && name.Contains("status_code=499", StringComparison.Ordinal)),
            "the gateway knows that its caller is gone");
        connections.LetFirstThrough();
        await Eventually.TrueAsync(() => connections.Idle == 1, "the connection is kept");

        await Eventually.TrueAsync(
            async () =>
            {
                Assert.Equal(HttpStatusCode.OK, await SendAsync(gateway, "GET", "/calcom/v2/me", null));
                return Volatile.Read(ref isUsed);
            },
            "the kept connection is used, and ends");
    }

    [Fact]
    public async Task A_read_that_says_what_type_its_missing_body_has_is_a_read_all_the_same()
    {
        await using var upstream = ScriptedUpstream.Start(async exchange =>
        {
            await exchange.SendAsync(Me);
            await exchange.ReadHeadAsync();
        });
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);

        Assert.Equal(HttpStatusCode.OK, await SendAsync(gateway, "GET", "/calcom/v2/me", ""));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(gateway, "GET", "/calcom/v2/me", ""));
    }

    [Fact]
    public async Task A_crowd_at_a_cold_key_whose_connections_all_end_costs_a_handful_of_requests()
    {
        await using var upstream = ScriptedUpstream.Start(_ => Task.CompletedTask);
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);

        var statuses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => SendAsync(gateway, "GET", CacheScene.List, null)));

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.BadGateway, status));
        Assert.InRange(upstream.Heads.Count, 1, 5);
    }

    private static async Task<HttpStatusCode> SendAsync(GatewayFixture gateway, string method, string path, string? body)
    {
        using var caller = gateway.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await caller.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }

    /// <summary>The gateway's connections, of which the first one takes its time.</summary>
    private sealed class LateConnections : ForwarderHttpClientFactory, IMeterFactory
    {
        private readonly Meter _meter = new("System.Net.Http");
        private readonly MeterListener _listener = new();
        private readonly TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _through = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _connections;
        private int _idle;

        public LateConnections()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter, _meter) && instrument.Name == "http.client.open_connections")
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
            {
                if (tags.ToArray().Contains(new("http.connection.state", "idle")))
                    Interlocked.Add(ref _idle, (int)value);
            });
            _listener.Start();
        }

        public int Idle => Volatile.Read(ref _idle);

        public Task FirstIsWanted => _wanted.Task;

        public int PortOfFirst { get; private set; }

        public void LetFirstThrough() => _through.SetResult();

        protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
        {
            base.ConfigureHandler(context, handler);
            CalComConnection.Configure(handler, DistributedContextPropagator.CreateNoOutputPropagator());
            handler.ConnectCallback = ConnectAsync;
            handler.MeterFactory = this;
        }

        protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) => new SentOnceHandler(handler);

        public Meter Create(MeterOptions options) => _meter;

        public void Dispose()
        {
            _listener.Dispose();
            _meter.Dispose();
        }

        private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
        {
            var isFirst = Interlocked.Increment(ref _connections) == 1;
            if (isFirst)
            {
                _wanted.TrySetResult();
                await _through.Task.WaitAsync(cancellation);
            }

            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            if (isFirst)
                PortOfFirst = ((IPEndPoint)socket.LocalEndPoint!).Port;
            return new NetworkStream(socket, ownsSocket: true);
        }
    }
}
