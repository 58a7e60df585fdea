using CalGateway.Catalogue;
using CalGateway.Problems;

namespace CalGateway.Diagnosis.NotFound;

/// <summary>A request that Cal.com answered with 404.</summary>
/// <param name="Path">Cal.com's own path, such as /v2/event-types, without the query and without the path of the base URL.</param>
/// <param name="SentVersion">Null where the route has no pin.</param>
/// <param name="Route">The route's id in the file.</param>
/// <param name="File">The name of the settings file that an operator would edit.</param>
/// <param name="Operation">The operation in the catalogue; null where it is unknown.</param>
internal sealed record NotFoundCase(string Method, string Path, Operation? Operation, string? SentVersion, string? Route, string File);

/// <summary>Finds out which of four kinds a 404 is: a wrong version, an unknown endpoint, a missing resource, or an answer that is not Cal.com's.</summary>
internal sealed class NotFoundTriage(CalComCatalogue catalogue)
{
    private static readonly string[] VersionPrefixes = ["/v2", "/v1"];

    private static readonly string[] DoubledPrefixes = ["/v2/v2/", "/calcom/v2/", "/v2/calcom/v2/"];

    /// <param name="error">The error in the body; null where the body is not Cal.com's.</param>
    public GatewayProblem Diagnose(NotFoundCase asked, UpstreamError? error)
    {
        if (error is null)
        {
            return GatewayProblem.Of(
                ProblemTypes.UnrecognisedNotFound,
                $"{asked.Method} {asked.Path} was answered 404 with a body that is not in the form of Cal.com's API.",
                "Check that CALCOM_BASE_URL, or the destination of the cluster \"calcom\", names Cal.com's API: https://api.cal.com for the hosted one.");
        }

        if (!error.IsRouteMiss(asked.Method))
        {
            return GatewayProblem.Of(
                ProblemTypes.ResourceNotFound,
                $"{asked.Method} {asked.Path} was understood, but Cal.com says: {error.Message}",
                "Check the id or name in the path, and that it belongs to the account of the gateway's credential.");
        }

        if (PrefixInBaseUrl(asked, error) is { } end)
        {
            return GatewayProblem.Of(
                ProblemTypes.UnknownEndpoint,
                $"Cal.com was asked for {end}{asked.Path}: the address of Cal.com ends with {end}, which callers' paths begin with as well.",
                $"Take {end} off CALCOM_BASE_URL or, where that is not set, off the Address of the cluster \"calcom\" in {asked.File}.") with
            {
                SentVersion = asked.SentVersion,
            };
        }

        return asked.Operation is { } operation ? KnownOperation(asked, operation) : UnknownEndpoint(asked);
    }

    /// <summary>For a HEAD, whose 404 has no body: where the catalogue has the operation at this version, the resource must be missing.</summary>
    public GatewayProblem DiagnoseHead(NotFoundCase asked)
    {
        if (asked.Operation is not { } operation)
            return UnknownEndpoint(asked);

        return asked.SentVersion is { } sent && !operation.Answers(catalogue.Advise(sent).TakenFor)
            ? KnownOperation(asked, operation)
            : GatewayProblem.Of(ProblemTypes.ResourceNotFound, $"{asked.Method} {asked.Path} was answered 404.", "Ask with GET to learn why.");
    }

    private GatewayProblem KnownOperation(NotFoundCase asked, Operation operation)
    {
        if (asked.SentVersion is not { } sent || operation.Versions.Count == 0)
        {
            return GatewayProblem.Of(
                ProblemTypes.UnknownEndpoint,
                $"{operation} is known to CalGateway, but this Cal.com has no such route at any version.",
                "It may be older than CalGateway's catalogue, or its address may lack a part of the path: check CALCOM_BASE_URL.");
        }

        var versions = Sentence.List(operation.Versions);
        var known = operation.Answers(sent)
            ? $"{operation} is known to exist at cal-api-version {versions}, but this Cal.com has no such route at {sent}."
            : $"{asked.Method} {asked.Path} exists at cal-api-version {versions}, but was asked at {sent}.";

        var suggested = operation.Versions.FirstOrDefault(version => version == operation.RecommendedVersion && version != sent)
            ?? operation.Versions.FirstOrDefault(version => version != sent);
        return GatewayProblem.Of(ProblemTypes.ApiVersionMismatch, known) with
        {
            Version = Remedy(asked, operation, suggested),
            SentVersion = sent,
            SupportedVersions = operation.Versions,
            SuggestedVersion = suggested,
        };
    }

