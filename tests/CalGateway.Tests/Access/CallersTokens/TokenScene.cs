using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access.CallersTokens;

/// <summary>A gateway that sends callers' tokens on, in front of a Cal.com with many users.</summary>
internal sealed class TokenScene(ManyUsers calCom, GatewayFixture gateway) : IAsyncDisposable
{
    public const string List = "/calcom/v2/event-types";
    public const string Me = "/calcom/v2/me";
    public const string GatewaysKey = "cal_test_the_gateways_own";

    private readonly HttpClient _caller = gateway.CreateClient();

    public ManyUsers CalCom => calCom;

    public GatewayFixture Gateway => gateway;

    /// <summary>Every shipped route, with callers' tokens.</summary>
    public static string Settings(string access = "") => GatewayFixture.ShippedSettings
        .Replace("{ \"PathRemovePrefix\": \"/calcom\" }, { \"CalApiVersion\"", "{ \"PathRemovePrefix\": \"/calcom\" }, { \"CalCredential\": \"Caller\" }, { \"CalApiVersion\"", StringComparison.Ordinal)
        .Replace("\"CalGateway\": {", $"\"CalGateway\": {{ {(access.Length > 0 ? $"\"Access\": {access}," : "")}", StringComparison.Ordinal);

    public static async Task<TokenScene> OpenAsync(string settings)
    {
        var calCom = await ManyUsers.StartAsync();
        return new TokenScene(calCom, await GatewayFixture.StartAsync(calCom.Address, GatewaysKey, settings));
    }

    public Task<HttpResponseMessage> GetAsync(string path, string authorization, params (string Name, string Value)[] headers) => SendAsync("GET", path, authorization, headers);

    public Task<HttpResponseMessage> SendAsync(string method, string path, string authorization, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return _caller.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _caller.Dispose();
        await gateway.DisposeAsync();
        await calCom.DisposeAsync();
    }
}
