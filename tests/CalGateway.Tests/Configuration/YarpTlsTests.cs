using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace CalGateway.Tests.Configuration;

/// <summary>The settings of YARP that have an effect only over TLS.</summary>
public sealed class YarpTlsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Tls12")]
    [InlineData("Tls13")]
    public async Task SslProtocols_are_those_that_are_spoken(string protocol)
    {
        await using var server = await StartAsync(context => context.Response.WriteAsync(context.Features.Get<ITlsHandshakeFeature>()!.Protocol.ToString()));

        var (status, text) = await AskAsync(server, $$"""{ "HttpClient": { "DangerousAcceptAnyServerCertificate": true, "SslProtocols": ["{{protocol}}"] } }""");

        Assert.Equal((HttpStatusCode.OK, protocol), (status, text));
    }

    [Theory]
    [InlineData("true", HttpStatusCode.OK)]
    [InlineData("false", HttpStatusCode.BadGateway)]
    public async Task DangerousAcceptAnyServerCertificate_says_whether_a_certificate_of_nobodys_will_do(string accepts, HttpStatusCode expected)
    {
        await using var server = await StartAsync(context => context.Response.WriteAsync("here"));

        var (status, _) = await AskAsync(server, $$"""{ "HttpClient": { "DangerousAcceptAnyServerCertificate": {{accepts}} } }""");

        Assert.Equal(expected, status);
    }

    /// <summary>The server takes one request at a time on a connection.</summary>
    [Theory]
    [InlineData("true", 2)]
    [InlineData("false", 1)]
    public async Task EnableMultipleHttp2Connections_says_whether_a_busy_connection_has_another_opened(string isEnabled, int connections)
    {
        var open = new TaskCompletionSource();
        var seen = new ConcurrentQueue<string>();
        await using var server = await StartAsync(async context =>
        {
            seen.Enqueue(context.Connection.Id);
            await open.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync(context.Request.Protocol);
        });
        await using var gateway = await GatewayAsync(
            server,
            $$"""
            {
              "HttpClient": { "DangerousAcceptAnyServerCertificate": true, "EnableMultipleHttp2Connections": {{isEnabled}} },
              "HttpRequest": { "Version": "2", "VersionPolicy": "RequestVersionExact" }
            }
            """);
        using var caller = gateway.CreateClient();

        var answers = new[] { caller.GetStringAsync(RouteScene.Other, Cancellation), caller.GetStringAsync(RouteScene.Other, Cancellation) };
        await Eventually.TrueAsync(() => seen.Count == connections, "as many have come as connections may be opened");
        open.SetResult();

        Assert.All(await Task.WhenAll(answers), text => Assert.Equal("HTTP/2", text));
        Assert.Equal(connections, seen.Distinct().Count());
    }

    [Fact]
    public async Task ClientCert_tells_with_which_certificate_the_caller_came()
    {
        using var ofGateway = Certificate();
        using var ofCaller = Certificate();
        await using var upstream = ScriptedUpstream.Saying(RouteScene.Answer("", "200 OK"));
        var settings = RouteScene.Settings("""{ "ClientCert": "X-Client-Cert" }""");
        settings["ReverseProxy"]!["Routes"]!.AsObject().Remove("cached");
        settings["ReverseProxy"]!["Clusters"]!["other"]!["Destinations"]!["a"]!["Address"] = upstream.Address.AbsoluteUri;
        await using var gateway = await GatewayFixture.StartAsync(
            upstream.Address, settings: settings.ToJsonString(), urls: "https://127.0.0.1:0",
            adjust: builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https =>
            {
                https.ServerCertificate = ofGateway;
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.AllowAnyClientCertificate();
            })));
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [ofCaller],
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.GetRawCertData().SequenceEqual(ofGateway.RawData),
            },
        };
        using var caller = new HttpClient(handler) { BaseAddress = gateway.Address };

        foreach (var path in new[] { RouteScene.Pinned, RouteScene.Other })
        {
            Assert.Equal(HttpStatusCode.OK, (await caller.GetAsync(path, Cancellation)).StatusCode);
            Assert.Contains($"X-Client-Cert: {Convert.ToBase64String(ofCaller.RawData)}\r\n", upstream.Heads[^1], StringComparison.Ordinal);
        }
    }

    private static async Task<(HttpStatusCode Status, string Text)> AskAsync(WebApplication server, string cluster)
    {
        await using var gateway = await GatewayAsync(server, cluster);
        using var caller = gateway.CreateClient();
        using var answer = await caller.GetAsync(RouteScene.Other, Cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    private static Task<GatewayFixture> GatewayAsync(WebApplication server, string cluster)
    {
        var settings = RouteScene.Settings("");
        var other = settings["ReverseProxy"]!["Clusters"]!["other"]!;
        foreach (var (name, value) in JsonNode.Parse(cluster)!.AsObject())
            other[name] = value!.DeepClone();
        other["Destinations"]!["a"]!["Address"] = $"https://localhost:{new Uri(server.Urls.First()).Port}";
        return GatewayFixture.StartAsync(new Uri("http://localhost"), settings: settings.ToJsonString());
    }

    private static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(Certificate());
            });
        });
        var server = builder.Build();
        server.Run(answer);
        await server.StartAsync(Cancellation);
        return server;
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
