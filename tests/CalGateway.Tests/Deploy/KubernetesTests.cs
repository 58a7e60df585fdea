using System.Text.Json;
using CalGateway.Health.Ending;
using CalGateway.Management;
using CalGateway.Tests.TestInfrastructure;
using YamlDotNet.RepresentationModel;

namespace CalGateway.Tests.Deploy;

/// <summary>The cluster's files speak of the program as it is: names, ports, probes, paths, settings.</summary>
public sealed class KubernetesTests
{
    private static readonly string Folder = Path.Combine(Checkout.Root, "src", "Deploy", "kubernetes");

    private static readonly string[] Applied = ["deployment.yaml", "service.yaml", "poddisruptionbudget.yaml", "networkpolicy.yaml"];

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.yaml", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path))];

    private static YamlNode Container => Read("deployment.yaml").At("spec", "template", "spec", "containers", "0");

    [Theory, MemberData(nameof(Files))]
    public void Every_file_is_objects_with_a_kind(string file) =>
        Assert.All(All(file), document => Assert.NotEqual("", document.At("apiVersion").Text() + document.At("kind").Text()));

    [Fact]
    public void What_is_applied_is_there()
    {
        var kustomization = Read("kustomization.yaml");

        Assert.Equal(Applied, kustomization.At("resources").Texts());
        Assert.All(kustomization.At("resources").Texts(), file => Assert.Single(All(file)));
        Assert.Equal("true", kustomization.At("generatorOptions", "disableNameSuffixHash").Text());
        Assert.All(kustomization.At("configMapGenerator", "0", "files").Texts(), file => Assert.True(File.Exists(Path.Combine(Folder, file))));
        foreach (var component in new[] { "redis", "monitoring" })
            Assert.All(Read($"{component}/kustomization.yaml").At("resources").Texts(), file => Assert.NotEmpty(All($"{component}/{file}")));
    }

    [Fact]
    public void Pods_are_found_by_everything_that_selects_them()
    {
        const string name = "app.kubernetes.io/name";
        var label = Read("deployment.yaml").At("spec", "template", "metadata", "labels", name).Text();

        foreach (var selector in new[]
        {
            Read("deployment.yaml").At("spec", "selector", "matchLabels"), Read("service.yaml").At("spec", "selector"), Read("poddisruptionbudget.yaml").At("spec", "selector", "matchLabels"),
            Read("networkpolicy.yaml").At("spec", "podSelector", "matchLabels"), Read("deployment.yaml").At("spec", "template", "spec", "topologySpreadConstraints", "0", "labelSelector", "matchLabels"),
        })
        {
            Assert.Equal(label, selector.At(name).Text());
        }

        Assert.Equal(Read("service.yaml").At("metadata", "labels", name).Text(), Read("monitoring/servicemonitor.yaml").At("spec", "selector", "matchLabels", name).Text());
    }

    [Fact]
    public void Ports_are_the_ones_that_the_variables_say()
    {
        var ports = Container.At("ports").Items().ToDictionary(port => port.At("name").Text(), port => port.At("containerPort").Text());

        Assert.Equal(Variables["ASPNETCORE_HTTP_PORTS"], ports["http"]);
        Assert.Equal(new Uri(Variables["CalGateway__Metrics__Url"].Replace("*", "localhost", StringComparison.Ordinal)).Port.ToString(System.Globalization.CultureInfo.InvariantCulture), ports["metrics"]);
        Assert.All(Read("service.yaml").At("spec", "ports").Items(), port => Assert.Contains(port.At("targetPort").Text(), ports.Keys));
        Assert.Contains(Read("monitoring/servicemonitor.yaml").At("spec", "endpoints", "0", "port").Text(), Read("service.yaml").At("spec", "ports").Items().Select(port => port.At("name").Text()));
        Assert.Equal("/metrics", Read("monitoring/servicemonitor.yaml").At("spec", "endpoints", "0", "path").Text());

        var ingress = Read("networkpolicy.yaml").At("spec", "ingress").Items().ToList();
        Assert.Equal([ports["http"]], ingress[0].At("ports").Items().Select(port => port.At("port").Text()));
        Assert.Equal(
            [ports["metrics"], new Uri(new ManagementOptions().Url).Port.ToString(System.Globalization.CultureInfo.InvariantCulture)],
            ingress[1].At("ports").Items().Select(port => port.At("port").Text()));
        Assert.Equal("monitoring", ingress[1].At("from", "0", "namespaceSelector", "matchLabels", "kubernetes.io/metadata.name").Text());
    }

    [Theory]
    [InlineData("startupProbe", "/healthz/live")]
    [InlineData("livenessProbe", "/healthz/live")]
    [InlineData("readinessProbe", "/healthz/ready")]
    public async Task Probes_ask_what_the_gateway_answers(string probe, string path)
    {
        var asked = Container.At(probe, "httpGet");
        Assert.Equal((path, "http"), (asked.At("path").Text(), asked.At("port").Text()));

        await using var pair = await Pair.StartAsync();
        using var answer = await pair.GetAsync(path, ("Host", "10.1.2.3:8080"));
        Assert.True(answer.IsSuccessStatusCode);
    }

