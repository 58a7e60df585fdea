using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace CalGateway.Doctor.Checks;

/// <summary>Connects to Cal.com step by step: name, connection, TLS and HTTP version. No request is sent yet.</summary>
internal sealed class ConnectionCheck(TimeProvider clock) : ICheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public string Title => "Connection";

    public async Task<CheckResult> RunAsync(DoctorContext context, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Timeout);
        var upstream = context.Upstream;
        var host = IsPublic(upstream) ? upstream.Host : context.Personal(upstream.Host, "the self-hosted Cal.com");
        var step = "The name";
        try
        {
            var watch = Stopwatch.StartNew();
            var addresses = await Dns.GetHostAddressesAsync(upstream.DnsSafeHost, deadline.Token);
            var seen = $"{host}: name {Lap(watch)}";

            step = "The connection";
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(addresses, upstream.Port, deadline.Token);
            seen += $", connection {Lap(watch)}";

            step = "TLS";
            var result = upstream.Scheme == Uri.UriSchemeHttps
                ? await SecureAsync(socket, upstream.Host, host, seen, watch, deadline.Token)
                : Cleartext(upstream, seen);
            context.IsReached = result.Verdict != CheckVerdict.Bad;
            return result;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return CheckResult.Bad($"{step} of {host} was not to be had within {Timeout.TotalSeconds:0} s.", "Check this machine's network, its firewall and the address.");
        }
        catch (SocketException failure)
        {
            return ResultOf(failure.SocketErrorCode, host, upstream.Port);
        }
    }

    private async Task<CheckResult> SecureAsync(
        Socket socket, string name, string host, string seen, Stopwatch watch, CancellationToken cancellation)
    {
        var errors = SslPolicyErrors.None;
        X509Certificate2? certificate = null;
        using var stream = new SslStream(new NetworkStream(socket));
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = name,
                    ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
                    RemoteCertificateValidationCallback = (_, shown, _, found) =>
                    {
                        errors = found;
                        certificate = shown is null ? null : X509CertificateLoader.LoadCertificate(shown.GetRawCertData());
                        return found == SslPolicyErrors.None; // trusts what the system trusts
                    },
                },
                cancellation);
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException)
        {
            return CertificateVerdict.Of(errors, certificate, host, clock.GetUtcNow())
                ?? CheckResult.Bad($"{host} is reached, but TLS could not be agreed.", "Check that the port speaks TLS; for a Cal.com of your own, https:// may have to be http://.");
        }

        var agreed = stream.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2 ? "HTTP/2" : "HTTP/1.1";
        var tls = stream.SslProtocol == SslProtocols.Tls13 ? "TLS 1.3" : "TLS 1.2";
        return CheckResult.Good($"{seen}, {tls} {Lap(watch)}, {agreed}; its certificate is good until {certificate?.NotAfter:yyyy-MM-dd}.");
    }

    private static CheckResult Cleartext(Uri upstream, string seen) => upstream.IsLoopback
        ? CheckResult.Good($"{seen}, HTTP/1.1 without TLS, on this machine.")
        : CheckResult.Doubtful($"{seen}, HTTP/1.1 without TLS.", "The key crosses the network for everyone to read: use https://.");

    private static CheckResult ResultOf(SocketError error, string host, int port) => error switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery =>
            CheckResult.Bad($"{host} has no address: its name does not resolve.", "Check the name, and this machine's DNS and network."),
        SocketError.ConnectionRefused => CheckResult.Bad($"{host} refuses connections on port {port}.", "Check the port, and that Cal.com runs there."),
        SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.NetworkDown =>
            CheckResult.Bad($"There is no way to {host} from here.", "Check this machine's network."),
        _ => CheckResult.Bad($"{host} cannot be reached on port {port} ({error}).", "Check this machine's network, its firewall and the address."),
    };

    private static bool IsPublic(Uri upstream) => upstream.IsLoopback || upstream.Host is "api.cal.com" or "api.cal.eu";

    private static string Lap(Stopwatch watch)
    {
        var lap = $"{watch.Elapsed.TotalMilliseconds:0} ms";
        watch.Restart();
        return lap;
    }
}
