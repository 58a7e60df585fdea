namespace CalGateway.Diagnosis.Structures;

/// <summary>What was seen at one path of one or more answers: types, members, items and counts.</summary>
internal sealed class StructureNode
{
    /// <summary>An object with more members is taken for a map by ids. Cal.com's largest object has about ninety.</summary>
    public const int MaxMembers = 160;

    private static readonly Dictionary<string, StructureNode> None = [];

    private Dictionary<string, StructureNode>? _members;

    public JsonTypes Types { get; private set; }

    /// <summary>The number of values here, null included.</summary>
    public int Seen { get; private set; }

    /// <summary>The number of objects here that were read completely.</summary>
    public int WholeObjects { get; private set; }

    /// <summary>The number of items of all lists here.</summary>
    public int Items { get; private set; }

    /// <summary>Its position among the members of its object.</summary>
    public int Position { get; private init; }

    /// <summary>True where the members' names are data, so that all members were merged into one.</summary>
    public bool IsMap { get; private set; }

    /// <summary>True where members were left out because of the limit on paths. What is not among the members may exist.</summary>
    public bool IsPartial { get; private set; }

    /// <summary>The merged structure of the items of lists here; null where there were none.</summary>
    public StructureNode? Item { get; private set; }

    /// <summary>True where some members' names are ids.</summary>
    public bool HasIds => _members?.ContainsKey(FoldedName.Id) == true;

    /// <summary>Null where there was no string, number or boolean.</summary>
    public ScalarsSeen? Scalars { get; private set; }

    public IReadOnlyDictionary<string, StructureNode> Members => _members ?? None;

    public void Record(JsonTypes type)
    {
        Types |= type;
        Seen++;
    }

    /// <summary>To be called for an object that was read completely, so that its absent members count as missing.</summary>
    public void EndObject() => WholeObjects++;

    /// <summary>To be called for a member that was left out.</summary>
    public void MarkPartial() => IsPartial = true;

    public StructureNode NextItem()
    {
        Items++;
        return Item ??= new StructureNode();
    }

    public ScalarsSeen GetOrAddScalars() => Scalars ??= new ScalarsSeen();

    /// <summary>Null where there is no such member yet.</summary>
    public StructureNode? FindMember(ReadOnlySpan<char> name) =>
        _members is not null && _members.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var member) ? member : null;

    public StructureNode AddMember(string name)
    {
        _members ??= [];
        if (_members.Count >= MaxMembers && !_members.ContainsKey(name))
            FoldMembers();
        if (IsMap)
            name = FoldedName.Key;
        if (_members.TryGetValue(name, out var member))
            return member;

        _members.Add(name, member = new StructureNode { Position = _members.Count });
        if (name == FoldedName.Id)
            FoldIds(member);
        return member;
    }

    /// <summary>Merges the members whose names turn out to be ids into one.</summary>
    private void FoldIds(StructureNode ids)
    {
        foreach (var name in _members!.Keys.Where(name => FoldedName.MayBeId(name)).ToList())
        {
            _members.Remove(name, out var member);
            ids.Add(member!);
        }
    }

    /// <summary>Merges all members into one, because their names are data.</summary>
    public void FoldMembers()
    {
        if (IsMap)
            return;

        IsMap = true;
        if (_members is null)
            return;

        var all = new StructureNode();
        foreach (var member in _members.Values)
            all.Add(member);
        _members.Clear();
        _members.Add(FoldedName.Key, all);
    }

    public StructureNode Folded()
    {
        var folded = new StructureNode();
        folded.Add(this);
        folded.FoldMembers();
        return folded;
    }

    public void Add(StructureNode other)
    {
        Types |= other.Types;
        Seen += other.Seen;
        WholeObjects += other.WholeObjects;
        Items += other.Items;
        IsPartial |= other.IsPartial;
        if (other.Item is not null)
            (Item ??= new StructureNode()).Add(other.Item);
        if (other.Scalars is not null)
            GetOrAddScalars().Add(other.Scalars);
        if (other.IsMap)
            FoldMembers();
        foreach (var (name, member) in other.Members)
            AddMember(name).Add(member);
    }
}
