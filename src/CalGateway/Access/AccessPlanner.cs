using System.Runtime.InteropServices;
using CalGateway.Access.Browsers;
using CalGateway.Access.Callers;
using CalGateway.Access.Operations;
using CalGateway.Access.Settings;
using CalGateway.CalCom.Credentials;
using CalGateway.Catalogue;
using CalGateway.Configuration;
using CalGateway.Journey.Callers;

namespace CalGateway.Access;

/// <summary>Makes the access plan of a revision from validated settings.</summary>
internal static class AccessPlanner
{
    /// <summary>Null where it cannot be made; the findings then say why.</summary>
    public static AccessPlan? Create(RevisionDraft draft, AccessInputs inputs, bool takesCallersTokens)
    {
        var access = draft.Options<AccessOptions>();
        var inForce = draft.InForce?.Get<AccessPlan>();
        var consumers = new Dictionary<string, Caller>(StringComparer.OrdinalIgnoreCase);
        var accounts = new OtherAccounts();
        var limiters = new RateLimiters(access, TimeProvider.System, inForce?.Limiters);
        var keys = new List<CallerKey>();
        var shared = new Dictionary<string, Rights>(StringComparer.Ordinal);
        foreach (var (name, consumer) in access.Consumers)
        {
            if (Account(draft, consumer.Credential, accounts, inputs.Credentials) is not { } account)
                return null;

            var rights = RightsOf(access, consumer, shared);
            var limiter = limiters.OfConsumer(name);
            var versions = ConsumerVersions.IdOf(consumer);
            var caller = CallerOf(name, CallerKind.ApiKey, rights, account, limiter, versions, consumer.Share);
            keys.AddRange(consumer.Keys.Select(key => new CallerKey(KeyHash.Parse(key.Hash)!, key.Expires, caller)));
            consumers[name] = CallerOf(name, CallerKind.Jwt, rights, account, limiter, versions, consumer.Share);
        }

        var own = inputs.Credentials.Own;
        var known = RightsOf(access, new ConsumerOptions(), shared);
        var tokens = Tokens(access, consumers, CallerOf(null, CallerKind.Jwt, known, own), inForce?.Tokens?.Issuer, draft.Findings);
        if (access.Jwt is not null && tokens is null)
            return null;

        var cors = new CorsRules(access.Cors, access.Mode);
        return new AccessPlan
        {
            Mode = access.Mode,
            DefaultCaller = access.Mode == AccessMode.Loopback
                ? CallerOf(null, CallerKind.Loopback, known, own)
                : CallerOf(null, CallerKind.Anonymous, Rights.Anonymous(), own),
            Keys = new KeyRing(keys, inputs.OlderHashes),
            Tokens = tokens,
            TakesCallersTokens = takesCallersTokens,
            RightsOfTokens = known,
            Accounts = accounts,
            Cors = cors,
            Loopback = access.Mode == AccessMode.Loopback ? new LoopbackRules(cors) : null,
            Clients = new ClientAddress(access.Proxies),
            Limiters = limiters,
            MaxBodyBytes = access.MaxBodyBytes,
        };
    }

    private static Caller CallerOf(string? name, CallerKind kind, Rights rights, Credential account, WindowLimiter? limiter = null, string versions = "", double share = 1) =>
        new Caller(name, kind, rights.Id, account, versions) { Share = share }.With(rights).With(limiter);

    /// <summary>Consumers with the same rights share one table: it has an entry for every operation, and there may be a thousand consumers.</summary>
    private static Rights RightsOf(AccessOptions access, ConsumerOptions consumer, Dictionary<string, Rights> shared)
    {
        var names = string.Join('\n', [.. consumer.Operations, "besides", .. consumer.Allow]);
        return CollectionsMarshal.GetValueRefOrAddDefault(shared, names, out _) ??= RightsOf(access, consumer);
    }

    private static Rights RightsOf(AccessOptions access, ConsumerOptions consumer)
    {
        var opened = Named([.. access.Allow, .. consumer.Allow]);
        return Rights.Known(consumer.Operations is [] ? Named([]) : Named([.. consumer.Operations, .. consumer.Allow]), opened, access.AllowUnknown);
    }

    private static HashSet<Operation> Named(IEnumerable<string> names) => [.. names.Select(name => OperationName.Find(name)!)];

    private static Credential? Account(RevisionDraft draft, string? name, OtherAccounts accounts, CredentialBook book)
    {
        if (name is not { Length: > 0 })
            return book.Own;

        var options = draft.Options<AccessOptions>().Credentials[name];
        var source = book.SourceOf(options.Variable, options.File);
        if (StartupException.Try(() => accounts.Add(name, source, book, draft.InForce?.Get<OtherAccounts>()), out var failure) is { } account)
            return account;

        draft.Findings.Add(Finding.Error($"The key of credential \"{name}\" cannot be had: {failure}", $"{AccessOptions.Path}:Credentials:{name}")
            with { IsOfAnotherFile = true });
        return null;
    }

    private static JwtCallers? Tokens(
        AccessOptions access, IReadOnlyDictionary<string, Caller> consumers, Caller others, Issuer? inForce, List<Finding> findings)
    {
        if (access.Jwt is not { } jwt)
            return null;

        try
        {
            return new JwtCallers(Issuers.Of(jwt, inForce), jwt.ConsumerClaim, consumers, others);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            findings.Add(Finding.Error($"The key set in {jwt.KeysFile} cannot be used: {failure.Message}", $"{AccessOptions.Path}:Jwt:KeysFile")
                with { IsOfAnotherFile = true });
            return null;
        }
    }
}
