using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Envelope;

/// <summary>TLS at the gateway's own edge, by Kestrel's own settings.</summary>
public sealed class CertificateRenewalTests : IDisposable
{
    private const int Callers = 4;
    private const int Afterwards = 200;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-tls-");
    private readonly int _port = FreePort.Next();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string CertificatePath => Path.Combine(_folder.FullName, "fullchain.pem");

    private string KeyPath => Path.Combine(_folder.FullName, "privkey.pem");

    [Fact]
    public async Task A_certificate_that_is_renewed_under_load_is_presented_to_the_next_connection_and_no_request_fails()
    {
        using var first = TestCertificate.Make();
        using var second = TestCertificate.Make();
        first.WritePem(CertificatePath, KeyPath);
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await StartAsync(sandbox, EndpointSettings());
        var presented = new ConcurrentQueue<string>();
        using var stop = new CancellationTokenSource();

        var load = Enumerable.Range(0, Callers).Select(_ => LoadAsync(presented, stop.Token)).ToList();
        await Eventually.TrueAsync(() => presented.Count > Callers, "the first certificate is presented");
        second.WritePem(CertificatePath, KeyPath);
        await Eventually.TrueAsync(() => presented.Contains(second.Thumbprint), "the second one is presented", TimeSpan.FromMinutes(1));
        var before = presented.Count;
        await Eventually.TrueAsync(() => presented.Count > before + Afterwards, "the load goes on", TimeSpan.FromSeconds(30));
        await stop.CancelAsync();

        var failures = (await Task.WhenAll(load)).SelectMany(failed => failed).ToList();
        Assert.Empty(failures);
        Assert.Equal(first.Thumbprint, presented.First());
        Assert.InRange(presented.Skip(before).Count(thumbprint => thumbprint != second.Thumbprint), 0, Callers); // each caller can have one connection under way
    }

