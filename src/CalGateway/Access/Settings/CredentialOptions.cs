namespace CalGateway.Access.Settings;

/// <summary><c>CalGateway:Access:Credentials:&lt;name&gt;</c>: where the key of another Cal.com account is. Exactly one of the two must be set.</summary>
internal sealed class CredentialOptions
{
    /// <summary>The environment variable that holds it, such as <c>CALCOM_API_KEY_ACME</c>.</summary>
    public string? Variable { get; set; }

    /// <summary>The file that holds it, re-read when it changes.</summary>
    public string? File { get; set; }
}
