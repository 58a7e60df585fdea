using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Deploy;

/// <summary>The self-contained file, in places that are worse than a developer's machine.</summary>
[Collection(Delivery.Name)]
public sealed class SingleFileTests(PublishedProgram published) : IDisposable
{
    private const string AsNobody = "--unshare-user --uid 65534 --gid 65534";

    private const string LibrariesAlone = "--tmpfs / --ro-bind /usr /usr --symlink usr/lib /lib --symlink usr/lib64 /lib64 --ro-bind {0} /p --proc /proc --dev /dev";

    private readonly DirectoryInfo _empty = Directory.CreateTempSubdirectory("calgateway-empty-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_runs_from_an_empty_folder_with_the_settings_beside_it()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = GatewayProcess.StartBefore(sandbox, program: [await published.PathAsync()], workingDirectory: _empty.FullName);

        await AssertServesAsync(gateway);

        Assert.Contains($"settings   {Path.Combine(await published.FolderAsync(), "yarp.json")}", gateway.Output, StringComparison.Ordinal);
        await using var health = GatewayProcess.Start(["health", "--urls", (await gateway.ServedAsync()).AbsoluteUri], program: [await published.PathAsync()]);
        Assert.Equal((0, "ready"), (await health.ExitAsync(), health.Output));
        Assert.Empty(_empty.GetFileSystemInfos());
    }

    [Fact]
    public async Task A_copy_of_the_program_alone_takes_the_settings_that_it_is_given_or_says_that_there_are_none()
    {
        var copy = Path.Combine(_empty.FullName, "calgateway");
        File.CreateSymbolicLink(copy, await published.PathAsync());
        var elsewhere = _empty.CreateSubdirectory("elsewhere");
        await File.WriteAllTextAsync(Path.Combine(elsewhere.FullName, "mine.json"), GatewayFixture.ShippedSettings, Cancellation);

        await using var given = GatewayProcess.Start(["check", "--strict", "mine.json"], workingDirectory: elsewhere.FullName, program: [copy]);
        await using var missing = GatewayProcess.Start(["check", "absent.json"], workingDirectory: elsewhere.FullName, program: [copy]);

        Assert.Equal((0, 1), (await given.ExitAsync(), await missing.ExitAsync()));
        Assert.Contains("absent.json is not there", missing.Output, StringComparison.Ordinal);
    }

    /// <summary>What is compiled while it starts is generic code over types of two assemblies, which no assembly of .NET can hold compiled.</summary>
    [Fact]
    public async Task It_comes_compiled()
    {
        var list = Path.Combine(_empty.FullName, "compiled.txt");
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = GatewayProcess.StartBefore(
            sandbox, new Dictionary<string, string> { ["DOTNET_JitStdOutFile"] = list, ["DOTNET_JitDisasmSummary"] = "1" }, program: [await published.PathAsync()]);

        await AssertServesAsync(gateway);

        var compiled = File.ReadLines(list).Where(line => line.Contains("Tier0", StringComparison.Ordinal)).ToList();
        Assert.InRange(compiled.Count, 1, 2_500); // uncompiled, it is more than four thousand
        Assert.InRange(compiled.Count(line => line.Contains("JIT compiled CalGateway.", StringComparison.Ordinal)), 0, 50);
    }

