using System.Globalization;
using System.Text.Json;
using CalGateway.Catalogue;

namespace CalGateway.Rehearsal.Reading;

/// <summary>
/// Makes the address of a read: the ids in it are those of the first things in the account's own lists, and what it must be asked with is filled in.
/// Each list is asked once.
/// </summary>
internal sealed class ReadTargets(RehearsalClient client, RehearsedRoute route, CalComCatalogue catalogue, TimeProvider clock)
{
    private const string Me = "/v2/me";
    private const string EventTypes = "/v2/event-types";
    private const int MostDepth = 5;

    /// <summary>Reads that do something: they begin or end a login elsewhere, or hand out a token.</summary>
    private static readonly string[] Doing = ["connect", "save", "callback", "auth-url", "access-token", "token", "check"];

    private readonly Dictionary<string, JsonElement?> _bodies = [];

    /// <summary>Null for a read that may be asked.</summary>
    public static string? WhyNot(Operation operation) => operation switch
    {
        { Auth: AuthRequirement.Session or AuthRequirement.Signature } => "no key opens it",
        { Risk: Risk.Credential } => "it is about credentials",
        _ when Doing.Contains(operation.Template[(operation.Template.LastIndexOf('/') + 1)..]) => "it may do more than read",
        _ => null,
    };

    /// <summary>An answer at the pinned version that has been read already, so that its ids need not be asked for.</summary>
    public void Learn(Operation operation, ReadAnswer answer) => _bodies[operation.Template] = Parse(answer);

    /// <summary>Null where the account has nothing to ask it for.</summary>
    public async Task<string?> OfAsync(Operation operation, CancellationToken cancellation)
    {
        var segments = operation.Template.Split('/');
        for (var index = 0; index < segments.Length; index++)
        {
            if (segments[index] is not ['{', .. var name, '}'])
                continue;
            if (await IdAsync(name, string.Join('/', segments[..index]), cancellation) is not { } id)
                return null;

            segments[index] = Uri.EscapeDataString(id);
        }

        return await QueryAsync(operation.Template, cancellation) is { } query ? string.Join('/', segments) + query : null;
    }

    private async Task<string?> IdAsync(string name, string filled, CancellationToken cancellation) => name switch
    {
        "username" => MemberOf(await BodyAsync(Me, Me, cancellation), "username"),
        "orgId" => MemberOf(await BodyAsync(Me, Me, cancellation), "organizationId"),
        "eventSlug" => FirstIn(await BodyAsync(EventTypes, EventTypes, cancellation), ["slug"]),
        _ => FirstIn(await ListAsync(filled, cancellation), name.EndsWith("Uid", StringComparison.Ordinal) ? ["uid"] : ["id", "uid"]),
    };

    /// <summary>The list that ends where the id begins: /v2/bookings for /v2/bookings/{bookingUid}.</summary>
    private async Task<JsonElement?> ListAsync(string filled, CancellationToken cancellation) =>
        catalogue.Find("GET", filled) is { } list && WhyNot(list) is null ? await BodyAsync(list.Template, filled, cancellation) : null;

    private async Task<JsonElement?> BodyAsync(string template, string target, CancellationToken cancellation)
    {
        if (_bodies.TryGetValue(template, out var known))
            return known;

        var operation = catalogue.Find("GET", target);
        var version = route.Operations.Any(own => own.Template == template && own.Method == "GET") ? route.Pinned : operation?.RecommendedVersion ?? route.Pinned;
        return _bodies[template] = Parse(await client.ReadAsync(target, version, cancellation));
    }

    private async Task<string?> QueryAsync(string template, CancellationToken cancellation)
    {
        if (template is not ("/v2/slots" or "/v2/slots/available"))
            return "";
        if (FirstIn(await BodyAsync(EventTypes, EventTypes, cancellation), ["id"]) is not { } eventType)
            return null;

        var (start, end) = template == "/v2/slots" ? ("start", "end") : ("startTime", "endTime");
        return $"?{start}={Day(1)}&{end}={Day(8)}&eventTypeId={Uri.EscapeDataString(eventType)}";
    }

    private string Day(int ahead) => clock.GetUtcNow().UtcDateTime.AddDays(ahead).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static JsonElement? Parse(ReadAnswer answer)
    {
        if (!answer.IsSuccess)
            return null;

        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null; // It is told where it is compared.
        }
    }

    private static string? MemberOf(JsonElement? body, string name) =>
        body is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object && data.TryGetProperty(name, out var value)
            ? Text(value)
            : null;

    private static string? FirstIn(JsonElement? body, string[] names) => body is { } root ? FirstIn(root, names, 0, isItem: false) : null;

    /// <summary>Of the first item of the first list, however deep it lies: older versions wrap their lists.</summary>
    private static string? FirstIn(JsonElement element, string[] names, int depth, bool isItem)
    {
        if (depth > MostDepth)
            return null;
        if (element.ValueKind == JsonValueKind.Array)
            return element.EnumerateArray().Select(item => FirstIn(item, names, depth + 1, isItem: true)).FirstOrDefault(id => id is not null);
        if (element.ValueKind != JsonValueKind.Object)
            return null;

        return (isItem ? names.Select(name => element.TryGetProperty(name, out var id) ? Text(id) : null).FirstOrDefault(id => id is not null) : null)
            ?? element.EnumerateObject().Select(member => FirstIn(member.Value, names, depth + 1, isItem: false)).FirstOrDefault(id => id is not null);
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : null,
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };
}
