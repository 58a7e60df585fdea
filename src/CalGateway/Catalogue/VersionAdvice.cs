using System.Globalization;
using CalGateway.Catalogue.Matching;

namespace CalGateway.Catalogue;

/// <summary>What the catalogue knows about a value of the cal-api-version header. Like Cal.com, it is sensitive to case and spaces.</summary>
/// <param name="Known">The catalogue has this version.</param>
/// <param name="NewerThanCatalogue">It is a date after the newest known version, so Cal.com may know it.</param>
/// <param name="Nearest">The known version that was probably meant, the newer of two equally near; null if none is near. The value itself if it is known.</param>
/// <param name="TakenFor">The version that Cal.com uses for it: the value itself, or the default version.</param>
internal sealed record VersionAdvice(bool Known, bool NewerThanCatalogue, string? Nearest, string TakenFor)
{
    /// <summary>With more mistyped letters, every date would be near every other.</summary>
    private const int MaxMistypedLetters = 2;

    public static VersionAdvice On(string version, CalComCatalogue catalogue)
    {
        var known = catalogue.KnownVersions.Contains(version);
        var isDate = DateOnly.TryParseExact(version, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        return new VersionAdvice(
            known,
            isDate && string.CompareOrdinal(version, catalogue.KnownVersions[0]) > 0,
            known ? version : Closest(version, catalogue.KnownVersions),
            known ? version : catalogue.DefaultVersion);
    }

    private static string? Closest(string version, IReadOnlyList<string> newestFirst)
    {
        var (closest, distance) = newestFirst
            .Select(known => (known, distance: EditDistance.Bounded(version, known, MaxMistypedLetters)))
            .MinBy(candidate => candidate.distance);
        return distance <= MaxMistypedLetters ? closest : null;
    }
}
