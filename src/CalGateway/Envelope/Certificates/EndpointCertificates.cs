using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace CalGateway.Envelope.Certificates;

/// <summary>The certificates of one of Kestrel's endpoints.</summary>
/// <param name="Own">The certificate of the endpoint, or the default one; null where it is in no file.</param>
/// <param name="HasNames">The endpoint has other certificates for names that callers ask for (<c>Sni</c>).</param>
/// <param name="Named">Those of these that are in files.</param>
internal sealed record EndpointCertificates(CertificateFile? Own, bool HasNames, IReadOnlyList<CertificateFile> Named)
{
    public IEnumerable<CertificateFile> Files => Own is null ? Named : Named.Append(Own);

    public void Present(HttpsConnectionAdapterOptions https, bool overQuic)
    {
        https.OnAuthenticate = null; // that of the default certificate
        if (HasNames)
            PresentNamed(https);
        else
            Own?.Present(https, overQuic);
    }

    /// <summary>Kestrel chooses by the name, among the certificates as it has read them at the start; the file's present one takes the place of its choice.</summary>
    private void PresentNamed(HttpsConnectionAdapterOptions https)
    {
        List<CertificateFile> files = [.. Files];
        https.OnAuthenticate = (_, options) => files.Find(file => file.HasHeld(options.ServerCertificate))?.Present(options);
    }
}
