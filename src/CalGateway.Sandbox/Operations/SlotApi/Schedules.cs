using System.Text.Json.Nodes;
using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Routing;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations.SlotApi;

/// <summary>Schedules: one way of keeping them, and two shapes, that of 2024-04-15 and that of the versions after.</summary>
internal sealed class Schedules(Account account)
{
    private const string Collection = "/v2/schedules";
    private const string Single = "/v2/schedules/{scheduleId}";

    private delegate JsonObject Shape(Schedule schedule);

    public void Bind(OperationTable table)
    {
        Bind(table, ApiVersions.V2024_04_15, LegacyShape);
        Bind(table, ApiVersions.V2024_06_11 | ApiVersions.V2024_06_14, CurrentShape);
    }

    private void Bind(OperationTable table, ApiVersions versions, Shape shape)
    {
        table.Handle("GET", Collection, versions, _ => Answer.Ok(Json.ArrayOf(account.Schedules.Values.Select(schedule => shape(schedule)))));
        table.Handle("POST", Collection, versions, call => Create(call, shape));
        table.Handle("GET", Collection + "/default", versions, _ => Answer.Ok(account.DefaultSchedule() is { } schedule ? shape(schedule) : null));
        table.Handle("GET", Single, versions, call => Find(call) is { } schedule ? Answer.Ok(shape(schedule)) : Missing(call));
        table.Handle("PATCH", Single, versions, call => Update(call, shape));
        table.Handle("DELETE", Single, versions, Delete);
    }

    private Answer Create(Call call, Shape shape)
    {
        var input = new Validation(call.Body);
        var name = input.RequiredText("name");
        var zone = input.RequiredText("timeZone");
        var isDefault = input.RequiredFlag("isDefault");
        if (input.Refusal is not null)
            return input.Refusal;

        var schedule = Keep(With(new Schedule(account.NextId(), name, zone, isDefault, Seed.WeekdaysNineToFive(), []), call.Body));
        return Answer.Created(shape(schedule));
    }

    private Answer Update(Call call, Shape shape)
    {
        if (Find(call) is not { } schedule)
            return Missing(call);

        var input = new Validation(call.Body);
        input.OptionalText("name");
        input.OptionalText("timeZone");
        return input.Refusal ?? Answer.Ok(shape(Keep(With(schedule, call.Body))));
    }

    private Answer Delete(Call call)
    {
        if (Find(call) is not { } schedule)
            return Missing(call);

        account.Schedules.Remove(schedule.Id);
        return new Answer(200, new JsonObject { ["status"] = "success" });
    }

    // There is one default at a time.
    private Schedule Keep(Schedule schedule)
    {
        if (schedule.IsDefault)
        {
            foreach (var other in account.Schedules.Values.Where(other => other.IsDefault).ToList())
                account.Schedules[other.Id] = other with { IsDefault = false };
        }

        return account.Schedules[schedule.Id] = schedule;
    }

    private Schedule? Find(Call call) =>
        call.RouteNumber("scheduleId") is { } id && account.Schedules.TryGetValue(id, out var schedule) ? schedule : null;

    private static Schedule With(Schedule schedule, JsonObject body) => schedule with
    {
        Name = body.Text("name") ?? schedule.Name,
        TimeZone = body.Text("timeZone") ?? schedule.TimeZone,
        IsDefault = body.Flag("isDefault") ?? schedule.IsDefault,
        Availability = body["availability"]?.DeepClone() as JsonArray ?? schedule.Availability,
        Overrides = body["overrides"]?.DeepClone() as JsonArray ?? schedule.Overrides,
    };

    private JsonObject CurrentShape(Schedule schedule) => new()
    {
        ["id"] = schedule.Id,
        ["ownerId"] = account.Owner.Id,
        ["name"] = schedule.Name,
        ["timeZone"] = schedule.TimeZone,
        ["availability"] = schedule.Availability.DeepClone(),
        ["isDefault"] = schedule.IsDefault,
        ["overrides"] = schedule.Overrides.DeepClone(),
    };

    private JsonObject LegacyShape(Schedule schedule) => new()
    {
        ["id"] = schedule.Id,
        ["name"] = schedule.Name,
        ["isManaged"] = false,
        ["workingHours"] = Json.ArrayOf(Enum.GetValues<DayOfWeek>().SelectMany(day => schedule.HoursOf(day).Select(hours => new JsonObject
        {
            ["days"] = new JsonArray((int)day),
            ["startTime"] = hours.From,
            ["endTime"] = hours.To,
            ["userId"] = account.Owner.Id,
        }))),
        ["schedule"] = new JsonArray(),
        ["availability"] = new JsonArray(),
        ["timeZone"] = schedule.TimeZone,
        ["dateOverrides"] = new JsonArray(),
        ["isDefault"] = schedule.IsDefault,
        ["isLastSchedule"] = account.Schedules.Count == 1,
        ["readOnly"] = false,
    };

    private static Answer Missing(Call call) => Answer.NotFound($"Schedule with ID={call.Route["scheduleId"]} does not exist.");
}
