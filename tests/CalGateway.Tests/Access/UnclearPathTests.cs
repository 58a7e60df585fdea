using System.Net;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access;

public sealed class UnclearPathTests
{
    [Theory]
    [InlineData("/calcom//v2/bookings", "an empty segment (\"//\")")]
    [InlineData("/calcom/v2//bookings", "an empty segment (\"//\")")]
    [InlineData("/calcom/v2/bookings/a%20b", "a blank (%20)")]
    [InlineData("/calcom/v2/bookings/[x]", "the character \"[\"")]
    [InlineData("/calcom/v2/bookings/x]", "the character \"]\"")]
    [InlineData("/calcom/v2/bookings/a;b", "a semicolon (\";\")")]
    [InlineData("/calcom/v2/bookings/a%3Bb", "a semicolon (\";\")")]
    [InlineData("/calcom/v2/bookings/a%25b", "a percent sign that is left after decoding (%25, or a broken encoding)")]
    [InlineData("/calcom/v2/bookings/a%5Cb", "a backslash (\"\\\", %5C)")]
    [InlineData("/calcom/v2/bookings/a%09b", "a control character (U+0009)")]
    [InlineData("/calcom/v2/bookings/a%7Cb", "the character \"|\"")]
    [InlineData("/calcom/v2/bookings/a%22b", "a double quote (%22)")]
    [InlineData("/calcom/v2/bookings/a%E2%80%8Bb", "the character U+200B")]
    [InlineData("/calcom/v2/b%C3%B6okings", "a letter beyond ASCII (U+00F6), which no path of Cal.com's has here")]
    public async Task The_message_names_the_character_that_was_found(string target, string character)
    {
        await using var pair = await Pair.StartAsync();

        var answer = await pair.AskRawAsync($"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {(int)HttpStatusCode.BadRequest}", answer, StringComparison.Ordinal);
        Assert.Contains($"\"detail\": \"The path can be read in more than one way: it holds {character.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}.\"", answer, StringComparison.Ordinal);
        Assert.Empty(pair.Sandbox.Requests.All);
    }
}
