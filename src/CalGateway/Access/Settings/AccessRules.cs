using System.Net;
using CalGateway.Access.Callers;
using CalGateway.Access.Operations;
using CalGateway.Configuration;

namespace CalGateway.Access.Settings;

/// <summary>The errors in <c>CalGateway:Access</c>, and warnings about settings that are valid but risky.</summary>
internal static class AccessRules
{
    private const int MaxRequests = 1_000_000;
    private const double SmallestShare = 0.01;
    private const double LargestShare = 1000;

    public static IEnumerable<Finding> Examine(AccessOptions access) =>
    [
        .. Identities(access),
        .. access.Allow.SelectMany((text, index) => Operation(text, $"Allow:{index}", opens: true)),
        .. access.Consumers.SelectMany(consumer => Consumer(access, consumer.Key, consumer.Value)),
        .. SharedKeys(access.Consumers),
        .. ManyOlderHashes(access.Consumers),
        .. access.Credentials.SelectMany(credential => Credential(credential.Key, credential.Value)),
        .. access.Jwt is null ? [] : Jwt(access.Jwt),
        .. Cors(access),
        .. Finding.Within("Access:Cors:MaxAge", access.Cors.MaxAge, TimeSpan.Zero, TimeSpan.FromDays(1)),
        .. RateLimit(access.RateLimit, "RateLimit"),
        .. Proxies(access.Proxies),
    ];

    private static IEnumerable<Finding> Identities(AccessOptions access)
    {
        if (access.Mode == AccessMode.ApiKey && !access.Consumers.Values.Any(consumer => consumer.Keys.Length > 0))
        {
            yield return Error("Mode",
                "Access:Mode is ApiKey, and nobody has a key. Make one with \"calgateway hash-key\" and paste what it prints under CalGateway:Access:Consumers.");
        }

        if (access.Mode == AccessMode.Jwt && access.Jwt is null)
            yield return Error("Mode", "Access:Mode is Jwt, and no issuer is trusted. Set CalGateway:Access:Jwt with Authority and Audience, or with KeysFile, Issuer and Audience.");

        if (access.Mode == AccessMode.Anonymous && access.RateLimit is null)
        {
            yield return Warning("Mode",
                "Access:Mode is Anonymous without CalGateway:Access:RateLimit: one caller can use up the Cal.com quota of all. Set { \"Requests\": 60 } or so.");
        }
    }

    private static IEnumerable<Finding> Consumer(AccessOptions access, string name, ConsumerOptions consumer)
    {
        var key = $"Consumers:{name}";
        if (!(consumer.Share is >= SmallestShare and <= LargestShare))
            yield return Error($"{key}:Share", FormattableString.Invariant($"Access:Consumers:{name}:Share must lie between {SmallestShare} and {LargestShare}."));

        for (var index = 0; index < consumer.Keys.Length; index++)
        {
            if (consumer.Keys[index].Expires is { } end && end <= TimeProvider.System.GetUtcNow())
                yield return Warning($"{key}:Keys:{index}:Expires", $"A key of consumer \"{name}\" opens nothing any more: it expired at {end:u}. Take it out, or give out a new one.");

            // The value is never quoted: it may be a key that somebody put here by mistake.
            if (KeyHash.Parse(consumer.Keys[index].Hash) is null)
                yield return Error($"{key}:Keys:{index}:Hash", $"The hash of consumer \"{name}\" is none that \"calgateway hash-key\" makes. Paste the hash that it prints, and never the key.");
        }

        if (consumer.Credential is { Length: > 0 } credential && !access.Credentials.ContainsKey(credential))
            yield return Error($"{key}:Credential", $"Consumer \"{name}\" uses the credential \"{credential}\", which is not under CalGateway:Access:Credentials.");

        foreach (var finding in consumer.Allow.SelectMany((text, index) => Operation(text, $"{key}:Allow:{index}", opens: true)))
            yield return finding;
        foreach (var finding in consumer.Operations.SelectMany((text, index) => Operation(text, $"{key}:Operations:{index}", opens: false)))
            yield return finding;
        foreach (var finding in RateLimit(consumer.RateLimit, $"{key}:RateLimit"))
            yield return finding;
    }

