using System.Text.Json.Nodes;
using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Routing;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations.BookingApi;

/// <summary>The list of bookings: filtered, sorted and in pages, by take and skip, or by cursor at 2026-05-01.</summary>
internal sealed class BookingList(Account account)
{
    public Answer Answer(Call call)
    {
        if (Invalid(call) is { } refusal)
            return refusal;

        var found = Sorted(call, Filtered(call)).ToList();
        return call.Version == ApiVersions.V2026_05_01 ? ByCursor(call, found) : ByOffset(call, found);
    }

    private static Answer? Invalid(Call call)
    {
        var input = new Validation([]);
        if (call.Ask("status")?.Split(',').Any(status => status is not ("upcoming" or "recurring" or "past" or "cancelled" or "unconfirmed")) == true)
            input.Fail("status", ("isEnum", "Invalid status. Allowed are upcoming, recurring, past, cancelled, unconfirmed"));
        if (call.Ask("take") is not null && call.AskNumber("take") is not (>= 1 and <= 250))
            input.Fail("take", ("max", "take must not be greater than 250"), ("min", "take must not be less than 1"));
        if (call.Ask("skip") is not null && call.AskNumber("skip") is not >= 0)
            input.Fail("skip", ("min", "skip must not be less than 0"));
        return input.Refusal;
    }

    private IEnumerable<Booking> Filtered(Call call)
    {
        var status = call.Ask("status")?.Split(',');
        var types = (call.Ask("eventTypeIds") ?? call.Ask("eventTypeId"))?.Split(',');
        return account.Bookings.Values.Where(booking =>
            (status is null || status.Any(asked => Is(booking, asked)))
            && (types is null || types.Contains(booking.EventTypeId.ToString(System.Globalization.CultureInfo.InvariantCulture)))
            && (call.Ask("attendeeEmail") ?? booking.Attendee.Email) == booking.Attendee.Email
            && (call.Ask("attendeeName") ?? booking.Attendee.Name) == booking.Attendee.Name
            && (call.Ask("bookingUid") ?? booking.Uid) == booking.Uid
            && (call.AskTime("afterStart") is not { } after || booking.Start >= after)
            && (call.AskTime("beforeEnd") is not { } before || booking.End <= before));
    }

    private bool Is(Booking booking, string status) => status switch
    {
        "upcoming" => !booking.IsCancelled && booking.End >= account.Now,
        "past" => !booking.IsCancelled && booking.End < account.Now,
        "cancelled" => booking.IsCancelled,
        _ => false, // nothing here recurs or waits to be confirmed
    };

    private static IEnumerable<Booking> Sorted(Call call, IEnumerable<Booking> bookings)
    {
        var (order, key) = (call.Ask("sortStart") ?? call.Ask("sortEnd"), (Func<Booking, DateTimeOffset>)(booking => booking.Start));
        if (order is null && call.Ask("sortCreated") is { } created)
            (order, key) = (created, booking => booking.CreatedAt);
        return order == "desc" ? bookings.OrderByDescending(key) : bookings.OrderBy(key);
    }

    private Answer ByOffset(Call call, List<Booking> found)
    {
        var take = call.AskNumber("take") ?? 100;
        var skip = Math.Min(call.AskNumber("skip") ?? 0, found.Count);
        var page = found.Skip(skip).Take(take).ToList();
        var answer = Page(page);
        answer["pagination"] = new JsonObject
        {
            ["returnedItems"] = page.Count,
            ["totalItems"] = found.Count,
            ["itemsPerPage"] = take,
            ["remainingItems"] = Math.Max(0, found.Count - skip - take),
            ["currentPage"] = skip / take + 1,
            ["totalPages"] = (found.Count + take - 1) / take,
            ["hasNextPage"] = skip + take < found.Count,
            ["hasPreviousPage"] = skip > 0,
        };
        return new Answer(200, answer);
    }

    private Answer ByCursor(Call call, List<Booking> found)
    {
        var limit = Math.Clamp(call.AskNumber("limit") ?? 50, 1, 100);
        var from = call.Ask("cursor") is { } cursor ? found.FindIndex(booking => booking.Uid == cursor) + 1 : 0;
        var page = found.Skip(from).Take(limit).ToList();
        var hasMore = from + page.Count < found.Count;
        var answer = Page(page);
        answer["pagination"] = new JsonObject { ["nextCursor"] = hasMore ? page[^1].Uid : null, ["hasMore"] = hasMore };
        return new Answer(200, answer);
    }

    private JsonObject Page(List<Booking> page) => new()
    {
        ["status"] = "success",
        ["data"] = Json.ArrayOf(page.Select(booking => BookingShape.Of(booking, account))),
    };
}
