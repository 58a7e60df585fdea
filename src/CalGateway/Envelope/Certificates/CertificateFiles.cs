using CalGateway.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CalGateway.Envelope.Certificates;

/// <summary>The certificates that <c>Kestrel:Endpoints:…:Certificate</c> and <c>Kestrel:Certificates:Default</c> load from files, and those of <c>Sni</c>.</summary>
internal sealed class CertificateFiles
{
    private readonly IConfigurationSection _kestrel;
    private readonly string _root;
    private readonly CertificateFile? _default;
    private readonly Dictionary<string, EndpointCertificates> _ofEndpoints = [];

    private CertificateFiles(IConfigurationSection kestrel, string root)
    {
        _kestrel = kestrel;
        _root = root;
        _default = Of(kestrel.GetSection("Certificates:Default"));
        foreach (var endpoint in kestrel.GetSection("Endpoints").GetChildren())
            _ofEndpoints[endpoint.Key] = OfEndpoint(endpoint);
    }

    public IEnumerable<CertificateFile> All => _ofEndpoints.Values.SelectMany(endpoint => endpoint.Files).Append(_default).OfType<CertificateFile>().Distinct();

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
            kestrel.ConfigureHttpsDefaults(https => _default.Present(https, overQuic: _kestrel["EndpointDefaults:Protocols"]?.Contains("Http3", StringComparison.OrdinalIgnoreCase) == true));

        var loader = kestrel.Configure(_kestrel, reloadOnChange: false);
        foreach (var (name, certificates) in _ofEndpoints)
        {
            loader.Endpoint(name, endpoint =>
            {
                if (endpoint.IsHttps)
                    certificates.Present(endpoint.HttpsOptions, overQuic: endpoint.ListenOptions.Protocols.HasFlag(HttpProtocols.Http3));
            });
        }
    }

    private EndpointCertificates OfEndpoint(IConfigurationSection endpoint)
    {
        var own = endpoint.GetSection("Certificate");
        var names = endpoint.GetSection("Sni").GetChildren().ToList();
        return new EndpointCertificates(
            own.Exists() ? Of(own) : _default, names.Count > 0, [.. names.Select(name => Of(name.GetSection("Certificate"))).OfType<CertificateFile>()]);
    }

    /// <summary>Null for a certificate that is not in a file.</summary>
    private CertificateFile? Of(IConfigurationSection section) => section["Path"] is { Length: > 0 } path
        ? new CertificateFile(section.Path, Path.Combine(_root, path), section["KeyPath"] is { Length: > 0 } key ? Path.Combine(_root, key) : null, section["Password"])
        : null;
}
