using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Loader;

namespace CalGateway.Tests;

/// <summary>
/// The folders of the gateway know each other in one direction: leaves, ground, the rooms of a request's journey from the last to the first, and beside
/// them those who ask the rooms. A use of another folder's types against that direction must stand in <see cref="StillToMend"/>.
/// </summary>
public sealed class ArchitectureTests
{
    private const string Root = "CalGateway";

    /// <summary>What stands at the root: the executable's commands and its table of contents.</summary>
    private const string Host = "Host";

    private static readonly string[] Leaves = ["Catalogue", "Problems", "Pages", "Journey"];

    private static readonly string[] Ground = ["Telemetry", "Configuration"];

    /// <summary>From the last that a request meets to the first: each knows those before it in this list.</summary>
    private static readonly string[] Rooms = ["CalCom", "Diagnosis", "Caching", "Access", "Envelope"];

    private static readonly string[] Beside = ["Explain", "Doctor", "Rehearsal", "Management", "Health", "Frontend"];

    /// <summary>
    /// Types that use a folder which theirs must not know, as "Folder/Type -> Folder". A line is taken away with its cause; none is added.
    /// </summary>
    private static readonly string[] StillToMend =
    [
        "Doctor/DoctorCommand -> Host",
        "Doctor/Examination -> Host",
        "Doctor/RunningGatewayCheck -> Host",
        "Doctor/RunningGatewayCheck -> Management",
        "Explain/ExplainCommand -> Host",
    ];

    private static readonly Lazy<Architecture> Gateway = new(() => new ArchLoader().LoadAssembly(typeof(RunCommand).Assembly).Build());

    [Fact]
    public void Folders_know_each_other_in_one_direction_alone()
    {
        var against = Uses().Where(use => !MayKnow(use.Of, use.Target)).Select(use => $"{use.Of}/{use.Type} -> {use.Target}").Distinct().Order(StringComparer.Ordinal).ToList();

        Assert.True(!against.Except(StillToMend).Any(), $"Against the direction of the folders:\n{string.Join('\n', against.Except(StillToMend))}");
        Assert.True(!StillToMend.Except(against).Any(), $"Mended, so take these from the list:\n{string.Join('\n', StillToMend.Except(against))}");
    }

    [Fact]
    public void Every_folder_has_its_place_in_the_direction()
    {
        var folders = Uses().SelectMany(use => new[] { use.Of, use.Target }).Distinct();

        Assert.Empty(folders.Except([.. Leaves, .. Ground, .. Rooms, .. Beside, Host]));
    }

    private static bool MayKnow(string of, string target)
    {
        if (of == Host)
            return true;
        if (Beside.Contains(of))
            return !Beside.Contains(target) && target != Host || (of, target) == ("Management", "Explain");
        if (Rooms.Contains(of))
            return Leaves.Contains(target) || Ground.Contains(target) || Rooms.TakeWhile(room => room != of).Contains(target);

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

    /// <summary>A nested type, and what the compiler makes of a method, is its outermost type's.</summary>
    private static string NameOf(IType type) => type.FullName[(type.Namespace.FullName.Length + 1)..].Split('+', '/', '<', '`')[0];
}
