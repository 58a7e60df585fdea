using CalGateway.Catalogue;
using CalGateway.Configuration.Settings;
using CalGateway.Diagnosis;
using CalGateway.Diagnosis.NotFound;
using CalGateway.Journey;
using CalGateway.Problems;
using Yarp.ReverseProxy.Model;

namespace CalGateway.Explain;

/// <summary>What Cal.com will probably answer, according to the catalogue, and why this version is sent.</summary>
internal sealed class ExpectedAnswer(CalComCatalogue catalogue, NotFoundTriage triage, SettingsFile file)
{
    public Explanation AddTo(Explanation explanation, GatewayCall call, RouteModel route, Uri? address, bool asksForAnotherVersion)
    {
        if (address is null)
            return explanation with { Expected = "unknown" };

        var path = UpstreamPath.Below(route.Cluster!.Destinations.Values.First().Model.Config.Address, address);
        if (ApiV1Calls.Owns(path))
            return explanation with { Expected = "unknown", Because = "API v1 has no versions; the hosted Cal.com has switched it off." };
        if (call.Operation is not { } operation)
            return Missing(explanation, call, path, operation: null);

        var sent = explanation.ApiVersion;
        explanation = explanation with { Operation = operation.ToString(), Because = Because(explanation, operation, asksForAnotherVersion) };
        if (operation.VersionsUnknown || sent is null)
            return explanation with { Expected = "unknown" };
        if (operation.AnswersAnyVersion)
            return explanation with { Expected = "answers" };

        var taken = catalogue.Advise(sent).TakenFor;
        return operation.Answers(taken)
            ? explanation with { Expected = operation.LegacyVersions.Contains(taken) ? "older-shape" : "answers" }
            : Missing(explanation, call, path, operation);
    }

    private Explanation Missing(Explanation explanation, GatewayCall call, string path, Operation? operation)
    {
        var missing = new NotFoundCase(explanation.Method, path, operation, explanation.ApiVersion, explanation.Route, file.Name);
        var problem = HttpMethods.IsHead(explanation.Method)
            ? triage.DiagnoseHead(missing)
            : triage.Diagnose(missing, new UpstreamError(null, $"Cannot {explanation.Method} {path}", null));
        return explanation with { Expected = problem.Code, Remedy = call.RemedyFor(problem) };
    }

    private static string Because(Explanation explanation, Operation operation, bool asksForAnotherVersion)
    {
        var known = Because(operation, explanation.ApiVersion);
        return explanation switch
        {
            { CallersVersion: true } => $"It is the caller's own version, which the route lets stand. {known}",
            { ConsumersVersion: { } consumer } when asksForAnotherVersion => $"The caller's own version does not stand, and {consumer} has this one for the route. {known}",
            { ConsumersVersion: { } consumer } => $"{consumer} has this version of its own for the route. {known}",
            _ when asksForAnotherVersion => $"The caller's own version does not stand: Cal.com is not known to answer {operation} at it. {known}",
            _ => known,
        };
    }

    private static string Because(Operation operation, string? sent) => (operation.RecommendedVersion, sent) switch
    {
        (_, null) => "The route pins no version: Cal.com assumes its oldest.",
        (null, _) when operation.VersionsUnknown => "The catalogue does not know its versions.",
        (null, _) => "Any version will do.",
        (var wanted, _) when wanted == sent => "It is the version to ask for.",
        var (wanted, _) => $"The version to ask for is {wanted}; it is answered at {Sentence.List(operation.Versions)}.",
    };
}
