using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using CalGateway.Configuration;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Configuration;

/// <summary>
/// The folder Broken has one file for each rule. The comments at its top list the line and the words of each finding; there must be no others.
/// </summary>
public sealed partial class BrokenFileTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder(), "*.json").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Fact]
    public void There_is_a_file_for_every_rule() => Assert.True(Files.Count >= 60);

    [Theory]
    [MemberData(nameof(Files))]
    public void The_fault_is_told_with_its_line_and_its_cure(string name)
    {
        var content = File.ReadAllBytes(Path.Combine(Folder(), name));
        var expected = Expectation().Matches(Encoding.UTF8.GetString(content))
            .Select(match => (Line: int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), Words: match.Groups[2].Value));

        var attempt = TestRevision.From(content);

        Assert.Null(attempt.Revision);
        Assert.Collection(attempt.Errors, [.. expected.Select<(int Line, string Words), Action<Finding>>(one => finding =>
        {
            Assert.Contains(one.Words, finding.Message, StringComparison.Ordinal);
            Assert.Equal(one.Line, finding.Line);
            Assert.True(finding.Column > 0);
        })]);
    }

    private static string Folder([CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, "Broken");

    [GeneratedRegex(@"^// expect (\d+): ([^\r\n]+)", RegexOptions.Multiline)]
    private static partial Regex Expectation();
}
