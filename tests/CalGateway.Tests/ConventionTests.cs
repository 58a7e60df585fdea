using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using CalGateway.Commands;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests;

/// <summary>What a reader of the code may rely on.</summary>
public sealed partial class ConventionTests
{
    private static readonly Assembly Gateway = typeof(RunCommand).Assembly;

    private static readonly Assembly Sandbox = typeof(SandboxHost).Assembly;

    private static readonly IReadOnlyList<Type> Written =
        [.. Gateway.GetTypes().Concat(Sandbox.GetTypes()).Where(type => !type.Name.Contains('<') && !type.IsDefined(typeof(CompilerGeneratedAttribute)) && type.Name != "Program" && type.Namespace?.StartsWith("CalGateway", StringComparison.Ordinal) == true)];

    [Fact]
    public void The_gateway_is_no_library_and_exports_nothing() =>
        Assert.DoesNotContain(Gateway.GetExportedTypes(), type => type.Name != "Program");

    [Fact]
    public void The_sandbox_exports_what_tests_and_the_gateway_start_it_with() => Assert.Equal(
        ["Fault", "FaultKind", "Faults", "RecordedRequest", "RequestLog", "SandboxHost", "SandboxOptions"],
        Sandbox.GetExportedTypes().Where(type => type.Name != "Program").Select(type => type.Name).Order());

    [Fact]
    public void Every_class_is_sealed_static_or_abstract() =>
        Assert.Empty(Written.Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false }).Select(type => type.FullName));

    [Fact]
    public void No_type_is_named_as_a_namespace()
    {
        var namespaces = Written.SelectMany(type => type.Namespace!.Split('.')).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(Written.Where(type => !type.IsNested && namespaces.Contains(type.Name)).Select(type => type.FullName));
    }

    [Fact]
    public void No_type_has_a_name_that_says_nothing() =>
        Assert.Empty(Written.Where(type => Hollow().IsMatch(type.Name)).Select(type => type.FullName));

    [Fact]
    public void A_folder_has_one_door()
    {
        var sources = Sources("src/CalGateway").ToList();
        var doors = sources.Where(file => file.Path.EndsWith("Extensions.cs", StringComparison.Ordinal)).ToList();

        Assert.All(doors.GroupBy(file => Path.GetDirectoryName(file.Path)), folder => Assert.Single(folder));
        Assert.All(sources.Where(file => Registers().IsMatch(file.Text)), file => Assert.Contains(file, doors));

        // Every method that GatewayHost.cs calls is declared in an …Extensions.cs of a folder.
        var stages = Stage().Matches(sources.Single(file => file.Path == "GatewayHost.cs").Text).Select(match => match.Groups[1].Value).ToList();
        Assert.True(stages.Count > 8);
        foreach (var stage in stages)
        {
            var declared = sources.Where(file => file.Path != "GatewayHost.cs" && file.Text.Contains($" {stage}(this ", StringComparison.Ordinal));
            Assert.All(declared, file => Assert.Contains(file, doors));
        }
    }

    [Fact]
    public void A_folder_of_src_has_at_most_fifteen_files()
    {
        var source = Path.Combine(Root, "src");
        var crowded =
            from folder in Directory.EnumerateDirectories(source, "*", SearchOption.AllDirectories).Prepend(source)
            let relative = Path.GetRelativePath(source, folder)
            where !relative.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")
            let files = Directory.GetFiles(folder).Length
            where files > 15
            select $"{relative}: {files}";

        Assert.Empty(crowded);
    }

    [Fact]
    public void A_file_is_named_for_its_folder_in_its_namespace()
    {
        foreach (var (project, name) in new[] { ("src/CalGateway", "CalGateway"), ("src/CalGateway.Sandbox", "CalGateway.Sandbox") })
        {
            // The sandbox's public types are in its root namespace, wherever their file is.
            var wrong = Sources(project).Where(file => NamespaceOf(file.Text) is { } told && told != name && told != Expected(name, file.Path));
            Assert.Empty(wrong.Select(file => file.Path));
        }
    }

    [Fact]
    public void Nothing_is_left_to_do_and_no_warning_is_silenced()
    {
        foreach (var file in Sources("src").Concat(Sources("tests")).Where(file => !file.Path.EndsWith("ConventionTests.cs", StringComparison.Ordinal)))
            Assert.False(LeftOver().IsMatch(file.Text), $"{file.Path}: {LeftOver().Match(file.Text).Value}");
    }

    [Fact]
    public void The_clock_is_banned_in_every_project()
    {
        var banned = File.ReadAllLines(Path.Combine(Root, "src/BannedSymbols.txt"));

        foreach (var clock in new[] { "P:System.DateTime.UtcNow", "P:System.DateTime.Now", "P:System.DateTimeOffset.UtcNow", "M:System.Threading.Thread.Sleep(System.Int32)" })
            Assert.Contains(banned, line => line.StartsWith(clock + ";", StringComparison.Ordinal));
        Assert.Contains("BannedSymbols.txt", File.ReadAllText(Path.Combine(Root, "src/Directory.Build.props")), StringComparison.Ordinal);
        Assert.Contains("../src/Directory.Build.props", File.ReadAllText(Path.Combine(Root, "tests/Directory.Build.props")), StringComparison.Ordinal);
    }

    private static string Root => Checkout.Root;

    private static IEnumerable<(string Path, string Text)> Sources(string project)
    {
        var folder = Path.Combine(Root, project);
        return from path in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
               let relative = Path.GetRelativePath(folder, path)
               where !relative.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")
               select (relative, File.ReadAllText(path));
    }

    private static string? NamespaceOf(string text) => Namespace().Match(text) is { Success: true } match ? match.Groups[1].Value : null;

    private static string Expected(string root, string path) =>
        Path.GetDirectoryName(path) is { Length: > 0 } folder ? $"{root}.{folder.Replace(Path.DirectorySeparatorChar, '.')}" : root;

    [GeneratedRegex("(Manager|Helper|Helpers|Service|Services|Utils|Util|Utilities|Common|Misc|Base|Impl)$")]
    private static partial Regex Hollow();

    [GeneratedRegex(@"\(this IServiceCollection ")]
    private static partial Regex Registers();

    [GeneratedRegex(@"\.((?:Add|Use|Map)\w+)\(")]
    private static partial Regex Stage();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|\bHACK\b|NotImplementedException\(|#pragma warning disable|SuppressMessage\(")]
    private static partial Regex LeftOver();
}
