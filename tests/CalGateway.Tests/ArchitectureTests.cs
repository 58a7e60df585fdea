using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using CalGateway.Commands;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests;

/// <summary>
/// A folder of the gateway may use the types of the folders before it in this order, and no others: the leaves, the base, the folders of a request's
/// journey from the last to the first, then those beside the journey. The root may use all these; the commands may use the root as well.
/// </summary>
public sealed partial class ArchitectureTests
{
    private const string Root = "CalGateway";

    /// <summary>The types in no folder, which put the folders together.</summary>
    private const string Host = "Host";

    /// <summary>The executable's verbs: nobody but Program.cs uses them.</summary>
    private const string Commands = "Commands";

    private static readonly string[] Leaves = ["Catalogue", "Problems", "Pages", "Journey"];

    private static readonly string[] Base = ["Telemetry", "Configuration"];

    /// <summary>From the last that a request meets to the first. Each may use those before it in this list.</summary>
    private static readonly string[] Rooms = ["CalCom", "Diagnosis", "Caching", "Access", "Envelope"];

    private static readonly string[] Beside = ["Explain", "Doctor", "Rehearsal", "Management", "Health", "Frontend"];

    private static readonly Lazy<Architecture> Gateway = new(() => new ArchLoader().LoadAssembly(typeof(RunCommand).Assembly).Build());

    [Fact]
    public void Folders_know_each_other_in_one_direction_alone()
    {
        var against = Uses().Where(use => !MayKnow(use.Of, use.Target)).Select(use => $"{use.Of}/{use.Type} uses {use.Target}").Distinct().Order(StringComparer.Ordinal).ToList();

        Assert.True(against.Count == 0, $"Against the direction of the folders (src/docs/architecture.md):\n{string.Join('\n', against)}");
    }

    /// <summary>The assembly shows no unused <c>using</c>, and no use of a constant, whose value the compiler copies.</summary>
    [Fact]
    public void No_file_has_a_using_against_that_direction()
    {
        var source = Path.Combine(Checkout.Root, "src", Root);
        var against = (
            from file in Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            let path = Path.GetRelativePath(source, file).Replace(Path.DirectorySeparatorChar, '/')
            let folder = path.Split('/')[0]
            where path.Contains('/') && folder is not ("bin" or "obj")
            from line in File.ReadLines(file)
            let target = Using().Match(line).Groups[1].Value
            where target.Length > 0 && target != folder && !MayKnow(folder, target)
            select $"{path}: {line}").ToList();

        Assert.True(against.Count == 0, $"Against the direction of the folders (src/docs/architecture.md):\n{string.Join('\n', against)}");
    }

    [Fact]
    public void Every_folder_has_its_place_in_the_direction()
    {
        var folders = Uses().SelectMany(use => new[] { use.Of, use.Target }).Distinct();

        Assert.Empty(folders.Except([.. Leaves, .. Base, .. Rooms, .. Beside, Host, Commands]));
    }

    private static bool MayKnow(string of, string target)
    {
        if (of == Commands)
            return true;
        if (of == Host)
            return target != Commands;
        if (Beside.Contains(of))
            return !Beside.Contains(target) && target is not (Host or Commands) || (of == "Management" && target is "Explain" or "Rehearsal");
        if (Rooms.Contains(of))
            return Leaves.Contains(target) || Base.Contains(target) || Rooms.TakeWhile(room => room != of).Contains(target);

        return of switch
        {
            "Configuration" => Leaves.Contains(target) || target == "Telemetry",
            "Telemetry" => Leaves.Contains(target),
            "Journey" => target is "Problems" or "Catalogue",
            "Problems" => target == "Pages",
            _ => false,
        };
    }

    /// <summary>Each use of a type of one folder in another.</summary>
    private static IEnumerable<(string Of, string Type, string Target)> Uses() =>
        from type in Gateway.Value.Types
        let of = FolderOf(type)
        where of is not null
        from dependency in type.Dependencies
        let target = FolderOf(dependency.Target)
        where target is not null && target != of
        select (of, NameOf(type), target);

    private static string? FolderOf(IType type) => type.Namespace?.FullName.Split('.') switch
    {
        [Root, "Sandbox", ..] => null,
        [Root, var folder, ..] => folder,
        [Root] => Host,
        _ => null,
    };

    /// <summary>The outermost type: a nested one, or one that the compiler makes of a method, counts for it.</summary>
    private static string NameOf(IType type) => type.FullName[(type.Namespace.FullName.Length + 1)..].Split('+', '/', '<', '`')[0];

    [GeneratedRegex($@"^using (?:static )?{Root}\.(\w+)")]
    private static partial Regex Using();
}
