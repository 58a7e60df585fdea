using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;

namespace CalGateway.Envelope;

/// <summary>Why a server could not listen, for its operator.</summary>
/// <param name="Reason">Sentences. Kestrel's own name the address; those of the system do not.</param>
/// <param name="IsInUse">Something listens at the address already.</param>
/// <param name="IsOfSystem">The system refused the address for another reason.</param>
internal sealed record ListenFailure(string Reason, bool IsInUse = false, bool IsOfSystem = false)
{
    /// <summary>Kestrel's message tells how to make a certificate for a developer's machine, in several lines.</summary>
    private const string DeveloperCertificates = "dotnet dev-certs";

    private const string WithoutCertificate =
        "There is no certificate for HTTPS. Kestrel__Certificates__Default__Path names the file of one and Kestrel__Certificates__Default__KeyPath that of its key.";

    /// <summary>Whether an address or a certificate is at fault, and not the program.</summary>
    public static bool Is(Exception failure) => failure is IOException or FormatException or SocketException or InvalidOperationException or CryptographicException;

    public static ListenFailure Of(Exception failure) =>
        failure.InnerException is AddressInUseException ? new ListenFailure(failure.Message, IsInUse: true)
        : OfSystem(failure) is { } refused ? new ListenFailure(Describe(refused), IsOfSystem: true)
        : new ListenFailure(failure.Message.Contains(DeveloperCertificates, StringComparison.Ordinal) ? WithoutCertificate : failure.Message);

    private static string Describe(SocketException refused) => refused.SocketErrorCode == SocketError.AccessDenied
        ? "permission denied. A port below 1024 needs a right that this process has not (CAP_NET_BIND_SERVICE)."
        : $"{refused.Message}.";

    /// <summary>Where neither address of localhost can be had, Kestrel's message does not tell why; the failures are inside.</summary>
    private static SocketException? OfSystem(Exception? failure) => failure is null ? null : failure as SocketException ?? OfSystem(failure.InnerException);
}
