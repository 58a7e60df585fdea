using CalGateway.CalCom.Headers;
using CalGateway.Journey.Routes;

namespace CalGateway.CalCom.Rules;

/// <summary>The request headers that no transform may change, each with the reason and what to do instead. The methods return null for allowed headers.</summary>
internal static class RequestHeaderRules
{
    public static string? WhyNotSet(string name, TransformRules.Scope scope) => name switch
    {
        _ when CallerHeaders.IsOfConnection(name) || Is(name, "Content-Length") => OfConnection(name),
        _ when scope.IsCalCom && CallerHeaders.IsCookie(name) => $"\"{name}\": Cal.com is never sent cookies, and needs none. Remove this transform.",
        _ => Signed(name, scope) ?? Encoding(name, scope),
    };

    public static string? WhyNotRemoved(string name, TransformRules.Scope scope) => Signed(name, scope) ?? Encoding(name, scope);

    public static string? WhyNotLetThrough(string name, TransformRules.Scope scope)
    {
        if (CallerHeaders.IsOfConnection(name))
            return OfConnection(name);
        if (scope.IsCalCom && CallerHeaders.IsCookie(name))
            return $"\"{name}\": Cal.com is never sent a caller's cookies. Leave it out.";
        if (Is(name, "X-Api-Key") || Is(name, "CalGateway-Token"))
            return $"\"{name}\": it tells this gateway who calls, and ends here. Leave it out.";
        if (scope.IsCalCom && CallerHeaders.IsCredential(name))
            return Signed(name, scope) ?? $"\"{name}\": a caller's credential does not travel to Cal.com beside the gateway's. Leave it out.";
        if (scope.IsCalCom && Is(name, "Host"))
            return "\"Host\": write { \"RequestHeaderOriginalHost\": \"true\" } instead.";

        return Signed(name, scope) ?? Encoding(name, scope);
    }

    private static string OfConnection(string name) => $"\"{name}\" belongs to one connection and is never forwarded (RFC 9110, section 7.6.1). Leave it out.";

    private static string? Signed(string name, TransformRules.Scope scope)
    {
        if (scope.Pin is not null && Is(name, ApiVersionPin.Header))
            return $"\"{name}\" is what the route's pin {scope.Pin} sends, and no other transform can change it. Write the version there, and remove this transform.";

        return scope.Signer is not null && (Is(name, "Authorization") || Is(name, "x-cal-secret-key"))
            ? $"\"{name}\": {scope.Signer} signs the route's requests, and no other transform can change that. Remove one of the two; other accounts are CalGateway:Access:Credentials."
            : null;
    }

    private static string? Encoding(string name, TransformRules.Scope scope) => scope.IsCalCom && Is(name, "Accept-Encoding")
        ? "\"Accept-Encoding\": Cal.com is asked for plain answers, which are read, stored once and compressed for each caller by the gateway. Remove this transform."
        : null;

    private static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
}