    /// <summary>Reports a key that two consumers share. For hashes of the older form only a copied hash can be recognised.</summary>
    private static IEnumerable<Finding> SharedKeys(IReadOnlyDictionary<string, ConsumerOptions> consumers)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, consumer) in consumers)
        {
            for (var index = 0; index < consumer.Keys.Length; index++)
            {
                var hash = KeyHash.Parse(consumer.Keys[index].Hash)?.ToString();
                if (hash is null || owners.TryAdd(hash, name))
                    continue;

                yield return Error($"Consumers:{name}:Keys:{index}:Hash", owners[hash] == name
                    ? $"Consumer \"{name}\" has the same key twice. Remove one."
                    : $"Consumers \"{owners[hash]}\" and \"{name}\" have the same key, so that nobody could tell which of them calls. " +
                      "Give each its own; \"calgateway hash-key\" makes one.");
            }
        }
    }

    private static IEnumerable<Finding> ManyOlderHashes(IReadOnlyDictionary<string, ConsumerOptions> consumers)
    {
        var older = consumers.Values.Sum(consumer => consumer.Keys.Count(key => KeyHash.Parse(key.Hash) is { Digest: null }));
        if (older > TrialBudget.AlwaysTried)
        {
            yield return Warning("Consumers",
                $"{older} keys have hashes of the older form (hmac-sha256:…), which are tried one by one: while many wrong keys come, a right one that has not come " +
                "since the start may be refused for a moment. \"calgateway hash-key --stdin\" prints the newer hash of a key.");
        }
    }

    private static IEnumerable<Finding> Operation(string text, string key, bool opens)
    {
        if (OperationName.Find(text) is not { } operation)
        {
            yield return Error(key, $"\"{text}\" is no operation of Cal.com's. Write method and path as Cal.com's reference does, such as \"POST /v2/webhooks\".");
        }
        else if (opens && Exposures.WhyClosed(operation) is { } danger)
        {
            yield return Warning(key, $"{operation} is open to callers: {danger}.");
        }
    }

    private static IEnumerable<Finding> Credential(string name, CredentialOptions credential)
    {
        if (credential.Variable is { Length: > 0 } == credential.File is { Length: > 0 })
            yield return Error($"Credentials:{name}", $"Credential \"{name}\" needs either Variable, the name of an environment variable, or File, a path; never the key itself.");
    }

    private static IEnumerable<Finding> Jwt(JwtOptions jwt)
    {
        if (jwt.Authority is { Length: > 0 } == jwt.KeysFile is { Length: > 0 })
            yield return Error("Jwt", "Access:Jwt needs either Authority, the issuer's address, or KeysFile, a file with its key set.");
        if (string.IsNullOrEmpty(jwt.Audience))
            yield return Error("Jwt:Audience", "Access:Jwt:Audience is missing: without it, a token that was made for any other service would open this one.");
        if (jwt.KeysFile is { Length: > 0 } && string.IsNullOrEmpty(jwt.Issuer))
            yield return Error("Jwt:Issuer", "Access:Jwt:Issuer is missing: a key set in a file does not say whose it is.");
        if (jwt.Authority is { Length: > 0 } authority && !IsSafeAuthority(authority))
            yield return Error("Jwt:Authority", $"Access:Jwt:Authority \"{authority}\" must be an https address (http on loopback only): whoever can answer in its place can make tokens.");
    }

    private static bool IsSafeAuthority(string authority) =>
        Uri.TryCreate(authority, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));

    private static IEnumerable<Finding> Cors(AccessOptions access)
    {
        var cors = access.Cors;
        foreach (var (origin, index) in cors.Origins.Select((origin, index) => (origin, index)))
        {
            if (origin != CorsOptions.Any && !IsOrigin(origin))
                yield return Error($"Cors:Origins:{index}", $"\"{origin}\" is no origin. Write scheme, host and, if need be, port as a browser sends them, such as \"https://example.com\"; no path.");
        }

        if (cors.Origins.Contains(CorsOptions.Any) && cors.Credentials)
            yield return Error("Cors:Credentials", "Access:Cors:Origins has \"*\", so Credentials must be false: no browser accepts both. Name the origins.");
        if (cors.Origins.Contains(CorsOptions.Any) && access.Mode == AccessMode.Loopback)
        {
            yield return Error("Cors:Origins",
                "Access:Cors:Origins has \"*\" while Access:Mode is Loopback: any web page in this machine's browser would act as the owner. Name the origins.");
        }

        foreach (var header in cors.Headers ?? [])
        {
            if (header.Length == 0 || !header.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'))
                yield return Error("Cors:Headers", $"\"{header}\" in Access:Cors:Headers is no name of a header.");
        }
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address.GetLeftPart(UriPartial.Authority) == text && address.UserInfo.Length == 0;

    private static IEnumerable<Finding> RateLimit(RateLimitOptions? limit, string key)
    {
        if (limit is null)
            yield break;
        if (limit.Requests is < 1 or > MaxRequests)
            yield return Error($"{key}:Requests", $"Access:{key}:Requests must lie between 1 and {MaxRequests}.");
        foreach (var finding in Finding.Within($"Access:{key}:Window", limit.Window, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)))
            yield return finding;
    }

    private static IEnumerable<Finding> Proxies(string[] proxies)
    {
        foreach (var (proxy, index) in proxies.Select((proxy, index) => (proxy, index)))
        {
            if (!IPAddress.TryParse(proxy, out _) && !IPNetwork.TryParse(proxy, out _))
                yield return Error($"Proxies:{index}", $"\"{proxy}\" in Access:Proxies is neither an address nor a network such as 10.0.0.0/8.");
        }
    }

    private static Finding Error(string key, string message) => Finding.Error(message, $"{AccessOptions.Path}:{key}");

    private static Finding Warning(string key, string message) => Finding.Warning(message, $"{AccessOptions.Path}:{key}");
}
