using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations.EventTypeApi;

/// <summary>The user's event type that a request names by its id in the path, at every version.</summary>
internal static class RequestedEventType
{
    public static EventType? In(Account account, Call call) => account.OwnEventType(call.RouteNumber("eventTypeId"));

    public static Answer Missing(Call call) => Answer.NotFound($"Event type with id {call.Route["eventTypeId"]} not found");
}
