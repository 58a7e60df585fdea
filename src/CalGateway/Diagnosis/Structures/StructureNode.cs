namespace CalGateway.Diagnosis.Structures;

/// <summary>What was seen at one path of one answer, or of several: types, members, items and counts.</summary>
internal sealed class StructureNode
{
    /// <summary>An object with more members than this is a map by ids: Cal.com's largest has about ninety.</summary>
    public const int MostMembers = 160;

    private static readonly Dictionary<string, StructureNode> None = [];

    private Dictionary<string, StructureNode>? _members;

    public JsonTypes Types { get; private set; }

    /// <summary>How often something stood here, null included.</summary>
    public int Seen { get; private set; }

    /// <summary>How many objects stood here that were read to their end.</summary>
    public int WholeObjects { get; private set; }

    /// <summary>How many items the lists here had in all.</summary>
    public int Items { get; private set; }

    /// <summary>Where it stands among its object's members.</summary>
    public int Position { get; private init; }

    /// <summary>Its object has more members than a list of fields has: they are all one.</summary>
    public bool IsMap { get; private set; }

    /// <summary>It has members beyond as many paths as are kept: what is not among its members may be there.</summary>
    public bool IsPartial { get; private set; }

    /// <summary>What the items of lists here look like; null where none was seen.</summary>
    public StructureNode? Item { get; private set; }

    /// <summary>Some of its members' names are ids.</summary>
    public bool HasIds => _members?.ContainsKey(FoldedName.Id) == true;

    /// <summary>Null where no string, number or boolean was seen.</summary>
    public ScalarsSeen? Scalars { get; private set; }

    public IReadOnlyDictionary<string, StructureNode> Members => _members ?? None;

    public void See(JsonTypes type)
    {
        Types |= type;
        Seen++;
    }

    /// <summary>An object was read to its end, so that what it does not have is missing.</summary>
    public void EndObject() => WholeObjects++;

    /// <summary>A member is not kept.</summary>
    public void LeaveOut() => IsPartial = true;

    public StructureNode NextItem()
    {
        Items++;
        return Item ??= new StructureNode();
    }

    public ScalarsSeen TakeScalars() => Scalars ??= new ScalarsSeen();

    /// <summary>Null where it has no such member yet.</summary>
    public StructureNode? FindMember(ReadOnlySpan<char> name) =>
        _members is not null && _members.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var member) ? member : null;

    public StructureNode AddMember(string name)
    {
        _members ??= [];
        if (_members.Count >= MostMembers && !_members.ContainsKey(name))
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

    /// <summary>The members whose names turn out to be ids.</summary>
    private void FoldIds(StructureNode ids)
    {
        foreach (var name in _members!.Keys.Where(name => FoldedName.MayBeId(name)).ToList())
        {
            _members.Remove(name, out var member);
            ids.Add(member!);
        }
    }

    /// <summary>All members become one, whose name says that their names are data.</summary>
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

    /// <summary>The same with its members as one.</summary>
    public StructureNode Folded()
    {
        var folded = new StructureNode();
        folded.Add(this);
        folded.FoldMembers();
        return folded;
    }

    /// <summary>Takes in what another answer has at this path.</summary>
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
            TakeScalars().Add(other.Scalars);
        if (other.IsMap)
            FoldMembers();
        foreach (var (name, member) in other.Members)
            AddMember(name).Add(member);
    }
}
