using CalGateway.Configuration;
using CalGateway.Management.Listeners;

namespace CalGateway.Management;

/// <summary><c>CalGateway:Management</c>.</summary>
internal sealed class ManagementOptions
{
    /// <summary>
    /// Where operators find status and configuration. Scheme (http: there is no certificate for it), host and port; the default is <c>http://localhost:5081</c>, and empty switches it off.
    /// Read at start: a change wants a restart.
    /// </summary>
    public string Url { get; set; } = "http://localhost:5081";

    /// <summary>
    /// The path of a file that holds the token which operators show (<c>Authorization: Bearer</c>) where other machines can reach <see cref="Url"/>: there
    /// nothing but health answers without it. Read again when it changes. Empty, the default, for none.
    /// </summary>
    public string Token { get; set; } = "";

    public IEnumerable<Finding> Validate() => ListenerRules.Readable(Url, "Management:Url", "http://localhost:5081");
}
