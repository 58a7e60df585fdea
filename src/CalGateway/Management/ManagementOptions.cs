using CalGateway.Configuration;
using CalGateway.Management.Listeners;

namespace CalGateway.Management;

/// <summary><c>CalGateway:Management</c>.</summary>
internal sealed class ManagementOptions
{
    /// <summary>
    /// The address of the management listener: scheme (only http), host and port. The default is <c>http://localhost:5081</c>; empty switches it off. Read at
    /// start, so a change needs a restart.
    /// </summary>
    public string Url { get; set; } = "http://localhost:5081";

    /// <summary>
    /// The path of a file with a token. Where other machines can reach <see cref="Url"/>, operators must send it (<c>Authorization: Bearer</c>) for
    /// everything but health. Read again when it changes. Empty, the default, for none.
    /// </summary>
    public string Token { get; set; } = "";

    public IEnumerable<Finding> Validate() => ListenerRules.Readable(Url, "Management:Url", "http://localhost:5081");
}
