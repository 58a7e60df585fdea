using System.Text.Json;

namespace CalGateway.Doctor.Checks;

/// <summary>What the doctor reads from a running gateway's <c>/status</c>.</summary>
/// <param name="LastEditRefused">The first reason why the last edit was refused; null where it is in force.</param>
/// <param name="CacheLines">The state of the cache, in sentences.</param>
internal sealed record RunningStatus(int Warnings, string? LastEditRefused, IReadOnlyList<string> CacheLines)
{
    /// <exception cref="JsonException">The JSON is not the status of a gateway.</exception>
    public static RunningStatus Read(byte[] utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        if (document.RootElement is not { ValueKind: JsonValueKind.Object } status || !status.TryGetProperty("cache", out var cache))
            throw new JsonException("There is no cache in it.");

        return new RunningStatus(
            status.GetProperty("warnings").GetArrayLength(),
            status.TryGetProperty("lastEditRefused", out var refused) && refused.GetArrayLength() > 0 ? refused[0].GetString() : null,
            [
                FormattableString.Invariant($"cache: {cache.GetProperty("entries").GetInt32()} answers, {cache.GetProperty("bytes").GetInt64() / 1024.0:0.#} KiB"),
                .. cache.GetProperty("policies").EnumerateArray().Select(Of),
            ]);
    }

    /// <summary>Older gateways do not name the upstream.</summary>
    private static string Upstream(JsonElement error) => error.TryGetProperty("upstream", out var name) ? name.GetString()! : "Cal.com";

    private static string Of(JsonElement policy)
    {
        var requests = policy.GetProperty("requests").GetInt64();
        var ratio = policy.TryGetProperty("hitRatio", out var hits) ? FormattableString.Invariant($", {hits.GetDouble():0 %} from the cache") : "";
        var failed = policy.TryGetProperty("lastRefreshError", out var error) ? $"; {Upstream(error)} last failed it at {error.GetProperty("at").GetString()}" : "";
        return FormattableString.Invariant($"cache policy {policy.GetProperty("name").GetString()}: {requests} requests{ratio}{failed}");
    }
}
