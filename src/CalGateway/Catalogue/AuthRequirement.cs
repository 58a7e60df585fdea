namespace CalGateway.Catalogue;

/// <summary>Which credential Cal.com requires for an operation.</summary>
internal enum AuthRequirement
{
    None,

    /// <summary>Answers everybody, but gives the owner a different answer.</summary>
    Optional,

    /// <summary>A key or an access token.</summary>
    Required,

    /// <summary>A browser session; a key is not accepted.</summary>
    Session,

    /// <summary>A signature over the body; a key is not accepted.</summary>
    Signature,
}
