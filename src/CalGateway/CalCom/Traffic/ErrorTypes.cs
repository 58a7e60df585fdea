using System.Text.Json;
using Yarp.ReverseProxy.Forwarder;

namespace CalGateway.CalCom.Traffic;

/// <summary>The values of <c>error.type</c> for requests without an answer. Where .NET's own <c>http.client</c> metrics have a value, it is the same.</summary>
internal static class ErrorTypes
{
    public const string Cancelled = "cancelled";

    public const string Timeout = "timeout";

    public static string Of(ForwarderError error, Exception? failure) => error switch
    {
        ForwarderError.RequestTimedOut => Timeout,
        ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.RequestBodyClient => Cancelled,
        _ => Of(failure),
    };

    public static string Of(Exception? failure) => failure switch
    {
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown and var error } => JsonNamingPolicy.SnakeCaseLower.ConvertName(error.ToString()),
        OperationCanceledException => Timeout,
        _ => "connection_broken",
    };

    /// <summary>Whether there was no connection, so that the request was certainly not sent.</summary>
    public static bool HadNoConnection(Exception? failure) => failure switch
    {
        OperationCanceledException { InnerException: TimeoutException } => true, // HttpClient's own ConnectTimeout
        HttpRequestException thrown => thrown.HttpRequestError is
            HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError,
        _ => false,
    };
}
