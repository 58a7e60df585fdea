using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace CalGateway.Doctor.Checks;

/// <summary>Explains why a server's certificate is not trusted, and what to do about it.</summary>
internal static class CertificateVerdict
{
    /// <summary>Null where it is trusted.</summary>
    public static CheckResult? Of(SslPolicyErrors errors, X509Certificate2? certificate, string host, DateTimeOffset now)
    {
        if (errors == SslPolicyErrors.None)
            return null;
        if (certificate is null)
            return CheckResult.Bad($"{host} shows no certificate.", "Check that the address and its port speak TLS.");
        if (certificate.NotAfter < now)
            return CheckResult.Bad($"The certificate of {host} expired on {certificate.NotAfter:yyyy-MM-dd}.", "Have it renewed; if others can reach the host, check this machine's clock.");
        if (certificate.NotBefore > now)
            return CheckResult.Bad($"The certificate of {host} is valid only from {certificate.NotBefore:yyyy-MM-dd}.", "Check this machine's clock.");

        return errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? CheckResult.Bad(
                $"The certificate that answers for {host} is another host's.",
                "Check the address; a captive portal or a proxy that looks into TLS answers like that too.")
            : CheckResult.Bad(
                $"The certificate of {host} comes from nobody whom this machine trusts (self-signed, or of a private authority).",
                "Add the authority to this machine's trusted ones, or set SSL_CERT_FILE to a file that holds it; a proxy that looks into TLS answers like that too.");
    }
}
