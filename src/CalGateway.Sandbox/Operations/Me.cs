using System.Text.Json.Nodes;
using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Routing;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations;

/// <summary>The user's own profile.</summary>
internal sealed class Me(Account account)
{
    public void Bind(OperationTable table)
    {
        table.Handle("GET", "/v2/me", ApiVersions.All, _ => Answer.Ok(Shape()));
        table.Handle("PATCH", "/v2/me", ApiVersions.All, Update);
    }

    private Answer Update(Call call)
    {
        var input = new Validation(call.Body);
        foreach (var property in new[] { "name", "email", "timeZone", "weekStart", "bio" })
            input.OptionalText(property);
        input.OptionalNumber("timeFormat");
        if (input.Refusal is not null)
            return input.Refusal;

        account.Owner = account.Owner with
        {
            Name = call.Body.Text("name") ?? account.Owner.Name,
            Email = call.Body.Text("email") ?? account.Owner.Email,
            TimeZone = call.Body.Text("timeZone") ?? account.Owner.TimeZone,
            WeekStart = call.Body.Text("weekStart") ?? account.Owner.WeekStart,
            Bio = call.Body.Text("bio") ?? account.Owner.Bio,
            TimeFormat = call.Body.Number("timeFormat") ?? account.Owner.TimeFormat,
        };
        return Answer.Ok(Shape());
    }

    private JsonObject Shape() => new()
    {
        ["id"] = account.Owner.Id,
        ["email"] = account.Owner.Email,
        ["timeFormat"] = account.Owner.TimeFormat,
        ["defaultScheduleId"] = account.DefaultSchedule()?.Id,
        ["weekStart"] = account.Owner.WeekStart,
        ["timeZone"] = account.Owner.TimeZone,
        ["username"] = account.Owner.Username,
        ["name"] = account.Owner.Name,
        ["avatarUrl"] = null,
        ["bio"] = account.Owner.Bio,
        ["organizationId"] = account.Teams.Values.FirstOrDefault()?.OrganizationId,
    };
}
