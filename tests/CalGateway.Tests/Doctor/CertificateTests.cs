using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace CalGateway.Tests.Doctor;

public sealed class CertificateTests
{
    [Theory]
    [InlineData("localhost", -2, 30, "comes from nobody whom this machine trusts")]
    [InlineData("localhost", -60, -30, "expired on")]
    [InlineData("localhost", 30, 60, "is valid only from")]
    [InlineData("elsewhere.example", -2, 30, "is another host's")]
    public async Task A_certificate_that_is_not_trusted_is_told_with_its_reason_and_gets_no_key(string name, int validFromDay, int validToDay, string finding)
    {
        using var certificate = Certificate(name, validFromDay, validToDay);
        await using var server = ServerWith(certificate);
        var asked = 0;
        server.Run(_ =>
        {
            Interlocked.Increment(ref asked);
            return Task.CompletedTask;
        });
        await server.StartAsync(TestContext.Current.CancellationToken);
        using var installation = new Installation(new Uri($"https://localhost:{new Uri(server.Urls.First()).Port}"), "cal_live_some_key");

        var (exit, checks) = await installation.RunAsJsonAsync();

        Assert.Equal(1, exit);
        Assert.Contains(finding, (string?)checks["Connection"]["finding"], StringComparison.Ordinal);
        Assert.Equal("skipped", (string?)checks["Account"]["verdict"]);
        Assert.Equal(0, asked);
    }

    private static WebApplication ServerWith(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        return builder.Build();
    }

    private static X509Certificate2 Certificate(string name, int validFromDay, int validToDay)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(validFromDay), now.AddDays(validToDay));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
