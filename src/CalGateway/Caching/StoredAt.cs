using System.Globalization;
using CalGateway.Envelope;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.Caching;

/// <summary>
/// When an answer was stored, kept among the headers of the entry itself, since the framework tells a policy nothing of an
/// entry's age. It is taken off again before the headers leave.
/// </summary>
internal static class StoredAt
{
    private const string Header = "CalGateway-Stored-At";

    public static void Put(IHeaderDictionary headers, DateTimeOffset now) =>
        headers[Header] = now.UtcTicks.ToString(CultureInfo.InvariantCulture);

    public static DateTimeOffset Take(IHeaderDictionary headers)
    {
        if (headers.Remove(Header, out var ticks))
            return new DateTimeOffset(long.Parse(ticks.ToString(), CultureInfo.InvariantCulture), TimeSpan.Zero);

        // A 304 from the framework carries the entry's Date, to the second, and few other headers.
        return DateTimeOffset.TryParseExact(headers.Date, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date
            : DateTimeOffset.MinValue;
    }
}

/// <summary>Marks an answer that may be stored with the moment at which it came.</summary>
internal sealed class StoredAtTransform(TimeProvider clock) : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (GatewayCall.Of(context.HttpContext).Cache == CacheResult.Miss && CachePlan.IsStorable(context.HttpContext))
            StoredAt.Put(context.HttpContext.Response.Headers, clock.GetUtcNow());
        return ValueTask.CompletedTask;
    }
}
