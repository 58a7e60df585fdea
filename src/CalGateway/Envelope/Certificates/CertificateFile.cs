using System.Collections.Immutable;
using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CalGateway.Configuration;
using CalGateway.Configuration.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Https;

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
    private ImmutableHashSet<string> _held = [];

    private static ReadOnlySpan<byte> PemStart => "-----BEGIN "u8;

    public string Path => path;

    public SslStreamCertificateContext Current => Volatile.Read(ref _current) ?? throw new InvalidOperationException($"{setting} has not been read.");

    /// <summary>The digests of the files when they were last read.</summary>
    public string? Seen { get; private set; }

    /// <summary>Makes each new connection use the current certificate.</summary>
    /// <param name="overQuic">
    /// For HTTP/3, Kestrel does not support <c>OnAuthenticate</c>, only a selector. With a selector, only issuers in the machine's store are sent.
    /// </param>
    public void Present(HttpsConnectionAdapterOptions https, bool overQuic)
    {
        if (overQuic)
            https.ServerCertificateSelector = (_, _) => Current.TargetCertificate;
        else
            https.OnAuthenticate = (_, options) => Present(options);
    }

    /// <summary>Makes one connection use the current certificate.</summary>
    public void Present(SslServerAuthenticationOptions options)
    {
        options.ServerCertificate = null;
        options.ServerCertificateContext = Current;
    }

    /// <summary>Whether the certificate is, or once was, the one in this file.</summary>
    public bool HasHeld(X509Certificate? certificate) => certificate is X509Certificate2 { Thumbprint: var thumbprint } && _held.Contains(thumbprint);

    /// <summary>Why callers would not accept the certificate at this time; null where they may.</summary>
    public string? Objection(DateTimeOffset now)
    {
        var certificate = Current.TargetCertificate;
        return now > certificate.NotAfter ? Sentence("expired at", certificate.NotAfter) : now < certificate.NotBefore ? Sentence("is not valid before", certificate.NotBefore) : null;

        string Sentence(string what, DateTime time) =>
            $"{setting} names {path}, whose certificate {what} {time.ToUniversalTime().ToString("u", CultureInfo.InvariantCulture)}. It is presented, and callers will refuse it.";
    }

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
            Open(path).Dispose(); // what is read below would wait for a pipe
            Open(keyPath ?? path).Dispose();

            var certificate = keyPath is null ? OfPkcs12() : OfPem(keyPath);
            _held = _held.Add(certificate.TargetCertificate.Thumbprint);
            Volatile.Write(ref _current, certificate);
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
        if (IsPem())
            throw new CryptographicException("It is PEM. KeyPath beside it names the file of its key, which may be the same one.");

        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(path, password);
        var certificate = all.FirstOrDefault(one => one.HasPrivateKey) ?? throw new CryptographicException("There is no private key in it.");
        return SslStreamCertificateContext.Create(certificate, all, offline: true);
    }

    private static string Digest(string file)
    {
        using var stream = Open(file);
        return Convert.ToHexString(SHA256.HashData(stream));
    }

    private static FileStream Open(string file) => OrdinaryFile.TryOpen(file) ?? throw new IOException($"{file} is empty, or no ordinary file.");

    private bool IsPem()
    {
        using var stream = Open(path);
        Span<byte> start = stackalloc byte[PemStart.Length];
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(PemStart);
    }
}
