using System.Buffers.Text;
using System.Security.Cryptography;

namespace CalGateway.Access.Callers;

/// <summary>The verb <c>hash-key</c>: makes a key for a caller, or takes one from standard input, and prints what belongs in yarp.json.</summary>
internal static class HashKeyCommand
{
    private const string Prefix = "cgw_";
    private const int ShortestKey = 32;
    private const int LongestKey = 512;
    private const int FewestDifferent = 10;

    public static async Task<int> ExecuteAsync(bool fromStandardInput)
    {
        if (!fromStandardInput)
        {
            var key = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
            await Console.Out.WriteLineAsync($"key   {key}");
            await Console.Error.WriteLineAsync("Give the key to the caller; it is kept nowhere.");
            await PrintAsync(key);
            return 0;
        }

        var given = (await Console.In.ReadLineAsync() ?? "").Trim();
        if (WhyUnfit(given) is { } reason)
        {
            await Console.Error.WriteLineAsync($"calgateway: {reason}");
            return 1;
        }

        await PrintAsync(given);
        return 0;
    }

    /// <summary>A member of Consumers, as it is pasted.</summary>
    private static async Task PrintAsync(string key)
    {
        await Console.Error.WriteLineAsync("Paste the next line into yarp.json under CalGateway:Access:Consumers, with the caller's name.");
        await Console.Out.WriteLineAsync($"\"caller\": {{ \"Keys\": [\"{KeyHash.Of(key)}\"] }}");
    }

    /// <summary>A key that could be tried out is not worth a hash.</summary>
    public static string? WhyUnfit(string key)
    {
        if (key.Length is < ShortestKey or > LongestKey || key.Distinct().Count() < FewestDifferent)
            return $"That is no key that is hard to guess: {ShortestKey} to {LongestKey} random characters are. \"calgateway hash-key\" makes one.";
        return key.Any(character => character is <= ' ' or > '~') ? "A key holds no blanks and no characters beyond ASCII, which a header could not carry." : null;
    }
}
