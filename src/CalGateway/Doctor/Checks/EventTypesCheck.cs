using System.Globalization;

namespace CalGateway.Doctor.Checks;

/// <summary>Lists the account's event types, so that the user sees whether the key belongs to the right account.</summary>
internal sealed class EventTypesCheck : ICheck
{
    private const int MaxRows = 25;

    public string Title => "Your event types";

    public Task<CheckResult> RunAsync(DoctorContext context, CancellationToken cancellation) => Task.FromResult(context.EventTypes switch
    {
        null => CheckResult.Skipped("No list of them could be read."),
        [] => CheckResult.Doubtful("The account has none.", "If that surprises, the key belongs to another account than you think."),
        var seen => ResultOf(seen, context),
    });

    private static CheckResult ResultOf(IReadOnlyList<EventTypeSeen> seen, DoctorContext context)
    {
        var hidden = seen.Count(type => type.Hidden);
        var result = CheckResult.Good($"{seen.Count}{(hidden > 0 ? $", {hidden} of them hidden" : "")}{(seen.Count > MaxRows ? $"; the first {MaxRows}" : "")}.");
        return context.IsShared
            ? result
            : result with { Table = new ResultTable(["id", "title", "slug", "minutes", "hidden"], [.. seen.Take(MaxRows).Select(Row)]) };
    }

    private static string[] Row(EventTypeSeen type) =>
        [type.Id.ToString(CultureInfo.InvariantCulture), type.Title, type.Slug, type.Minutes.ToString(CultureInfo.InvariantCulture), type.Hidden ? "yes" : ""];
}
