using CalGateway.Caching.Store;
using CalGateway.Caching.Store.Sharing;
using CalGateway.Journey.Callers;

namespace CalGateway.Caching.Filling;

/// <summary>What is done with a newly stored answer once its callers are being answered: it is compressed, and shared with other gateways.</summary>
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

        // Cal.com may refuse a caller's token on another gateway, which could not tell this one: what is stored for a token stays in this process.
        if (result is FillResult.Filled && answer.Owner is null)
            shared.Add(answer.Key, fill.Plan.WindowsOf(answer.IsEmpty).Life, account);
    }
}
