using System.Buffers.Text;
using System.Security.Cryptography;
using CalGateway.Access.Callers;

namespace CalGateway.Commands;

/// <summary>The verb <c>hash-key</c>: makes a key for a caller, or reads one from standard input, and prints the lines for yarp.json.</summary>
internal static class HashKeyCommand
{
    private const int MinDistinctCharacters = 10;

    public static async Task<int> ExecuteAsync(bool fromStandardInput)
    {
        if (!fromStandardInput)
        {
            var key = KeyShape.Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
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

    /// <summary>Prints a member of Consumers, ready to be pasted.</summary>
    private static async Task PrintAsync(string key)
    {
        await Console.Error.WriteLineAsync("Paste the next line into yarp.json under CalGateway:Access:Consumers, with the caller's name.");
        await Console.Out.WriteLineAsync($"\"caller\": {{ \"Keys\": [\"{KeyHash.Of(key)}\"] }}");
    }

    /// <summary>Why a key must not be used: it is too easy to guess, or could not be sent in a header. Null for a good key.</summary>
    public static string? WhyUnfit(string key)
    {
        if (key.Length is < KeyShape.MinLength or > KeyShape.MaxLength || key.Distinct().Count() < MinDistinctCharacters)
            return $"That is no key that is hard to guess: {KeyShape.MinLength} to {KeyShape.MaxLength} random characters are. \"calgateway hash-key\" makes one.";
        return key.Any(character => character is <= ' ' or > '~') ? "A key holds no blanks and no characters beyond ASCII, which a header could not carry." : null;
    }
}
