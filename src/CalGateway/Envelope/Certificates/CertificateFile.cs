using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CalGateway.Configuration;

namespace CalGateway.Envelope.Certificates;

/// <summary>
/// A certificate file that Kestrel's settings name, and the certificate in use. The file is read again when it changes. Kestrel itself would close the
/// listener and open it again, and connections in between would be refused.
/// </summary>
/// <param name="setting">The setting that names the file, for messages.</param>
/// <param name="path">PEM with the certificate and its issuers, or PKCS #12.</param>
/// <param name="keyPath">The private key in PEM; null for PKCS #12.</param>
/// <param name="password">The password of the key or of the PKCS #12 file; null for none.</param>
internal sealed class CertificateFile(string setting, string path, string? keyPath, string? password)
{
    private SslStreamCertificateContext? _current;

    public string Path => path;

    public SslStreamCertificateContext Current => Volatile.Read(ref _current) ?? throw new InvalidOperationException($"{setting} has not been read.");

    /// <summary>The digests of the files when they were last read.</summary>
    public string? Seen { get; private set; }

    /// <summary>The digests of the files, for comparison; the error message where a file cannot be read.</summary>
    public string ReadDigests()
    {
        try
        {
            return Digest(path) + (keyPath is null ? "" : Digest(keyPath));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure.Message;
        }
    }

    /// <summary>Reads the files; new connections get this certificate from now on.</summary>
    /// <exception cref="StartupException">The files do not contain a certificate with its key.</exception>
    public void Read()
    {
        Seen = ReadDigests();
        try
        {
            Volatile.Write(ref _current, keyPath is null ? OfPkcs12() : OfPem(keyPath));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new StartupException($"{setting} names {path}, from which no certificate with its key can be read: {failure.Message}", failure);
        }
    }

    private SslStreamCertificateContext OfPem(string key)
    {
        var certificate = password is null ? X509Certificate2.CreateFromPemFile(path, key) : X509Certificate2.CreateFromEncryptedPemFile(path, password, key);
        var issuers = new X509Certificate2Collection();
        issuers.ImportFromPemFile(path);
        return SslStreamCertificateContext.Create(certificate, issuers, offline: true);
    }

    private SslStreamCertificateContext OfPkcs12()
    {
        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(path, password);
        var certificate = all.FirstOrDefault(one => one.HasPrivateKey) ?? throw new CryptographicException("There is no private key in it.");
        return SslStreamCertificateContext.Create(certificate, all, offline: true);
    }

    private static string Digest(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Convert.ToHexString(SHA256.HashData(stream));
    }
}
