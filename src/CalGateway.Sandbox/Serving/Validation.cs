using System.Text.Json.Nodes;

namespace CalGateway.Sandbox.Serving;

/// <summary>Checks a body as the server's validation pipe does: all errors are collected, each with its constraints.</summary>
internal sealed class Validation(JsonObject body)
{
    private readonly JsonArray errors = [];

    /// <summary>Null while nothing is wrong.</summary>
    public Answer? Refusal => errors.Count == 0
        ? null
        : Answer.Refuse(400, "BadRequestException", "Bad Request Exception", new JsonObject { ["errors"] = errors.DeepClone() });

    public string RequiredText(string property)
    {
        if (body.Text(property) is { } text)
            return text;
        Fail(property, ("isString", $"{property} must be a string"));
        return "";
    }

    public int RequiredNumber(string property)
    {
        if (body.Number(property) is { } number)
            return number;
        Fail(property, ("isInt", $"{property} must be an integer number"));
        return 0;
    }

    public bool RequiredFlag(string property)
    {
        if (body.Flag(property) is { } flag)
            return flag;
        Fail(property, ("isBoolean", $"{property} must be a boolean value"));
        return false;
    }

    public void OptionalText(string property)
    {
        if (body[property] is not null)
            RequiredText(property);
    }

    public void OptionalNumber(string property)
    {
        if (body[property] is not null)
            RequiredNumber(property);
    }

    public DateTimeOffset RequiredTime(string property)
    {
        if (Json.ParseTime(body.Text(property)) is { } time)
            return time;
        Fail(property, ("isDateString", $"{property} must be a valid ISO 8601 date string"));
        return default;
    }

    public void Fail(string property, params (string Name, string Text)[] broken)
    {
        var constraints = new JsonObject();
        foreach (var (name, text) in broken)
            constraints[name] = text;

        var error = new JsonObject { ["property"] = property, ["children"] = new JsonArray(), ["constraints"] = constraints };
        if (body[property] is { } value)
            error.Insert(0, "value", value.DeepClone());
        errors.Add(error);
    }
}
