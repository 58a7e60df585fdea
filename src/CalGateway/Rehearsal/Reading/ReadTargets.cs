using System.Globalization;
using CalGateway.Catalogue;

namespace CalGateway.Rehearsal.Reading;

/// <summary>
/// Builds the address of a read. Ids are those of the first items in the account's own lists; required query parameters are filled in. Each list is read
/// once.
/// </summary>
internal sealed class ReadTargets(RehearsalClient client, RehearsedRoute route, CalComCatalogue catalogue, TimeProvider clock)
{
    private const string Me = "/v2/me";
    private const string EventTypes = "/v2/event-types";
    private const string NothingThere = "the account has nothing to ask it for";

    /// <summary>The last segments of GETs that do more than read: they begin or end a login, or issue a token.</summary>
    private static readonly string[] WithSideEffects = ["connect", "save", "callback", "auth-url", "access-token", "token", "check"];

    private readonly Dictionary<string, (AnswerContent? Content, int? Status)> _lists = [];

    /// <summary>Why the last call returned null.</summary>
    public string WhyNone { get; private set; } = NothingThere;

    /// <summary>Why the read must not be sent; null where it may be.</summary>
    public static string? WhyNot(Operation operation) => operation switch
    {
        { Auth: AuthRequirement.Session or AuthRequirement.Signature } => "no key opens it",
        { Risk: Risk.Credential } => "it is about credentials",
        _ when WithSideEffects.Contains(operation.Template[(operation.Template.LastIndexOf('/') + 1)..]) => "it may do more than read",
        _ => null,
    };

    /// <summary>Keeps an answer at the pinned version, so that its ids need not be requested.</summary>
    public void Keep(Operation operation, ReadAnswer answer) => _lists[operation.Template] = (AnswerContent.Of(answer), answer.Status);

    /// <summary>Null where the account has no item for it.</summary>
    public async Task<string?> OfAsync(Operation operation, CancellationToken cancellation)
    {
        WhyNone = NothingThere;
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
        "username" => (await ContentAsync(Me, Me, cancellation))?.Member("username"),
        "orgId" => (await ContentAsync(Me, Me, cancellation))?.Member("organizationId"),
        "eventSlug" => (await ContentAsync(EventTypes, EventTypes, cancellation))?.First(["slug"]),
        _ => (await ListAsync(filled, cancellation))?.First(name.EndsWith("Uid", StringComparison.Ordinal) ? ["uid"] : ["id", "uid"]),
    };

    /// <summary>The list before the id: /v2/bookings for /v2/bookings/{bookingUid}.</summary>
    private async Task<AnswerContent?> ListAsync(string filled, CancellationToken cancellation) =>
        catalogue.Find("GET", filled) is { } list && WhyNot(list) is null ? await ContentAsync(list.Template, filled, cancellation) : null;

    private async Task<AnswerContent?> ContentAsync(string template, string target, CancellationToken cancellation)
    {
        if (!_lists.TryGetValue(template, out var list))
        {
            var version = route.Operations.Any(own => own.Template == template && own.Method == "GET") ? route.Pinned : catalogue.Find("GET", target)?.RecommendedVersion ?? route.Pinned;
            var answer = await client.ReadAsync(target, version, cancellation);
            _lists[template] = list = (AnswerContent.Of(answer), answer.Status);
        }

        if (list is { Content: null, Status: { } status and not StatusCodes.Status200OK })
            WhyNone = $"{template}, which has the ids to ask it for, answered {status}";
        return list.Content;
    }

    private async Task<string?> QueryAsync(string template, CancellationToken cancellation)
    {
        if (template is not ("/v2/slots" or "/v2/slots/available"))
            return "";
        if ((await ContentAsync(EventTypes, EventTypes, cancellation))?.First(["id"]) is not { } eventType)
            return null;

        var (start, end) = template == "/v2/slots" ? ("start", "end") : ("startTime", "endTime");
        return $"?{start}={Day(1)}&{end}={Day(8)}&eventTypeId={Uri.EscapeDataString(eventType)}";
    }

    private string Day(int ahead) => clock.GetUtcNow().UtcDateTime.AddDays(ahead).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