    [Fact]
    public async Task The_issuer_is_sent_along_and_HTTP_2_is_spoken_and_health_is_told()
    {
        using var certificate = TestCertificate.Make();
        certificate.WritePem(CertificatePath, KeyPath);
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await StartAsync(sandbox, EndpointSettings());
        var sent = new List<string>();
        using var caller = ClientOf(chain => sent.AddRange(chain));

        using var answer = await caller.GetAsync("/calcom/v2/event-types", Cancellation);
        await using var health = GatewayProcess.Start(["health"], EndpointSettings());

        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (answer.StatusCode, answer.Version));
        Assert.Equal([certificate.Thumbprint, certificate.IssuersThumbprint], sent);
        Assert.Equal((0, ""), (await health.ExitAsync(), health.Errors));
    }

    [Fact]
    public async Task A_renewal_that_is_broken_keeps_the_certificate_and_is_told()
    {
        using var first = TestCertificate.Make();
        using var second = TestCertificate.Make();
        first.WritePem(CertificatePath, KeyPath);
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await StartAsync(sandbox, EndpointSettings());

        await File.WriteAllTextAsync(CertificatePath, "-----BEGIN CERTIFICATE-----\nnonsense\n", Cancellation);
        await Eventually.TrueAsync(() => gateway.Output.Contains("The certificate was not replaced, the last good one is presented", StringComparison.Ordinal), "the log says so");
        Assert.Equal(first.Thumbprint, await PresentedAsync());

        second.WritePem(CertificatePath, Path.Combine(_folder.FullName, "elsewhere.pem")); // a key that does not fit
        await Eventually.TrueAsync(() => gateway.Output.Split("was not replaced").Length == 3, "and so does it of this");
        Assert.Equal(first.Thumbprint, await PresentedAsync());

        second.WritePem(CertificatePath, KeyPath);
        await Eventually.TrueAsync(async () => await PresentedAsync() == second.Thumbprint, "the good one is presented");
    }

    [Fact]
    public async Task A_default_certificate_in_one_file_with_a_password_is_renewed_too()
    {
        using var first = TestCertificate.Make();
        using var second = TestCertificate.Make();
        var path = Path.Combine(_folder.FullName, "gateway.pfx");
        first.WritePkcs12(path, "a-password");
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await StartAsync(sandbox, new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = $"https://127.0.0.1:{_port}", ["Kestrel__Certificates__Default__Path"] = path, ["Kestrel__Certificates__Default__Password"] = "a-password",
        });
        Assert.Equal(first.Thumbprint, await PresentedAsync());

        second.WritePkcs12(path, "a-password");

        await Eventually.TrueAsync(async () => await PresentedAsync() == second.Thumbprint, "the second one is presented");
        Assert.DoesNotContain("a-password", gateway.Output + gateway.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_without_the_certificate_is_refused_in_one_line()
    {
        await using var gateway = GatewayProcess.Start(["run"], new Dictionary<string, string>(EndpointSettings()) { ["CALCOM_API_KEY"] = "cal_test_never_sent" });

        Assert.Equal(1, await gateway.ExitAsync());
        Assert.StartsWith($"calgateway: Kestrel:Endpoints:Https:Certificate names {CertificatePath}, from which no certificate with its key can be read", gateway.Errors, StringComparison.Ordinal);
        Assert.Single(gateway.Errors.Split('\n'));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Dictionary<string, string> EndpointSettings() => new()
    {
        ["Kestrel__Endpoints__Https__Url"] = $"https://127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}",
        ["Kestrel__Endpoints__Https__Certificate__Path"] = CertificatePath,
        ["Kestrel__Endpoints__Https__Certificate__KeyPath"] = KeyPath,
    };

    private static async Task<GatewayProcess> StartAsync(SandboxHost sandbox, IReadOnlyDictionary<string, string> settings)
    {
        var gateway = GatewayProcess.Start(["run"], new Dictionary<string, string>(settings)
        {
            ["CALCOM_API_KEY"] = sandbox.ApiKey, ["CALCOM_BASE_URL"] = sandbox.BaseAddress.AbsoluteUri, ["CalGateway__Management__Url"] = "", ["CalGateway__Logs__Format"] = "Text",
        });
        await gateway.BannerAsync();
        return gateway;
    }

    /// <summary>Requests on a connection each, until it is stopped; what went wrong.</summary>
    private async Task<IReadOnlyList<string>> LoadAsync(ConcurrentQueue<string> presented, CancellationToken stop)
    {
        var failures = new List<string>();
        while (!stop.IsCancellationRequested)
        {
            string? thumbprint = null;
            using var caller = ClientOf(chain => thumbprint = chain[0]);
            try
            {
                using var answer = await caller.GetAsync("/calcom/v2/event-types", Cancellation);
                if (answer.StatusCode != HttpStatusCode.OK)
                    failures.Add(answer.StatusCode.ToString());
                presented.Enqueue(thumbprint!);
            }
            catch (HttpRequestException failure)
            {
                failures.Add(failure.ToString());
            }
        }

        return failures;
    }

    private async Task<string> PresentedAsync()
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, _port, Cancellation);
        await using var tls = new SslStream(tcp.GetStream(), leaveInnerStreamOpen: false, (_, shown, _, _) => shown is not null);
        await tls.AuthenticateAsClientAsync("localhost");
        return new X509Certificate2(tls.RemoteCertificate!).Thumbprint;
    }

    private HttpClient ClientOf(Action<IReadOnlyList<string>> presented) => new(new SocketsHttpHandler
    {
        SslOptions =
        {
            RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
            {
                presented([((X509Certificate2)certificate!).Thumbprint, .. chain!.ChainPolicy.ExtraStore.Select(sent => sent.Thumbprint).Where(sent => sent != ((X509Certificate2)certificate!).Thumbprint)]);
                return true;
            },
        },
    })
    { BaseAddress = new Uri($"https://localhost:{_port}"), DefaultRequestVersion = HttpVersion.Version20 };
}
