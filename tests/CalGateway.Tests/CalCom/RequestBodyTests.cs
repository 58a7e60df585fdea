using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.CalCom;

public sealed class RequestBodyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_body_of_200_KB_arrives_byte_for_byte()
    {
        await using var pair = await Pair.StartAsync();
        var body = RandomNumberGenerator.GetBytes(200 * 1024);

        var asked = await PostAsync(pair, new ByteArrayContent(body));

        Assert.Equal(body, asked.Body);
        Assert.Equal([body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)], asked.Header("content-length"));
    }

    [Fact]
    public async Task A_chunked_body_arrives_byte_for_byte()
    {
        await using var pair = await Pair.StartAsync();
        var body = RandomNumberGenerator.GetBytes(200 * 1024);

        var asked = await PostAsync(pair, new StreamContent(new UnknownLength(body)));

        Assert.Equal(body, asked.Body);
        Assert.Empty(asked.Header("content-length"));
    }

    [Fact]
    public async Task An_empty_body_stays_an_empty_body()
    {
        await using var pair = await Pair.StartAsync();

        var asked = await PostAsync(pair, new ByteArrayContent([]));

        Assert.Empty(asked.Body);
        Assert.Equal(["0"], asked.Header("content-length"));
    }

    [Fact]
    public async Task A_body_in_another_charset_or_encoding_is_not_rewritten()
    {
        await using var pair = await Pair.StartAsync();
        var latin = new ByteArrayContent(Encoding.Latin1.GetBytes("{\"name\":\"é\"}"));
        latin.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json; charset=ISO-8859-1");
        latin.Headers.ContentEncoding.Add("gzip");

        var asked = await PostAsync(pair, latin);

        Assert.Equal(Encoding.Latin1.GetBytes("{\"name\":\"é\"}"), asked.Body);
        Assert.Equal(["application/json; charset=ISO-8859-1"], asked.Header("content-type"));
        Assert.Equal(["gzip"], asked.Header("content-encoding"));
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_not_completed_by_the_gateway()
    {
        await using var pair = await Pair.StartAsync();
        using (var connection = await RawConnection.OpenAsync(pair.Gateway.Address))
            await connection.SendAsync("POST /calcom/v2/schedules HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"half\":");

        using var next = await pair.GetAsync("/calcom/v2/me");

        Assert.True(next.IsSuccessStatusCode);
        Assert.Empty(pair.Sandbox.Requests.For("POST", "/v2/schedules"));
    }

    [Fact]
    public async Task A_body_larger_than_the_gateway_takes_is_a_413_problem()
    {
        await using var pair = await Pair.StartAsync();

        var answer = await pair.AskRawAsync(
            "POST /calcom/v2/schedules HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 4000000000\r\nConnection: close\r\n\r\n{");

        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\": \"payload-too-large\"", answer, StringComparison.Ordinal);
        Assert.Empty(pair.Sandbox.Requests.All);
    }

    private static async Task<RecordedRequest> PostAsync(Pair pair, HttpContent body)
    {
        using var answer = await pair.Caller.PostAsync("/calcom/v2/schedules", body, Cancellation);
        return Assert.Single(pair.Sandbox.Requests.All);
    }

    /// <summary>A stream that does not tell its length, so that it is sent in chunks.</summary>
    private sealed class UnknownLength(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
