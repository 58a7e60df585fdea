using System.Globalization;
using CalGateway.Caching.Plans;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Serving;

/// <summary>The headers of a hit that depend on the age of the answer. They are made once a second, not once a request.</summary>
internal sealed class AgeHeaders(TimeSpan age, ServingWindows windows)
{
    private readonly long _second = (long)age.TotalSeconds;

    public StringValues Age { get; } = AgeOf(age);

    public string Status { get; } = CacheStatus.Hit(windows.SecondsLeft(age));

    public bool AreOf(TimeSpan age) => (long)age.TotalSeconds == _second;

    public static string AgeOf(TimeSpan age) => ((long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
