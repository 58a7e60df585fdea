using System.Text.Json.Nodes;
using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Routing;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations;

/// <summary>E-mail addresses known to be the user's or the team's, at 2024-04-15. Any six letters or digits verify one.</summary>
internal sealed class VerifiedEmails(Account account)
{
    public void Bind(OperationTable table)
    {
        Bind(table, "/v2/verified-resources/emails", _ => null);
        Bind(table, "/v2/teams/{teamId}/verified-resources/emails", call => call.RouteNumber("teamId"));
    }

    private void Bind(OperationTable table, string collection, Func<Call, int?> teamOf)
    {
        table.Handle("GET", collection, ApiVersions.V2024_04_15, call => Answer.Ok(
            Json.ArrayOf(account.VerifiedEmails.Values.Where(email => email.TeamId == teamOf(call)).Select(Shape))));
        table.Handle("GET", collection + "/{id}", ApiVersions.V2024_04_15, call => Get(call, teamOf(call)));
        table.Handle("POST", collection + "/verification-code/request", ApiVersions.V2024_04_15, RequestCode);
        table.Handle("POST", collection + "/verification-code/verify", ApiVersions.V2024_04_15, call => Verify(call, teamOf(call)));
    }

    private Answer Get(Call call, int? teamId) =>
        call.RouteNumber("id") is { } id && account.VerifiedEmails.TryGetValue(id, out var email) && email.TeamId == teamId
            ? Answer.Ok(Shape(email))
            : Answer.NotFound("Not Found");

    private static Answer RequestCode(Call call)
    {
        var input = new Validation(call.Body);
        input.RequiredText("email");
        return input.Refusal ?? new Answer(200, new JsonObject { ["status"] = "success" });
    }

    private Answer Verify(Call call, int? teamId)
    {
        var input = new Validation(call.Body);
        var address = input.RequiredText("email");
        var code = input.RequiredText("code");
        if (input.Refusal is not null)
            return input.Refusal;
        if (code.Length != 6 || !code.All(char.IsAsciiLetterOrDigit))
            return Answer.BadRequest("Invalid Email Verification Code");

        var email = new VerifiedEmail(account.NextId(), address, teamId);
        account.VerifiedEmails[email.Id] = email;
        return Answer.Ok(Shape(email));
    }

    private JsonObject Shape(VerifiedEmail email)
    {
        var json = new JsonObject { ["id"] = email.Id, ["email"] = email.Email };
        json[email.TeamId is null ? "userId" : "teamId"] = email.TeamId ?? account.Owner.Id;
        return json;
    }
}
