using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Management.Page;

/// <summary>
/// What a web page must send with whatever changes something, and only our own page can know: it is told over <c>/events</c>, which no
/// foreign page can read. It is this process's, so a page that outlives a restart is told the new one. Programs need none: only
/// browsers can be made to send what their user did not ask for, and they all say that they are one.
/// </summary>
internal sealed class BrowserToken
{
    public const string Header = "CalGateway-Token";

    private const int Bytes = 32;

    private static readonly string[] MarksOfBrowsers = [HeaderNames.Origin, HeaderNames.Referer, "Sec-Fetch-Site", "Sec-Fetch-Mode"];

    public string Value { get; } = RandomNumberGenerator.GetHexString(2 * Bytes, lowercase: true);

    /// <summary>Null where the request is allowed.</summary>
    public IResult? Refusal(HttpRequest request) => IsAllowed(request)
        ? null
        : TypedResults.Text($"A web page must send the header {Header} with the token of this process; the status page does.\n", statusCode: StatusCodes.Status403Forbidden);

    private bool IsAllowed(HttpRequest request) =>
        !Array.Exists(MarksOfBrowsers, request.Headers.ContainsKey)
        || CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(request.Headers[Header].ToString()), Encoding.UTF8.GetBytes(Value));
}
