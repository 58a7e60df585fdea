using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Routing;

namespace CalGateway.Sandbox.Serving;

/// <summary>Keeps the answers of one read until something is written, so that a load test can ask thousands of times a second.</summary>
internal sealed class AnswerCache(Account account)
{
    private const int Capacity = 256;

    private readonly Dictionary<(ApiVersions, bool, string), Answer> answers = [];
    private long revision;

    /// <summary>Called, as every handler, under the account's lock.</summary>
    public Answer Get(Call call, Handler handler)
    {
        if (revision != account.Revision || answers.Count >= Capacity)
        {
            answers.Clear();
            revision = account.Revision;
        }

        var key = (call.Version, call.IsOwner, string.Join('&', call.Query.Select(pair => $"{pair.Key}={pair.Value}")));
        return answers.TryGetValue(key, out var kept) ? kept : answers[key] = handler(call);
    }
}
