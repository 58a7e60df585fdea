using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Envelope;

/// <summary>What else Kestrel's settings can say of certificates, and what is wrong with the files that they name.</summary>
public sealed class CertificateSettingsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-tls-");
    private readonly int _port = FreePort.Next();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Kestrel__Certificates__Default")]
    [InlineData("Kestrel__Endpoints__Https__Certificate")]
    public async Task A_name_is_served_with_its_own_certificate_and_others_with_the_general_one_and_both_are_renewed(string general)
    {
        using var ofName = TestCertificate.Make();
        using var ofOthers = TestCertificate.Make();
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        var settings = Served();
        Name(settings, general, "others", ofOthers);
        Name(settings, "Kestrel__Endpoints__Https__Sni__a.example__Certificate", "name", ofName);
        settings["Kestrel__Endpoints__Https__Sni__*__Protocols"] = "Http1AndHttp2";
        await using var gateway = await StartAsync(sandbox, settings);

        Assert.Equal((ofName.Thumbprint, ofOthers.Thumbprint), (await PresentedAsync("a.example"), await PresentedAsync("b.example")));

        using var nextOfName = TestCertificate.Make();
        using var nextOfOthers = TestCertificate.Make();
        nextOfName.WritePem(PathOf("name.pem"), PathOf("name.key"));
        nextOfOthers.WritePem(PathOf("others.pem"), PathOf("others.key"));

        await Eventually.TrueAsync(
            async () => (nextOfName.Thumbprint, nextOfOthers.Thumbprint) == (await PresentedAsync("a.example"), await PresentedAsync("b.example")), "the renewed ones are presented");
    }

    [Fact]
    public async Task The_default_certificate_is_not_presented_by_an_endpoint_with_one_of_its_own()
    {
        using var own = TestCertificate.Make();
        using var ofOthers = TestCertificate.Make();
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        var settings = Served();
        Name(settings, "Kestrel__Certificates__Default", "others", ofOthers);
        Name(settings, "Kestrel__Endpoints__Https__Certificate", "own", own);
        await using var gateway = await StartAsync(sandbox, settings);

        Assert.Equal(own.Thumbprint, await PresentedAsync("localhost"));
        Assert.DoesNotContain("Overriding", gateway.Output, StringComparison.Ordinal); // no other address was asked for
    }

    [Theory]
    [InlineData("Kestrel__Certificates__Default")]
    [InlineData("Kestrel__Endpoints__Https__Certificate")]
    [InlineData("Kestrel__Endpoints__Https__Sni__a.example__Certificate")]
    [InlineData("ASPNETCORE_Kestrel__Certificates__Default")]
    public async Task Start_and_check_refuse_a_file_without_a_certificate_in_one_line(string setting)
    {
        using var certificate = TestCertificate.Make();
        var settings = Served();
        Name(settings, setting, "wrong", certificate);
        await File.WriteAllTextAsync(PathOf("wrong.pem"), "nonsense", Cancellation);
        settings["CALCOM_API_KEY"] = "cal_test_never_sent";
        var named = $"{setting.Replace("ASPNETCORE_", "", StringComparison.Ordinal).Replace("__", ":", StringComparison.Ordinal)} names {PathOf("wrong.pem")}, from which no certificate with its key can be read";

        await using var run = GatewayProcess.Start(["run"], settings);
        await using var check = GatewayProcess.Start(["check"], settings);

        Assert.Equal((1, 1), (await run.ExitAsync(), await check.ExitAsync()));
        Assert.StartsWith($"calgateway: {named}", run.Errors, StringComparison.Ordinal);
        Assert.Single(run.Errors.Split('\n'));
        Assert.Contains($"error: {named}", check.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pem", "It is PEM. KeyPath beside it names the file of its key, which may be the same one.")]
    [InlineData("pipe", "is empty, or no ordinary file.")]
    [InlineData("folder", "It is a directory.")]
    public async Task A_path_of_something_else_is_told(string kind, string told)
    {
        using var certificate = TestCertificate.Make();
        certificate.WritePem(PathOf("pem"), PathOf("pem.key"));
        await NamedPipe.MakeAsync(PathOf("pipe"));
        _folder.CreateSubdirectory("folder");

        await using var check = GatewayProcess.Start(["check"], new Dictionary<string, string> { ["Kestrel__Certificates__Default__Path"] = PathOf(kind) });

        Assert.Equal(1, await check.ExitAsync());
        Assert.Contains(told, check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HTTPS_without_a_certificate_is_refused_in_one_line()
    {
        await using var gateway = GatewayProcess.Start(["--sandbox"], new Dictionary<string, string>(Served()) { ["HOME"] = _folder.FullName, ["CalGateway__Management__Url"] = "" });

        Assert.Equal(1, await gateway.ExitAsync());
        Assert.Matches("^calgateway: Could not listen. There is no certificate for HTTPS. Kestrel__Certificates__Default__Path names [^\n]*$", gateway.Errors);
    }

    [Fact]
    public async Task An_expired_certificate_is_warned_of_by_check_and_by_the_log()
    {
        using var expired = TestCertificate.Make(TimeSpan.FromHours(-1));
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        var settings = Served();
        Name(settings, "Kestrel__Endpoints__Https__Certificate", "expired", expired);
        var warning = $"Kestrel:Endpoints:Https:Certificate names {PathOf("expired.pem")}, whose certificate expired at ";

        await using var check = GatewayProcess.Start(["check", "--strict"], settings);
        Assert.Equal(1, await check.ExitAsync());
        Assert.Contains($"warning: {warning}", check.Output, StringComparison.Ordinal);

        await using var gateway = await StartAsync(sandbox, settings);
        await Eventually.TrueAsync(() => gateway.Output.Contains(warning, StringComparison.Ordinal), "the log warns");
        Assert.Equal(expired.Thumbprint, await PresentedAsync("localhost"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);

    private Dictionary<string, string> Served() => new() { ["Kestrel__Endpoints__Https__Url"] = $"https://127.0.0.1:{_port}" };

    private void Name(Dictionary<string, string> settings, string section, string file, TestCertificate certificate)
    {
        certificate.WritePem(PathOf($"{file}.pem"), PathOf($"{file}.key"));
        settings[$"{section}__Path"] = PathOf($"{file}.pem");
        settings[$"{section}__KeyPath"] = PathOf($"{file}.key");
    }

    private static async Task<GatewayProcess> StartAsync(SandboxHost sandbox, IReadOnlyDictionary<string, string> settings)
    {
        var gateway = GatewayProcess.Start(["run"], new Dictionary<string, string>(settings)
        {
            ["CALCOM_API_KEY"] = sandbox.ApiKey, ["CALCOM_BASE_URL"] = sandbox.BaseAddress.AbsoluteUri, ["CalGateway__Management__Url"] = "", ["CalGateway__Logs__Format"] = "Text",
        });
        await gateway.BannerAsync();
        return gateway;
    }

    /// <summary>The thumbprint of the certificate that a caller of this name sees.</summary>
    private async Task<string> PresentedAsync(string name)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, _port, Cancellation);
        await using var tls = new SslStream(tcp.GetStream(), leaveInnerStreamOpen: false, (_, shown, _, _) => shown is not null);
        await tls.AuthenticateAsClientAsync(name);
        return new X509Certificate2(tls.RemoteCertificate!).Thumbprint;
    }
}
