using CalGateway.Diagnosis.Structures;

namespace CalGateway.Diagnosis.Drift;

/// <summary>What has been learned of the objects at one path.</summary>
internal sealed class LearnedObject
{
    /// <summary>Different things that had a field, after which one that lacks it is no accident of that thing.</summary>
    private const int EnoughThings = 3;

    private const int MostThings = 32;

    private readonly HashSet<int> _things = [];

    public Dictionary<string, LearnedField> Members { get; } = [];

    /// <summary>How many answers had objects here.</summary>
    public int Answers { get; set; }

    /// <summary>How many different things were seen here, told by their ids; counted as far as it matters.</summary>
    public int Things
    {
        get => Math.Max(field, _things.Count);
        set;
    }

    /// <param name="node">What one answer has here.</param>
    /// <param name="room">How many more fields may be learned.</param>
    /// <param name="now">When the answer came.</param>
    public void Learn(StructureNode node, int room, DateTimeOffset now)
    {
        Answers++;
        var ids = ItemOrder.Sequence(node);
        foreach (var (name, field) in Members)
        {
            if (node.FindMember(name) is not { } member)
                field.Miss(node.WholeObjects, MayTell(ids), Answers, now);
            else if (member.Seen < node.WholeObjects)
                field.SeeInSome();
            else
                field.See(member.Types, node.WholeObjects, now);
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
            if (_things.Count < MostThings)
                _things.Add(id);
        }
    }

    /// <summary>
    /// Things have fields of their own: of a booking that was moved, another has none. That one thing had a field says nothing of others; that it has
    /// lost it, or that several had it, does.
    /// </summary>
    private bool MayTell(IReadOnlyList<int>? ids) => ids is null or [] || Things >= EnoughThings || ids.Any(_things.Contains);

    /// <summary>The new field that a lost one likely became: it came with the loss, and has the same type. Null where none, or one of several, may be.</summary>
    public string? RenameOf(string name, LearnedField lost)
    {
        var candidates = Members.Where(member => member.Value.FirstSeen >= lost.MissingSince && member.Value.Types == lost.Types).Select(member => member.Key).ToList();
        return candidates.Find(candidate => LikelyRenames.AreAlike(name, candidate)) ?? (candidates is [var only] ? only : null);
    }
}
