using CalGateway.Sandbox.Accounts;

namespace CalGateway.Sandbox.Operations.SlotApi;

/// <summary>When something can be booked: whole within working hours, in the future, and free.</summary>
internal sealed class Availability(Account account)
{
    /// <summary>The starts between two times, a slot length apart from the beginning of each span of working hours.</summary>
    public IEnumerable<DateTimeOffset> Slots(EventType type, DateTimeOffset from, DateTimeOffset to, int? minutes = null, string? movedUid = null)
    {
        var length = Math.Max(1, minutes ?? type.Length);
        var (schedule, zone) = ScheduleOf(type);
        var last = from.AddDays(62) < to ? from.AddDays(62) : to; // like the server, answers for a limited time span only
        for (var day = TimeZoneInfo.ConvertTime(from, zone).Date; day <= last.UtcDateTime.AddDays(1); day = day.AddDays(1))
        {
            foreach (var (opens, closes) in schedule?.HoursOf(day.DayOfWeek) ?? [])
            {
                for (long minute = opens; minute + length <= closes; minute += length)
                {
                    var start = InZone(day.AddMinutes(minute), zone);
                    if (start >= from && start < last && start > account.Now && IsFree(start, length, movedUid))
                        yield return start;
                }
            }
        }
    }

    public bool IsOpen(EventType type, DateTimeOffset start, int minutes, string? movedUid = null, bool heldCount = true)
    {
        var (schedule, zone) = ScheduleOf(type);
        var local = TimeZoneInfo.ConvertTime(start, zone);
        var minute = (int)local.TimeOfDay.TotalMinutes;
        return schedule?.HoursOf(local.DayOfWeek).Any(hours => minute >= hours.From && (long)minute + minutes <= hours.To) == true
            && IsFree(start, minutes, movedUid, heldCount);
    }

    private bool IsFree(DateTimeOffset start, int minutes, string? movedUid, bool heldCount = true)
    {
        var end = start.AddMinutes(minutes);
        return !account.Bookings.Values.Any(booking => !booking.IsCancelled && booking.Uid != movedUid && booking.Start < end && start < booking.End)
            && !(heldCount && account.Reservations.Values.Any(held => held.Until > account.Now && held.Start < end && start < held.Start.AddMinutes(held.Minutes)));
    }

    private (Schedule? Schedule, TimeZoneInfo Zone) ScheduleOf(EventType type)
    {
        var schedule = type.ScheduleId is { } id && account.Schedules.TryGetValue(id, out var own) ? own : account.DefaultSchedule();
        return (schedule, Zone(schedule?.TimeZone));
    }

    public static TimeZoneInfo Zone(string? name) =>
        name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;

    private static DateTimeOffset InZone(DateTime local, TimeZoneInfo zone)
    {
        var unspecified = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        return new DateTimeOffset(unspecified, zone.GetUtcOffset(unspecified)).ToUniversalTime();
    }
}
