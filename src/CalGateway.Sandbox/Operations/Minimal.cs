using System.Text.Json.Nodes;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations;

/// <summary>The answer of operations that have no state here: success, with the ids of the request.</summary>
internal static class Minimal
{
    public static Answer Answer(Call call)
    {
        var data = new JsonObject();
        foreach (var segment in call.Route.Operation.Segments.Where(segment => segment.StartsWith('{')))
        {
            var name = segment[1..^1];
            data[name] = call.RouteNumber(name) is { } number ? number : call.Route[name];
        }

        return Serving.Answer.Success(call.Route.Operation.Method == "POST" ? 201 : 200, data);
    }
}
