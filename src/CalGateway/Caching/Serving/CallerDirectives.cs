using System.Globalization;
using CalGateway.Journey.Callers;

namespace CalGateway.Caching.Serving;

/// <summary>The directives in a caller's <c>Cache-Control</c> (RFC 9111, section 5.2.1).</summary>
/// <param name="NoStore">Neither serve a stored answer, nor store the new one.</param>
/// <param name="OnlyIfCached">Serve a stored answer, and do not ask Cal.com.</param>
/// <param name="MaxAge">How old an answer may be; zero for <c>no-cache</c>; null for any age.</param>
internal readonly record struct CallerDirectives(bool NoStore, bool OnlyIfCached, TimeSpan? MaxAge)
{
    /// <summary>
    /// The directives of anonymous callers are ignored, because they must not decide how often Cal.com is asked. Those of known callers, and of callers on this
    /// machine, are followed.
    /// </summary>
    public static CallerDirectives Of(HttpRequest request, Caller caller)
    {
        var headers = request.Headers;
        if (headers.CacheControl.Count == 0 && headers.Pragma.Count == 0)
            return default;

        return caller.Kind == CallerKind.Anonymous ? default : Read(headers);
    }

    private static CallerDirectives Read(IHeaderDictionary headers)
    {
        var asked = default(CallerDirectives);
        if (headers.CacheControl.Count == 0)
            return headers.Pragma.ToString().Contains("no-cache", StringComparison.OrdinalIgnoreCase) ? asked with { MaxAge = TimeSpan.Zero } : asked;

        foreach (var line in headers.CacheControl)
        {
            var text = line.AsSpan();
            foreach (var range in text.Split(','))
                asked = asked.With(text[range].Trim());
        }

        return asked;
    }

    private CallerDirectives With(ReadOnlySpan<char> directive)
    {
        const string maxAge = "max-age=";
        if (directive.Equals("no-store", StringComparison.OrdinalIgnoreCase))
            return this with { NoStore = true };
        if (directive.Equals("only-if-cached", StringComparison.OrdinalIgnoreCase))
            return this with { OnlyIfCached = true };
        if (directive.Equals("no-cache", StringComparison.OrdinalIgnoreCase))
            return this with { MaxAge = TimeSpan.Zero };
        if (directive.StartsWith(maxAge, StringComparison.OrdinalIgnoreCase)
            && int.TryParse(directive[maxAge.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && (MaxAge is null || MaxAge.Value.TotalSeconds > seconds))
        {
            return this with { MaxAge = TimeSpan.FromSeconds(seconds) };
        }

        return this;
    }
}
