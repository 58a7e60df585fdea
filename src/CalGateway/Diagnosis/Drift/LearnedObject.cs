using CalGateway.Diagnosis.Structures;

namespace CalGateway.Diagnosis.Drift;

/// <summary>What has been learned of the objects at one path.</summary>
internal sealed class LearnedObject
{
    /// <summary>How many different things must have been seen before the absence of a field is a change.</summary>
    private const int MinThings = 3;

    private const int MaxThings = 32;

    private readonly HashSet<int> _things = [];

    public Dictionary<string, LearnedField> Members { get; } = [];

    /// <summary>How many answers had objects here.</summary>
    public int Answers { get; set; }

    /// <summary>How many different things were seen here, told apart by their ids; at most 32 are counted.</summary>
    public int Things
    {
        get => Math.Max(field, _things.Count);
        set;
    }

    /// <param name="room">How many more fields may be learned.</param>
    public void Learn(StructureNode node, int room, DateTimeOffset now)
    {
        Answers++;
        var ids = ItemOrder.Sequence(node);
        foreach (var (name, field) in Members)
        {
            if (node.FindMember(name) is not { } member)
                field.RecordMissing(node.WholeObjects, IsConclusive(ids), Answers, now);
            else if (member.Seen < node.WholeObjects)
                field.RecordInSome();
            else
                field.Record(member.Types, node.WholeObjects, now);
        }

        foreach (var (name, member) in node.Members)
        {
            if (room <= 0 || name[0] == '{' || Members.ContainsKey(name))
                continue;

            room--;
            Members[name] = new LearnedField
            {
                FirstSeen = Answers, Had = default(Run).With(node.WholeObjects), Types = member.Types.WithoutNull(), IsOptional = Answers > 1 || member.Seen < node.WholeObjects,
            };
        }

        foreach (var id in ids ?? [])
        {
            if (_things.Count < MaxThings)
                _things.Add(id);
        }
    }

    /// <summary>
    /// Objects of one list can have different fields: a rescheduled booking has fields that others lack. So the absence of a field is conclusive only if the
    /// same thing had it before, or if several things had it.
    /// </summary>
    private bool IsConclusive(IReadOnlyList<int>? ids) => ids is null or [] || Things >= MinThings || ids.Any(_things.Contains);

    /// <summary>
    /// The new field that probably replaces a lost one: it appeared when that disappeared, and has the same type. Null where there is no such field, or
    /// several.
    /// </summary>
    public string? RenameOf(string name, LearnedField lost)
    {
        var candidates = Members.Where(member => member.Value.FirstSeen >= lost.MissingSince && member.Value.Types == lost.Types).Select(member => member.Key).ToList();
        return candidates.Find(candidate => LikelyRenames.AreAlike(name, candidate)) ?? (candidates is [var only] ? only : null);
    }
}