    private GatewayProblem UnknownEndpoint(NotFoundCase asked)
    {
        if (WithoutDoubledPrefix(asked) is { } meant)
        {
            return GatewayProblem.Of(
                ProblemTypes.UnknownEndpoint,
                $"Cal.com has no {asked.Method} {asked.Path}: the path says twice where the API is. Without that it is {meant}.",
                "The client's base URL ends with what its paths begin with, such as /v2. Leave it out of the base URL.") with
            {
                SentVersion = asked.SentVersion,
                DidYouMean = [meant.ToString()],
            };
        }

        var near = catalogue.FindNearMatches(asked.Method, asked.Path);
        var others = catalogue.FindPath(asked.Path).Select(operation => operation.Method).ToList();
        var (detail, remedy) = (near.MissingV2Prefix, others.Count) switch
        {
            (true, _) => ($"Cal.com has no {asked.Method} {asked.Path}: its paths begin with /v2.", $"Ask for /calcom/v2{asked.Path}."),
            (_, > 0) => ($"Cal.com has {asked.Path}, but not for {asked.Method}.", $"Use {Sentence.List(others)}."),
            _ => ($"Cal.com has no {asked.Method} {asked.Path} at any version that is known.",
                near.Suggestions is [var first, ..] ? $"Did you mean {first}?" : "Check the path against Cal.com's API reference."),
        };

        return GatewayProblem.Of(ProblemTypes.UnknownEndpoint, detail, remedy) with
        {
            SentVersion = asked.SentVersion,
            DidYouMean = near.Suggestions is [] ? null : near.Suggestions,
        };
    }

    /// <summary>
    /// The operation that was meant by a client whose base URL ends with the prefix of its paths, so that it asks for /v2/v2/event-types or
    /// /v2/calcom/v2/event-types. Null where no prefix is doubled.
    /// </summary>
    private Operation? WithoutDoubledPrefix(NotFoundCase asked)
    {
        var path = asked.Path;
        var doubled = DoubledPrefixes.FirstOrDefault(prefix => path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
        return doubled is null ? null : catalogue.Find(asked.Method, string.Concat("/v2/", path.AsSpan(doubled.Length)));
    }

    /// <summary>
    /// The version prefix that both CALCOM_BASE_URL and the path have, found in Cal.com's message, which quotes the whole path. Null where there is none.
    /// </summary>
    private static string? PrefixInBaseUrl(NotFoundCase asked, UpstreamError error) =>
        VersionPrefixes.FirstOrDefault(version => error.Message.Contains(version + asked.Path, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// How to fix a version mismatch. Where the sent version is right for the rest of the operation's family, a changed pin would break those, so the remedy
    /// is a separate route for this operation.
    /// </summary>
    private VersionRemedy? Remedy(NotFoundCase asked, Operation operation, string? suggested)
    {
        if (suggested is null || asked.Route is null)
            return null;

        var rightForOthers = catalogue.Operations.Any(other => other.Family == operation.Family && other.RecommendedVersion == asked.SentVersion);
        return new VersionRemedy(
            asked.File,
            suggested,
            $"The caller asked for {asked.SentVersion} itself. Have it send cal-api-version: {suggested}, or leave the header out: the route then sends its pin.",
            rightForOthers
                ? $"{asked.SentVersion} is right for the rest of {operation.Family}. In {asked.File} add a route of its own for {operation.Template}, a copy of " +
                  $"ReverseProxy:Routes:{asked.Route} with that path and CalApiVersion \"{suggested}\"; it takes effect on save."
                : null);
    }
}
