using CalGateway.Caching.Store;
using CalGateway.Caching.Store.Sharing;
using CalGateway.Journey.Callers;

namespace CalGateway.Caching.Filling;

/// <summary>Has a new answer compressed and shared with other gateways, after the callers that waited have received it.</summary>
internal sealed class FilledAnswers(Compressor compressor, SharedWrites shared)
{
    public void Add(FillResult result, Fill fill, Signature account)
    {
        var answer = result switch
        {
            FillResult.Filled filled => filled.Answer,
            FillResult.Found found => found.Answer,
            _ => null,
        };
        if (answer is not { IsGone: false })
            return;

        compressor.Add(answer, fill.Plan.Limits);

        // Answers for a caller's own token stay in this process: if Cal.com refused the token on another gateway, this one would not learn of it.
        if (result is FillResult.Filled && answer.Owner is null)
            shared.Add(answer.Key, fill.Plan.WindowsOf(answer.IsEmpty).Lifetime, account);
    }
}
