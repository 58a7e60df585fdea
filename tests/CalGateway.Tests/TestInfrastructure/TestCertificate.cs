using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>A certificate of localhost's as an authority hands it out: in a file with the one that it was issued by behind it, and its key in another.</summary>
internal sealed class TestCertificate : IDisposable
{
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2 _issuer;
    private readonly ECDsa _key;

    private TestCertificate(X509Certificate2 certificate, X509Certificate2 issuer, ECDsa key)
    {
        _certificate = certificate;
        _issuer = issuer;
        _key = key;
    }

    public string Thumbprint => _certificate.Thumbprint;

    public string IssuersThumbprint => _issuer.Thumbprint;

    /// <param name="expires">When, counted from now; in seven days by default.</param>
    public static TestCertificate Make(TimeSpan? expires = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var rootsKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var root = Authority("CN=A root", rootsKey).CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        using var issuersKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var withoutKey = Authority("CN=An issuer", issuersKey).Create(root, now.AddDays(-1), now.AddDays(20), RandomNumberGenerator.GetBytes(8));
        using var issuer = withoutKey.CopyWithPrivateKey(issuersKey);

        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        var certificate = request.Create(issuer, now.AddDays(-1), now + (expires ?? TimeSpan.FromDays(7)), RandomNumberGenerator.GetBytes(8));
        return new TestCertificate(certificate, X509CertificateLoader.LoadCertificate(issuer.RawData), key);
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        return request;
    }

    /// <summary>As the usual clients of authorities renew: first one file, then the other, each by a rename.</summary>
    public void WritePem(string path, string keyPath)
    {
        Replace(path, $"{_certificate.ExportCertificatePem()}\n{_issuer.ExportCertificatePem()}\n");
        Replace(keyPath, _key.ExportPkcs8PrivateKeyPem());
    }

    public void WritePkcs12(string path, string password)
    {
        using var whole = _certificate.CopyWithPrivateKey(_key);
        File.WriteAllBytes(path, whole.Export(X509ContentType.Pkcs12, password));
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _issuer.Dispose();
        _key.Dispose();
    }

    private static void Replace(string path, string text)
    {
        File.WriteAllText(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }
}
