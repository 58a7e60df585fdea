namespace CalGateway.Benchmarks;

/// <summary>A server that takes part in a <see cref="Contest"/>, which starts it anew for every heat.</summary>
/// <param name="Name">In the report.</param>
/// <param name="Path">What is asked of it.</param>
/// <param name="Command">Program and arguments; <c>{port}</c> stands for the port it is to listen on.</param>
/// <param name="Environment">Added to this process's.</param>
internal sealed record Entrant(
    string Name, string Path, IReadOnlyList<string> Command, params IReadOnlyList<(string Name, string Value)> Environment)
{
    private static string Folder => AppContext.BaseDirectory;

    /// <summary>One of the short programs of <see cref="Peers.Peer"/>.</summary>
    public static Entrant Peer(string name, string path, string kind, params string[] arguments) =>
        new(name, path, ["dotnet", System.IO.Path.Combine(Folder, "CalGateway.Benchmarks.dll"), "peer", kind, "{port}", .. arguments]);

    /// <summary>The gateway's assembly, which <c>dotnet</c> runs.</summary>
    public static string GatewayProgram => System.IO.Path.Combine(Folder, "CalGateway.dll");

    /// <summary>The gateway as it ships, with its own <c>yarp.json</c>.</summary>
    public static Entrant Gateway(string name, string path, string upstream, params IReadOnlyList<(string Name, string Value)> environment) =>
        GatewayOn(System.IO.Path.Combine(Folder, "yarp.json"), name, path, upstream, environment);

    public static Entrant GatewayOn(
        string settings, string name, string path, string upstream, params IReadOnlyList<(string Name, string Value)> environment) => new(
        name, path,
        ["dotnet", GatewayProgram, "run", "--config", settings, "--urls", "http://127.0.0.1:{port}"],
        [
            ("CALCOM_BASE_URL", upstream),
            ("CALCOM_API_KEY", "cal_test_benchmark"),
            ("CalGateway__Management__Url", $"http://127.0.0.1:{Server.FreePort()}"),
            .. environment,
        ]);

    /// <param name="processor">The one it may use.</param>
    public Task<Server> StartAsync(int processor) => Server.StartAsync(this, processor);
}
