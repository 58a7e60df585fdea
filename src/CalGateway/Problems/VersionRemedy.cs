namespace CalGateway.Problems;

/// <summary>
/// What to change where a version is wrong. That depends on the setting from which the caller's version came, and several callers may get the same problem,
/// so the text is made for each of them when the problem is written.
/// </summary>
/// <param name="ToCaller">The remedy where the caller itself asked for the version.</param>
/// <param name="RouteOfItsOwn">The remedy where the version is right for everything else that the setting applies to; null where the setting is to be changed.</param>
internal sealed record VersionRemedy(string File, string Suggested, string ToCaller, string? RouteOfItsOwn = null)
{
    /// <param name="setting">The setting that gives the version.</param>
    public string OnLine(string setting) => RouteOfItsOwn ?? $"In {File} set {setting} to \"{Suggested}\"; it takes effect on save.";
}
