using System.Globalization;
using System.Text.Json;
using CalGateway.Diagnosis.Structures;

namespace CalGateway.Diagnosis.Drift;

/// <summary>
/// What has been learned of the answers to one read at one version: paths and types, never values. <see cref="LearnedField"/> has the rule by which a change
/// is told from a field that is sometimes missing.
/// </summary>
internal sealed class LearnedStructure
{
    private const int MaxFields = 500;

    private readonly Dictionary<string, LearnedObject> _objects = [];

    public int Answers { get; private set; }

    public IReadOnlyList<FieldChange> Changes =>
    [
        .. from part in _objects
           from member in part.Value.Members
           where member.Value.Change is not null
           select FieldChange.Of(Join(part.Key, member.Key), member.Value, member.Value.Change == DifferenceKind.Gone ? part.Value.RenameOf(member.Key, member.Value) : null),
    ];

    /// <summary>More answers are needed to tell whether a field has changed.</summary>
    public bool IsUndecided => _objects.Values.Any(part => part.Members.Values.Any(member => member.IsUndecided));

    /// <summary>How many more fields may be learned.</summary>
    private int Room => MaxFields - _objects.Values.Sum(part => part.Members.Count);

    /// <summary>Learns from an answer. Fields beyond the part that was read do not count as missing.</summary>
    public void Learn(AnswerStructure answer, DateTimeOffset now)
    {
        if (answer.Fault is StructureFault.NotJson or StructureFault.Broken)
            return;

        Answers++;
        Visit("", answer.Root, now);
    }

    /// <summary>Makes the current state of a field the expected one.</summary>
    public void Accept(string path)
    {
        foreach (var (place, part) in _objects)
        {
            foreach (var name in part.Members.Keys.Where(name => Join(place, name) == path).ToList())
                part.Members.Remove(name);
        }
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(new Shared(Answers, _objects.ToDictionary(
        part => part.Key,
        part => new SharedObject(part.Value.Answers, part.Value.Things, part.Value.Members.ToDictionary(
            member => member.Key, member => new SharedField((int)member.Value.Types, member.Value.Had, member.Value.IsOptional))))));

    /// <summary>Reads what another gateway has learned; null where the bytes are something else.</summary>
    public static LearnedStructure? Read(ReadOnlySpan<byte> written)
    {
        try
        {
            return JsonSerializer.Deserialize<Shared>(written) is { Objects: not null } shared ? Of(shared) : null;
        }
        catch (JsonException)
        {
            return null; // of a later version, with another form
        }
    }

    private static LearnedStructure Of(Shared shared)
    {
        var learned = new LearnedStructure { Answers = shared.Answers };
        foreach (var (path, part) in shared.Objects)
        {
            var known = learned._objects[path] = new LearnedObject { Answers = part.Answers, Things = part.Things };
            foreach (var (name, member) in part.Members.Take(learned.Room))
                known.Members[name] = new LearnedField { Types = (JsonTypes)member.Types, Had = member.Had, IsOptional = member.IsOptional };
        }

        return learned;
    }

    private void Visit(string path, StructureNode node, DateTimeOffset now)
    {
        if (node is { WholeObjects: > 0, IsPartial: false, IsMap: false })
            LearnObject(path, node, now);
        foreach (var (name, member) in node.Members)
            Visit(Join(path, name), member, now);
        if (node.Item is not null)
            Visit(path + "[]", node.Item, now);
    }

    private void LearnObject(string path, StructureNode node, DateTimeOffset now)
    {
        if (!_objects.TryGetValue(path, out var known))
        {
            if (Room <= 0)
                return;
            _objects[path] = known = new LearnedObject();
        }

        known.Learn(node, Room, now);
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private sealed record Shared(int Answers, Dictionary<string, SharedObject> Objects);

    private sealed record SharedObject(int Answers, int Things, Dictionary<string, SharedField> Members);

    private sealed record SharedField(int Types, Run Had, bool IsOptional);
}

/// <summary>A field that differs from what was learned.</summary>
/// <param name="Path">Its path, such as <c>data[].x</c>.</param>
/// <param name="At">When the first differing answer came.</param>
/// <param name="Says">A sentence, such as "data[].x is gone".</param>
internal sealed record FieldChange(string Path, DifferenceKind Kind, DateTimeOffset At, string Says)
{
    public static FieldChange Of(string path, LearnedField field, string? renamed) => new(path, field.Change!.Value, field.ChangedAt, field.Change == DifferenceKind.Gone
        ? $"{path} is gone{(renamed is null ? "" : $"; {path[..(path.LastIndexOf('.') + 1)]}{renamed} ({field.Types.Describe()}) is new: likely renamed")}"
        : string.Create(CultureInfo.InvariantCulture, $"{path} was {field.Types.Describe()}, is {field.Now.Describe()} now"));
}
