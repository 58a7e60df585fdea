using CalGateway.Configuration;

namespace CalGateway.Management;

/// <summary><c>CalGateway:Management</c>.</summary>
internal sealed class ManagementOptions
{
    /// <summary>
    /// Where operators find status and configuration. Scheme (http: there is no certificate for it), host and port; the default is <c>http://localhost:5081</c>, and empty switches it off.
    /// Read at start: a change wants a restart.
    /// </summary>
    public string Url { get; set; } = "http://localhost:5081";

    public IEnumerable<Finding> Validate()
    {
        if (Url.Length > 0 && !(Uri.TryCreate(Url, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp && url.AbsolutePath == "/"))
        {
            yield return Finding.Error(
                $"Management:Url \"{Url}\" is not an address to listen on. Write http, host and port, such as http://localhost:5081, or nothing to switch it off.",
                $"{GatewayOptions.Section}:Management:Url");
        }
    }
}
