namespace CalGateway.Problems;

/// <summary>
/// What to change where a version is wrong. Which line that is depends on whose version was sent, and one problem may be told to several callers: it is
/// worked out for each of them when the problem is written.
/// </summary>
/// <param name="File">The name of the file that an operator would edit.</param>
/// <param name="Suggested">The version to write there.</param>
/// <param name="ToCaller">What to tell where the caller asked for the version itself.</param>
/// <param name="RouteOfItsOwn">What to do where the version is right for the rest of what the line is about; null where the line is to be changed.</param>
internal sealed record VersionRemedy(string File, string Suggested, string ToCaller, string? RouteOfItsOwn = null)
{
    /// <param name="setting">The line, as settings are named.</param>
    public string OnLine(string setting) => RouteOfItsOwn ?? $"In {File} set {setting} to \"{Suggested}\"; it takes effect on save.";
}
