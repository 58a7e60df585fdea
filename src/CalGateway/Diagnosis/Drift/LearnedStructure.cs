using System.Globalization;
using System.Text.Json;
using CalGateway.Diagnosis.Structures;

namespace CalGateway.Diagnosis.Drift;

/// <summary>
/// What has been learned of the answers to one read at one version: paths and types, bounded, never a value. See <see cref="LearnedField"/> for the rule by
/// which a change is told from a field that comes and goes.
/// </summary>
internal sealed class LearnedStructure
{
    private const int MostFields = 500;

    private readonly Dictionary<string, LearnedObject> _objects = [];
    private int _fields;

    /// <summary>How many answers were learned from.</summary>
    public int Answers { get; private set; }

    /// <summary>What differs now from what was learned.</summary>
    public IReadOnlyList<FieldChange> Changes =>
    [
        .. from part in _objects
           from member in part.Value.Members
           where member.Value.Change is not null
           select FieldChange.Of(Join(part.Key, member.Key), member.Value, member.Value.Change == DifferenceKind.Gone ? part.Value.RenameOf(member.Key, member.Value) : null),
    ];

    /// <summary>Learns from an answer. What was read of it in part counts, what was not is not missed.</summary>
    public void Learn(AnswerStructure answer, DateTimeOffset now)
    {
        if (answer.Fault is StructureFault.NotJson or StructureFault.Broken)
            return;

        Answers++;
        Visit("", answer.Root, now);
    }

    /// <summary>Takes what is there now for what is to be expected.</summary>
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

    /// <summary>What another gateway has learned; null for what is nothing of the kind.</summary>
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
            foreach (var (name, member) in part.Members.Take(MostFields - learned._fields))
            {
                known.Members[name] = new LearnedField { Types = (JsonTypes)member.Types, Had = member.Had, IsOptional = member.IsOptional };
                learned._fields++;
            }
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
            if (_fields >= MostFields)
                return;
            _objects[path] = known = new LearnedObject();
        }

        var before = known.Members.Count;
        known.Learn(node, MostFields - _fields, now);
        _fields += known.Members.Count - before;
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private sealed record Shared(int Answers, Dictionary<string, SharedObject> Objects);

    private sealed record SharedObject(int Answers, int Things, Dictionary<string, SharedField> Members);

    private sealed record SharedField(int Types, Run Had, bool IsOptional);
}

/// <summary>A field whose answers are not as they were.</summary>
/// <param name="Path">As in <c>data[].x</c>.</param>
/// <param name="Kind">Gone or retyped.</param>
/// <param name="At">When the first answer came that differs.</param>
/// <param name="Says">As in "data[].x is gone".</param>
internal sealed record FieldChange(string Path, DifferenceKind Kind, DateTimeOffset At, string Says)
{
    public static FieldChange Of(string path, LearnedField field, string? renamed) => new(path, field.Change!.Value, field.ChangedAt, field.Change == DifferenceKind.Gone
        ? $"{path} is gone{(renamed is null ? "" : $"; {path[..(path.LastIndexOf('.') + 1)]}{renamed} ({field.Types.Spoken()}) is new: likely renamed")}"
        : string.Create(CultureInfo.InvariantCulture, $"{path} was {field.Types.Spoken()}, is {field.Now.Spoken()} now"));
}
