using System.Globalization;

namespace CalGateway.Doctor.Checks;

/// <summary>The event types that the account has: the proof that it is the right one.</summary>
internal sealed class EventTypesCheck : ICheck
{
    private const int Most = 25;

    public string Title => "Your event types";

    public Task<CheckResult> ExamineAsync(Examination examination, CancellationToken cancellation) => Task.FromResult(examination.EventTypes switch
    {
        null => CheckResult.Skipped("No list of them could be read."),
        [] => CheckResult.Doubtful("The account has none.", "If that surprises, the key belongs to another account than you think."),
        var seen => Judge(seen, examination),
    });

    private static CheckResult Judge(IReadOnlyList<EventTypeSeen> seen, Examination examination)
    {
        var hidden = seen.Count(type => type.Hidden);
        var result = CheckResult.Good($"{seen.Count}{(hidden > 0 ? $", {hidden} of them hidden" : "")}{(seen.Count > Most ? $"; the first {Most}" : "")}.");
        return examination.TellsPersonal
            ? result with { Table = new ResultTable(["id", "title", "slug", "minutes", "hidden"], [.. seen.Take(Most).Select(Row)]) }
            : result;
    }

    private static string[] Row(EventTypeSeen type) =>
        [type.Id.ToString(CultureInfo.InvariantCulture), type.Title, type.Slug, type.Minutes.ToString(CultureInfo.InvariantCulture), type.Hidden ? "yes" : ""];
}
