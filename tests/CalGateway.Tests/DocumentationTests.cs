using System.Text.Json;
using System.Text.RegularExpressions;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests;

/// <summary>The front page and the pages behind it can be read and followed.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string> Pages { get; } = [.. Checkout.Pages.Select(page => Path.GetRelativePath(Checkout.Root, page))];

    [Fact]
    public void The_front_page_is_read_in_minutes() =>
        Assert.InRange(new FileInfo(Path.Combine(Checkout.Root, "README.md")).Length, 2_000, 8 * 1024);

    [Theory, MemberData(nameof(Pages))]
    public void Every_link_leads_to_a_file_and_a_heading_that_are_there(string page)
    {
        foreach (var target in Links().Matches(Read(page)).Select(link => link.Groups[1].Value).Where(target => !target.Contains("://", StringComparison.Ordinal)))
        {
            var (file, anchor) = target.Split('#', 2) is [var path, var heading] ? (path, heading) : (target, null);
            var full = file.Length == 0 ? Path.Combine(Checkout.Root, page) : Path.Combine(Checkout.Root, Path.GetDirectoryName(page)!, file);

            Assert.True(File.Exists(full), $"{page} links to {target}, which is not there.");
            if (anchor is not null)
                Assert.Contains(anchor, Anchors(File.ReadAllText(full)));
        }
    }

    [Theory, MemberData(nameof(Pages))]
    public void Every_piece_of_JSON_can_be_pasted(string page)
    {
        foreach (var block in JsonBlocks().Matches(Read(page)).Select(block => block.Groups[1].Value.Trim()))
            JsonDocument.Parse(block.StartsWith('{') ? block : $"{{{block}}}").Dispose();
    }

    [Theory, MemberData(nameof(Pages))]
    public async Task Every_verb_that_is_told_is_one_of_the_program(string page)
    {
        await using var help = GatewayProcess.Start(["--help"]);
        Assert.Equal(0, await help.ExitAsync());

        foreach (var verb in Verbs().Matches(Read(page)).Select(verb => verb.Groups[1].Value).Distinct())
            Assert.Matches($@"(?m)^\s+{verb}\b", help.Output);
    }

    [Fact]
    public void The_ways_through_the_code_name_files_that_are_there_and_none_twice()
    {
        var ways = Ways().Matches(Read("src/docs/architecture.md")).Select(way => way.Groups[1].Value).ToList();
        Assert.Equal(3, ways.Count);

        foreach (var files in ways.Select(way => Steps().Matches(way).Select(step => step.Groups[1].Value).ToList()))
        {
            Assert.InRange(files.Count, 6, 20);
            Assert.Equal(files.Distinct(), files);
            Assert.All(files.Where(file => file != "yarp.json"), file => Assert.True(File.Exists(Path.Combine(Checkout.Root, "src/CalGateway", file)), file));
        }
    }

    [Fact]
    public void Every_folder_and_file_of_the_architecture_is_there()
    {
        var named = SourcePaths().Matches(Read("src/docs/architecture.md")).Select(path => path.Groups[1].Value).Distinct().ToList();
        var source = Path.Combine(Checkout.Root, "src/CalGateway");
        var there = Directory.EnumerateFileSystemEntries(source, "*", SearchOption.AllDirectories).Select(path => "/" + Path.GetRelativePath(source, path)).ToList();

        Assert.True(named.Count > 30);
        Assert.All(named, path => Assert.True(
            path.StartsWith("../", StringComparison.Ordinal) ? Path.Exists(Path.Combine(source, path)) : there.Exists(entry => (entry + "/").EndsWith($"/{path.TrimEnd('/')}/", StringComparison.Ordinal)),
            $"{path} is not there."));
    }

    private static string Read(string page) => File.ReadAllText(Path.Combine(Checkout.Root, page)).ReplaceLineEndings("\n");

    /// <summary>A heading's anchor, as the usual renderers make it.</summary>
    private static IEnumerable<string> Anchors(string text) => Headings().Matches(text.ReplaceLineEndings("\n"))
        .Select(heading => NoLetters().Replace(heading.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NoLetters();

    [GeneratedRegex(@"^```json\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex JsonBlocks();

    [GeneratedRegex(@"^## \w+ \w+'s way\n\n(.*?)\n\n", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Ways();

    [GeneratedRegex(@"^\d+\. `([\w./]+)`", RegexOptions.Multiline)]
    private static partial Regex Steps();

    /// <summary>Paths of folders and C# files in backticks, from the gateway's own folder.</summary>
    [GeneratedRegex(@"`((?:\.\./)?(?:[A-Z][\w.]*/)+|(?:[A-Z]\w*/)*[A-Z]\w*\.(?:cs|txt))`")]
    private static partial Regex SourcePaths();

    [GeneratedRegex(@"(?:--project src/CalGateway -- |`calgateway |`… -- )([a-z][a-z-]+)")]
    private static partial Regex Verbs();
}
