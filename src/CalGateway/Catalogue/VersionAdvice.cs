using System.Globalization;
using CalGateway.Catalogue.Matching;

namespace CalGateway.Catalogue;

/// <summary>What is to be thought of a value for the cal-api-version header.</summary>
/// <param name="Version">The value, as given. The header is case- and space-sensitive, and so is this.</param>
/// <param name="Known">The catalogue knows it.</param>
/// <param name="HostedOnly">api.cal.com knows it; a self-hosted Cal.com takes it for the default version.</param>
/// <param name="WellFormed">It is a date, as every version is: 2024-06-41 is not.</param>
/// <param name="NewerThanCatalogue">A date after the newest known version: Cal.com may know what the catalogue does not.</param>
/// <param name="Nearest">The known version that was probably meant, the newer of two; null if it resembles none. Itself when known.</param>
/// <param name="TakenFor">What Cal.com, as far as it is known here, makes of it: itself, or silently the default version.</param>
internal sealed record VersionAdvice(
    string Version, bool Known, bool HostedOnly, bool WellFormed, bool NewerThanCatalogue, string? Nearest, string TakenFor)
{
    /// <summary>In letters. Beyond it, any date resembles any other.</summary>
    private const int MostMistyped = 2;

    public static VersionAdvice On(string version, CalComCatalogue catalogue)
    {
        var known = catalogue.KnownVersions.Contains(version);
        var wellFormed = DateOnly.TryParseExact(version, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        return new VersionAdvice(
            version,
            known,
            catalogue.HostedOnlyVersions.Contains(version),
            wellFormed,
            wellFormed && string.CompareOrdinal(version, catalogue.KnownVersions[0]) > 0,
            known ? version : Closest(version, catalogue.KnownVersions),
            known ? version : catalogue.DefaultVersion);
    }

    private static string? Closest(string version, IReadOnlyList<string> newestFirst)
    {
        var (closest, distance) = newestFirst
            .Select(known => (known, distance: EditDistance.Bounded(version, known, MostMistyped)))
            .MinBy(candidate => candidate.distance);
        return distance <= MostMistyped ? closest : null;
    }
}