    /// <summary>The root is read-only in all of them, and the user is nobody.</summary>
    [Theory]
    [InlineData("as nobody", AsNobody, "")]
    [InlineData("no HOME", $"{AsNobody} --unsetenv HOME --unsetenv DOTNET_CLI_HOME", "")]
    [InlineData("a HOME that is not there", $"{AsNobody} --setenv HOME /nonexistent", "")]
    [InlineData("/tmp that takes nothing", $"{AsNobody} --tmpfs /tmp --ro-bind {{0}} /tmp/p --remount-ro /tmp", "")]
    [InlineData("nothing but libraries: no /tmp, no /etc, no HOME", $"{AsNobody} {LibrariesAlone} --unsetenv HOME --remount-ro /", "")]
    [InlineData("no time zones", $"{AsNobody} --tmpfs /usr/share/zoneinfo --setenv TZ Europe/Nowhere", "")]
    [InlineData("512 files", AsNobody, "prlimit --nofile=512")]
    [InlineData("a heap of 64 MiB", $"{AsNobody} --setenv DOTNET_GCHeapHardLimit 0x4000000", "")]
    [InlineData("proxies", $"{AsNobody} --setenv http_proxy http://127.0.0.1:9 --setenv HTTP_PROXY http://127.0.0.1:19 --setenv no_proxy 127.0.0.1", "")]
    public async Task It_serves_with_a_read_only_root(string place, string options, string limited)
    {
        await Bubblewrap.SkipWhereItMayNotAsync();
        var folder = await published.FolderAsync();
        var inside = options.Contains("/tmp/p", StringComparison.Ordinal) ? "/tmp/p" : options.Contains(LibrariesAlone, StringComparison.Ordinal) ? "/p" : folder;
        string[] program =
        [
            .. limited.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            .. $"bwrap --ro-bind / / --proc /proc --dev /dev {options} --die-with-parent".Split(' ').Select(option => option == "{0}" ? folder : option), "--chdir", inside, $"{inside}/calgateway",
        ];
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = GatewayProcess.StartBefore(sandbox, program: program);

        await AssertServesAsync(gateway);

        Assert.True(gateway.Errors.Length == 0 || (place.Contains("64 MiB", StringComparison.Ordinal) && gateway.Errors.StartsWith("calgateway: warning: 64 MiB of memory", StringComparison.Ordinal)), $"{place}: {gateway.Errors}");
    }

    [Theory]
    [InlineData("run --sandbox")]
    [InlineData("check")]
    public async Task A_limit_of_64_open_files_is_told_in_one_line_by_every_form(string verb)
    {
        InstalledProgram.SkipWhenMissing("prlimit", "util-linux");
        foreach (var form in new[] { [await published.PathAsync()], new[] { "dotnet", Path.Combine(AppContext.BaseDirectory, "CalGateway.dll") } })
        {
            await using var gateway = GatewayProcess.Start(verb.Split(' '), program: ["prlimit", "--nofile=64", .. form]);

            Assert.Equal(1, await gateway.ExitAsync());
            Assert.Matches("^calgateway: This process may have 64 files open at once, [^\n]*$", gateway.Errors);
            Assert.Empty(gateway.Output);
        }
    }

    [Fact]
    public async Task Without_IPv6_localhost_is_the_other_one()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = GatewayProcess.Start(
            ["--urls", $"http://*:{FreePort.Next()}"],
            new Dictionary<string, string>
            {
                ["DOTNET_SYSTEM_NET_DISABLEIPV6"] = "1", ["CALCOM_API_KEY"] = sandbox.ApiKey, ["CALCOM_BASE_URL"] = sandbox.BaseAddress.AbsoluteUri,
                ["CalGateway__Access__Mode"] = "Anonymous", ["CalGateway__Management__Url"] = $"http://localhost:{FreePort.Next()}",
            },
            program: [await published.PathAsync()]);

        await gateway.BannerAsync();
    }

    [Fact]
    public async Task A_port_that_it_may_not_have_is_told_in_one_line()
    {
        await Bubblewrap.SkipWhereItMayNotAsync();
        var first = int.Parse(await File.ReadAllTextAsync("/proc/sys/net/ipv4/ip_unprivileged_port_start", Cancellation), System.Globalization.CultureInfo.InvariantCulture);
        Assert.SkipWhen(first <= 80, "This machine lets everybody listen on port 80.");
        await using var gateway = GatewayProcess.Start(
            ["--urls", "http://127.0.0.1:80"], new Dictionary<string, string> { ["CALCOM_API_KEY"] = "cal_test_never_sent", ["CalGateway__Management__Url"] = "" },
            program: [.. $"bwrap --ro-bind / / --proc /proc --dev /dev {AsNobody} --cap-drop ALL".Split(' '), await published.PathAsync()]);

        Assert.Equal(1, await gateway.ExitAsync());
        Assert.Matches(@"^calgateway: Could not listen on http://127\.0\.0\.1:80: permission denied\. [^\n]*$", gateway.Errors);
    }

    public void Dispose() => _empty.Delete(recursive: true);

    private static async Task AssertServesAsync(GatewayProcess gateway)
    {
        using var caller = new HttpClient { BaseAddress = await gateway.ServedAsync() };
        using var answer = await caller.GetAsync("/calcom/v2/event-types", Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.NotEmpty((await answer.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!["data"]!.AsArray());
    }
}
