using CalGateway.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace CalGateway.Envelope.Certificates;

/// <summary>The certificates that <c>Kestrel:Endpoints:…:Certificate</c> and <c>Kestrel:Certificates:Default</c> load from files.</summary>
internal sealed class CertificateFiles
{
    private readonly IConfigurationSection _kestrel;
    private readonly string _root;
    private readonly CertificateFile? _default;
    private readonly Dictionary<string, CertificateFile> _ofEndpoints = [];

    private CertificateFiles(IConfigurationSection kestrel, string root)
    {
        _kestrel = kestrel;
        _root = root;
        _default = Of(kestrel.GetSection("Certificates:Default"));
        foreach (var endpoint in kestrel.GetSection("Endpoints").GetChildren())
        {
            if (Of(endpoint.GetSection("Certificate")) is { } file)
                _ofEndpoints[endpoint.Key] = file;
        }
    }

    public IEnumerable<CertificateFile> All => _default is null ? _ofEndpoints.Values : _ofEndpoints.Values.Append(_default);

    /// <param name="configuration">The host's settings.</param>
    /// <param name="root">The folder of relative paths, as for Kestrel.</param>
    /// <exception cref="StartupException">A file cannot be read.</exception>
    public static CertificateFiles In(IConfiguration configuration, string root)
    {
        var files = new CertificateFiles(configuration.GetSection("Kestrel"), root);
        foreach (var file in files.All)
            file.Read();
        return files;
    }

    /// <summary>Makes each new connection use the current certificate, and stops Kestrel from watching the files itself.</summary>
    public void Configure(KestrelServerOptions kestrel)
    {
        if (_default is not null)
            kestrel.ConfigureHttpsDefaults(https => Present(https, _default));

        var loader = kestrel.Configure(_kestrel, reloadOnChange: false);
        foreach (var (name, file) in _ofEndpoints)
        {
            loader.Endpoint(name, endpoint =>
            {
                if (endpoint.IsHttps)
                    Present(endpoint.HttpsOptions, file, overQuic: endpoint.ListenOptions.Protocols.HasFlag(HttpProtocols.Http3));
            });
        }
    }

    /// <summary>
    /// For HTTP/3, Kestrel does not support <c>OnAuthenticate</c>, only a selector. With a selector, only issuers in the machine's store are sent.
    /// </summary>
    private static void Present(HttpsConnectionAdapterOptions https, CertificateFile file, bool overQuic = false)
    {
        if (overQuic)
        {
            https.ServerCertificateSelector = (_, _) => file.Current.TargetCertificate;
            return;
        }

        https.OnAuthenticate = (_, options) =>
        {
            options.ServerCertificate = null;
            options.ServerCertificateContext = file.Current;
        };
    }

    /// <summary>Null for a certificate that is not in a file.</summary>
    private CertificateFile? Of(IConfigurationSection section) => section["Path"] is { Length: > 0 } path
        ? new CertificateFile(section.Path, Path.Combine(_root, path), section["KeyPath"] is { Length: > 0 } key ? Path.Combine(_root, key) : null, section["Password"])
        : null;
}
