using System.Net;
using CalGateway.CalCom.Headers;
using CalGateway.CalCom.Quota;
using CalGateway.Catalogue;
using CalGateway.Configuration.Settings;
using CalGateway.Diagnosis.Bodies;
using CalGateway.Diagnosis.Confirmation;
using CalGateway.Diagnosis.NotFound;
using CalGateway.Diagnosis.V1;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using CalGateway.Problems;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.Diagnosis;

/// <summary>
/// Examines error answers whose status alone would mislead the caller: a 404 because of a wrong version, or a 401 about the gateway's credential and not the
/// caller's. All other answers pass unread.
/// </summary>
internal sealed partial class DiagnosisTransform(
    NotFoundTriage triage, RouteMissMemory misses, LiveConfirmation confirmation, QuotaLimiter quotas, Credential credential, SettingsFile file, TimeProvider clock,
    ILogger<DiagnosisTransform> logger) : ResponseTransform
{
    /// <summary>Cal.com's own status for an OAuth token that has expired.</summary>
    private const HttpStatusCode TokenExpired = (HttpStatusCode)498;

    public override ValueTask ApplyAsync(ResponseTransformContext context) => context.ProxyResponse?.StatusCode switch
    {
        HttpStatusCode.NotFound when NotFoundModeOf(context) != CalNotFound.None => NotFoundAsync(context),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or TokenExpired => RejectedAsync(context),
        HttpStatusCode.TooManyRequests when quotas.IsEnabled && QuotaReset.IsOfAccount(context.ProxyResponse) => ExhaustedAsync(context),
        HttpStatusCode.Gone when ApiV1Calls.Owns(UpstreamPath.Of(context)) => GoneAsync(context),
        _ => ValueTask.CompletedTask,
    };

    private static CalNotFound NotFoundModeOf(ResponseTransformContext context) =>
        GatewayCall.Of(context.HttpContext).Plan?.Part<DiagnosisPlan>()?.NotFound ?? CalNotFound.All;

    private async ValueTask NotFoundAsync(ResponseTransformContext context)
    {
        var (body, error) = await ReadAsync(context);
        if (error is null && body.IsBroken)
        {
            await BrokenAsync(context);
            return;
        }

        var call = GatewayCall.Of(context.HttpContext);
        var path = UpstreamPath.Of(context);
        var operation = ApiV1Calls.Owns(path) ? null : call.Operation;
        var asked = new NotFoundCase(
            context.HttpContext.Request.Method, path, operation, call.SentApiVersion, call.Plan?.RouteId, file.Name);
        var problem = IsHeadOfCalCom(context) ? triage.DiagnoseHead(asked) : triage.Diagnose(asked, error);

        var isRouteMiss = problem.Code == ProblemTypes.ApiVersionMismatch.Code || problem.Code == ProblemTypes.UnknownEndpoint.Code;
        if (NotFoundModeOf(context) == CalNotFound.RouteMiss && !isRouteMiss && !body.IsBroken)
        {
            body.PutBack(context.ProxyResponse!);
            return;
        }

        problem = problem with { Upstream = UpstreamOf(context, body, error) };
        if (isRouteMiss)
        {
            misses.Add(context.HttpContext, problem);
            EnqueueConfirmation(context, problem);
            Log.RouteMiss(logger, problem.Code, call.Plan?.RouteId, problem.Detail, call.TraceId);
        }

        await ReplaceAsync(context, confirmation.AddConfirmed(call.Plan, problem));
    }

    private void EnqueueConfirmation(ResponseTransformContext context, GatewayProblem problem)
    {
        var call = GatewayCall.Of(context.HttpContext);
        if (problem.Code != ProblemTypes.ApiVersionMismatch.Code || call.Plan is not { } plan || call.IsSignedByCaller)
            return; // the gateway sends nothing of its own with a caller's token

        var address = context.ProxyResponse!.RequestMessage!.RequestUri!;
        confirmation.Enqueue(plan, problem, call.Sent!.Value.Destination, address, call.Signature, context.HttpContext.GetReverseProxyFeature().Cluster.HttpClient);
    }

    /// <summary>Cal.com's 429 for a used-up key, which becomes the same problem as when the gateway itself refuses a request for lack of quota.</summary>
    private async ValueTask ExhaustedAsync(ResponseTransformContext context)
    {
        var (body, error) = await ReadAsync(context);
        var wait = GatewayCall.Of(context.HttpContext).UpstreamRetryAfter ?? RetryAfter.DefaultFor(StatusCodes.Status429TooManyRequests);
        var problem = GatewayProblem.Of(
            ProblemTypes.QuotaExhausted, "Cal.com answered 429: the key has made more requests than it allows in the time that runs.", "Ask again after Retry-After.");
        await ReplaceAsync(context, problem with { RetryAfter = wait, Upstream = UpstreamOf(context, body, error) });
    }

    private async ValueTask GoneAsync(ResponseTransformContext context)
    {
        var (body, error) = await ReadAsync(context);
        var problem = ApiV1Gone.ProblemFor(context.HttpContext.Request.Method, UpstreamPath.Of(context));
        await ReplaceAsync(context, problem with { Upstream = UpstreamOf(context, body, error) });
    }

    private async ValueTask RejectedAsync(ResponseTransformContext context)
    {
        var (body, error) = await ReadAsync(context);
        var status = (int)context.ProxyResponse!.StatusCode;
        var call = GatewayCall.Of(context.HttpContext);
        if (call is not { IsSignedByCaller: false, Signature: { } signature })
        {
            await (error is null && body.IsBroken ? BrokenAsync(context) : RefuseAsync(context, body, error, status));
            return;
        }

        // A 403 can also be about somebody else's resource. Then it concerns the caller.
        if (status == StatusCodes.Status403Forbidden && !CredentialVerdict.IsAboutUs(error, TextOf(body, context), signature))
        {
            if (body.IsBroken)
                await BrokenAsync(context);
            else
                body.PutBack(context.ProxyResponse);
            return;
        }

        var (whose, where) = ReferenceEquals(call.Caller!.Credential, credential)
            ? ("the gateway's own credential", "CALCOM_API_KEY or CALCOM_API_KEY_FILE")
            : ("the credential of the caller's account", "the variable or file that CalGateway:Access:Credentials names for the caller's account");
        Log.CredentialRejected(logger, status, signature.Fingerprint, error?.Message, call.TraceId);
        var problem = GatewayProblem.Of(
            ProblemTypes.CredentialRejected, $"Cal.com answered {status} to {whose}.", $"Give the gateway a valid key in {where}; a key file is read again within two seconds.");
        await ReplaceAsync(context, problem with { Upstream = UpstreamOf(context, body, error) });
    }

    /// <summary>Passes on, with its message, Cal.com's refusal of a request that the gateway's key did not sign.</summary>
    private Task RefuseAsync(ResponseTransformContext context, PeekedBody body, UpstreamError? error, int status)
    {
        var call = GatewayCall.Of(context.HttpContext);
        var said = error ?? UpstreamError.ParseLoosely(TextOf(body, context), call.KeyToRedact);
        var problem = call is { IsSignedByCaller: true, Signature: { } token }
            ? CallersRefusal.OfToken(status, said?.Message, EndsToken(context, body, error, token))
            : CallersRefusal.OfUnsigned(call, status, said?.Message, file.Name);
        return ReplaceAsync(context, problem with { Upstream = UpstreamOf(context, body, said) });
    }

    /// <summary>Whether Cal.com itself refuses the token, and not only this request.</summary>
    private static bool EndsToken(ResponseTransformContext context, PeekedBody body, UpstreamError? error, Signature token) =>
        (error is not null || IsHeadOfCalCom(context))
        && (context.ProxyResponse!.StatusCode != HttpStatusCode.Forbidden || CredentialVerdict.IsAboutUs(error, TextOf(body, context), token));

    private static ReadOnlyMemory<byte> TextOf(PeekedBody body, ResponseTransformContext context) =>
        body.Unpacked(context.ProxyResponse!.Content.Headers.ContentEncoding);

    private static bool IsHeadOfCalCom(ResponseTransformContext context) =>
        HttpMethods.IsHead(context.HttpContext.Request.Method)
        && context.ProxyResponse!.Content.Headers.ContentType?.MediaType == "application/json";

    private async Task<(PeekedBody Body, UpstreamError? Error)> ReadAsync(ResponseTransformContext context)
    {
        var body = await PeekedBody.ReadAsync(context.ProxyResponse!, clock, context.CancellationToken);
        return (body, UpstreamError.Parse(TextOf(body, context), GatewayCall.Of(context.HttpContext).KeyToRedact));
    }

    /// <summary>The body broke off or did not come in time, so Cal.com's reason is unknown.</summary>
    private static Task BrokenAsync(ResponseTransformContext context)
    {
        var status = (int)context.ProxyResponse!.StatusCode;
        var problem = GatewayProblem.Of(
            ProblemTypes.UpstreamInvalid, $"Cal.com answered {status}, but the answer broke off before it said why.", "Ask again.");
        return ReplaceAsync(context, problem with { Upstream = UpstreamOf(context, body: null, error: null) });
    }

    private static Task ReplaceAsync(ResponseTransformContext context, GatewayProblem problem)
    {
        context.SuppressResponseBody = true;
        return problem.WriteToAsync(context.HttpContext);
    }

    private static UpstreamAnswer UpstreamOf(ResponseTransformContext context, PeekedBody? body, UpstreamError? error) => new()
    {
        Status = (int)context.ProxyResponse!.StatusCode,
        Method = context.HttpContext.Request.Method,
        Path = UpstreamPath.Of(context),
        Code = error?.Code,
        Message = error?.Message,
        RequestId = GatewayCall.Of(context.HttpContext).UpstreamRequestId,
        Timestamp = error?.Timestamp,
        IsCalComs = body is { IsBroken: false } && UpstreamError.IsIn(TextOf(body, context)),
    };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Code} on route {Route}: {Detail} trace={TraceId}")]
        public static partial void RouteMiss(ILogger logger, string code, string? route, string detail, string traceId);

        [LoggerMessage(LogLevel.Error, "Cal.com rejects the gateway's credential, fingerprint {Fingerprint}, with {Status}: {Message} trace={TraceId}")]
        public static partial void CredentialRejected(ILogger logger, int status, string fingerprint, string? message, string traceId);
    }
}
