using CalGateway.Configuration;

namespace CalGateway.Management.Tokens;

/// <summary>Where other machines can reach a listener, every request needs the token, local ones too: a port forwarder makes others look local.</summary>
internal static class TokenGuard
{
    private const string Scheme = "Bearer";

    public static void UseTokenGuard(this IApplicationBuilder app, Revisions revisions) => app.Use((context, next) =>
    {
        var file = revisions.Current.Plan.Part<TokenFile>();
        if (file is not null && Presented(context.Request.Headers) is { } token && file.Holds(token))
            return next(context);

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = Scheme;
        return context.Response.WriteAsync(file is null
            ? $"Other machines can reach this listener, and it answers them only with a token. None is set: {TokenFile.Key} names the file that holds it.\n"
            : $"Show the token that is in the file of {TokenFile.Key}, in the header Authorization: {Scheme}.\n");
    });

    /// <summary>Null where there is no token, or more than one. The query is not read: a token there would end up in logs.</summary>
    private static string? Presented(IHeaderDictionary headers) =>
        headers.Authorization is [{ } value] && value.StartsWith(Scheme + " ", StringComparison.OrdinalIgnoreCase) ? value[(Scheme.Length + 1)..].Trim() : null;
}