    [Fact]
    public void A_pod_is_waited_for_until_its_callers_are_answered()
    {
        var options = new ShutdownOptions();
        var seconds = int.Parse(Read("deployment.yaml").At("spec", "template", "spec", "terminationGracePeriodSeconds").Text(), System.Globalization.CultureInfo.InvariantCulture);

        Assert.True(seconds > (options.DelayOrDefault(inTerminal: false) + options.Timeout).TotalSeconds);
    }

    [Fact]
    public void Settings_and_key_are_files_of_folders_that_are_mounted_whole()
    {
        var mounts = Container.At("volumeMounts").Items().ToDictionary(mount => mount.At("name").Text());
        var volumes = Read("deployment.yaml").At("spec", "template", "spec", "volumes").Items().ToDictionary(volume => volume.At("name").Text());

        Assert.Equal(Variables["CALGATEWAY_CONFIG"], mounts["settings"].At("mountPath").Text() + "/" + Read("kustomization.yaml").At("configMapGenerator", "0", "files", "0").Text());
        Assert.Equal(Read("kustomization.yaml").At("configMapGenerator", "0", "name").Text(), volumes["settings"].At("configMap", "name").Text());
        Assert.Equal(Variables["CALCOM_API_KEY_FILE"], mounts["credential"].At("mountPath").Text() + "/" + Read("secret.yaml").At("stringData").Names().Single());
        Assert.Equal(Read("secret.yaml").At("metadata", "name").Text(), volumes["credential"].At("secret", "secretName").Text());
        Assert.All(mounts.Values, mount => Assert.DoesNotContain("subPath", mount.Names()));
    }

    [Fact]
    public void The_settings_are_the_shipped_ones_with_callers_keys_and_the_gateway_takes_them_as_it_is_started()
    {
        var text = File.ReadAllText(Path.Combine(Folder, "yarp.json"));
        var overlay = Variables.Where(variable => variable.Key.StartsWith("CalGateway__", StringComparison.Ordinal))
            .ToDictionary(variable => variable.Key.Replace("__", ":", StringComparison.Ordinal), variable => (string?)variable.Value);
        var attempt = TestRevision.Factory(overlay).Create(System.Text.Encoding.UTF8.GetBytes(text));

        Assert.Empty(attempt.Findings);
        Assert.Equal(ProxySettings(GatewayFixture.ShippedSettings), ProxySettings(text));
        Assert.Equal("ApiKey", attempt.Revision!.Settings.Find("CalGateway:Access:Mode")!.Value);
    }

    [Fact]
    public void It_runs_as_the_images_user_and_may_do_nothing_else()
    {
        var pod = Read("deployment.yaml").At("spec", "template", "spec");

        Assert.Equal(("true", "1654", "RuntimeDefault"), (pod.At("securityContext", "runAsNonRoot").Text(), pod.At("securityContext", "runAsUser").Text(), pod.At("securityContext", "seccompProfile", "type").Text()));
        Assert.Contains("<ContainerUser>1654</ContainerUser>", File.ReadAllText(Path.Combine(Checkout.Root, "src", "Deploy", "Publish.props")), StringComparison.Ordinal);
        Assert.Equal(("true", "false"), (Container.At("securityContext", "readOnlyRootFilesystem").Text(), Container.At("securityContext", "allowPrivilegeEscalation").Text()));
        Assert.Equal(["ALL"], Container.At("securityContext", "capabilities", "drop").Texts());
    }

    [Fact]
    public void Redis_is_named_as_it_is_set()
    {
        var patch = Read("redis/kustomization.yaml").At("patches", "0", "patch").Text();
        var service = All("redis/redis.yaml").Single(document => document.At("kind").Text() == "Service");

        Assert.Contains("name: CalGateway__Cache__Redis", patch, StringComparison.Ordinal);
        Assert.Contains($"value: {service.At("metadata", "name").Text()}:{service.At("spec", "ports", "0", "port").Text()}", patch, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Variables => Container.At("env").Items().ToDictionary(variable => variable.At("name").Text(), variable => variable.At("value").Text());

    private static string ProxySettings(string settings)
    {
        using var document = JsonDocument.Parse(settings, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        return document.RootElement.GetProperty("ReverseProxy").GetRawText();
    }

    private static YamlNode Read(string file) => All(file).Single();

    private static List<YamlNode> All(string file)
    {
        using var reader = File.OpenText(Path.Combine(Folder, file));
        var stream = new YamlStream();
        stream.Load(reader);
        return [.. stream.Documents.Select(document => document.RootNode)];
    }
}
