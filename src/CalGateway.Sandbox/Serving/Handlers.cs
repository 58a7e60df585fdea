using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Operations;
using CalGateway.Sandbox.Operations.BookingApi;
using CalGateway.Sandbox.Operations.EventTypeApi;
using CalGateway.Sandbox.Operations.SlotApi;
using CalGateway.Sandbox.Routing;

namespace CalGateway.Sandbox.Serving;

/// <summary>Which operations have real handlers; the rest of the table answers minimally.</summary>
internal static class Handlers
{
    public static OperationTable Bind(OperationTable table, Account account)
    {
        table.Handle("GET", "/health", ApiVersions.All, _ => Answer.Text("OK"));
        new EventTypes(account).Bind(table);
        new LegacyEventTypes(account).Bind(table);
        new AtomsEventTypes(account).Bind(table);
        new PrivateLinks(account).Bind(table);
        new Teams(account).Bind(table);
        new Bookings(account).Bind(table);
        new LegacyBookings(account).Bind(table);
        new Schedules(account).Bind(table);
        new Slots(account).Bind(table);
        new LegacySlots(account).Bind(table);
        new SlotReservations(account).Bind(table);
        EmailVerification.Bind(table);
        Calendars.Bind(table);
        Timezones.Bind(table);
        new Me(account).Bind(table);
        new ApiKeys(account).Bind(table);
        new Webhooks(account).Bind(table);
        new VerifiedEmails(account).Bind(table);
        return table;
    }
}
