using System.Security.Cryptography;

namespace CalGateway.Sandbox.Accounts;

/// <summary>Makes ids in the forms that Cal.com's have.</summary>
internal static class Identifiers
{
    // Base 58 as Cal.com's short ids are written: letters of both cases, without those that look alike.
    private const string Alphabet = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";

    public static string BookingUid() => RandomNumberGenerator.GetString(Alphabet, 22);

    public static string LinkId() => RandomNumberGenerator.GetString(Alphabet, 22);
}
