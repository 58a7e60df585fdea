using System.Text.Json;
using CalGateway.Sandbox.Faulting;
using CalGateway.Sandbox.Routing;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Control;

/// <summary>
/// <c>/_sandbox/requests</c> (GET, DELETE) and <c>/_sandbox/faults</c> (GET, POST, DELETE), for callers that ask the sandbox directly. A request with a
/// key or a version came through a gateway and is treated as one to Cal.com, which has no such path.
/// </summary>
internal sealed class ControlSurface(RequestLog requests, Faults faults)
{
    private const string RequestsPath = "/_sandbox/requests";
    private const string FaultsPath = "/_sandbox/faults";

    public static bool IsFor(CalComRequest request, HttpContext context) =>
        request.IsServed
        && request.Path is RequestsPath or FaultsPath
        && context.Request.Headers.Authorization.Count == 0
        && context.Request.Headers[VersionHeader.Name].Count == 0;

    public Task AnswerAsync(CalComRequest request, HttpContext context)
    {
        switch (request.Method, request.Path)
        {
            case ("GET", RequestsPath):
                return Write(context, 200, JsonSerializer.SerializeToUtf8Bytes(requests.All.Select(LoggedRequest.Of), JsonSerializerOptions.Web));
            case ("GET", FaultsPath):
                return Write(context, 200, FaultJson.Write(faults.All));
            case ("POST", FaultsPath):
                return Add(request, context);
            case ("DELETE", RequestsPath):
                requests.Clear();
                return Write(context, 204, []);
            case ("DELETE", FaultsPath):
                faults.Clear();
                return Write(context, 204, []);
            default:
                return Problem(context, 405, $"{request.Path} does not take {request.Method}.");
        }
    }

    private Task Add(CalComRequest request, HttpContext context)
    {
        var (fault, problem) = FaultJson.Read(request.Body);
        if (fault is null)
            return Problem(context, 400, problem!);

        faults.Add(fault);
        return Write(context, 201, FaultJson.Write([fault]));
    }

    private static Task Problem(HttpContext context, int status, string message) =>
        Write(context, status, JsonSerializer.SerializeToUtf8Bytes(new { error = message }, JsonSerializerOptions.Web));

    private static async Task Write(HttpContext context, int status, byte[] json)
    {
        context.Response.StatusCode = status;
        if (json.Length == 0)
            return;

        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }
}
