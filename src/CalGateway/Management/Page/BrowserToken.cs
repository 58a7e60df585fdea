using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Management.Page;

/// <summary>
/// A token against cross-site request forgery: browsers must send it with every request that changes something. Only the status page knows it, because pages
/// of other origins cannot read <c>/events</c>, which sends it. It is new for each process; a page that is still open after a restart receives the new one.
/// Programs need no token: they send none of the headers by which browsers are recognised.
/// </summary>
internal sealed class BrowserToken
{
    public const string Header = "CalGateway-Token";

    private const int Bytes = 32;

    private static readonly string[] BrowserHeaders = [HeaderNames.Origin, HeaderNames.Referer, "Sec-Fetch-Site", "Sec-Fetch-Mode"];

    public string Value { get; } = RandomNumberGenerator.GetHexString(2 * Bytes, lowercase: true);

    /// <summary>Null where the request is allowed.</summary>
    public IResult? Refusal(HttpRequest request) => IsAllowed(request)
        ? null
        : TypedResults.Text($"A web page must send the header {Header} with the token of this process; the status page does.\n", statusCode: StatusCodes.Status403Forbidden);

    private bool IsAllowed(HttpRequest request) =>
        !Array.Exists(BrowserHeaders, request.Headers.ContainsKey)
        || CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(request.Headers[Header].ToString()), Encoding.UTF8.GetBytes(Value));
}
