using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CalGateway.Configuration;

namespace CalGateway.Envelope.Certificates;

/// <summary>
/// A certificate that Kestrel's settings name by its file, and what of it is presented: read again when the file changes. Kestrel's own way is to close
/// the listener and open it anew, and callers who come in between are turned away.
/// </summary>
/// <param name="setting">What names it, for messages.</param>
/// <param name="path">The certificate: PEM with those that it was issued by behind it, or PKCS #12.</param>
/// <param name="keyPath">The key, in PEM; null for PKCS #12.</param>
/// <param name="password">Of the key, or of PKCS #12.</param>
internal sealed class CertificateFile(string setting, string path, string? keyPath, string? password)
{
    private SslStreamCertificateContext? _current;

    public string Path => path;

    public SslStreamCertificateContext Current => Volatile.Read(ref _current) ?? throw new InvalidOperationException($"{setting} has not been read.");

    /// <summary>What the files looked like when they were last read.</summary>
    public string? Seen { get; private set; }

    /// <summary>What is in the files, for comparison; where they cannot be read, why.</summary>
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

    /// <summary>Presents what is in the files from now on.</summary>
    /// <exception cref="StartupException">They hold no certificate with its key.</exception>
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
