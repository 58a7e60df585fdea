namespace CalGateway.Diagnosis.Structures;

/// <summary>Why less than the whole of an answer was read.</summary>
internal enum StructureFault
{
    None,

    /// <summary>It is larger, or deeper, than what is looked at: what was read counts.</summary>
    Bounded,

    /// <summary>It ends, or stops being JSON, in the middle: what was read before counts.</summary>
    Broken,

    /// <summary>It is no JSON object or list at all.</summary>
    NotJson,
}

/// <summary>The structure of one JSON answer: which paths it has and what stands there, never the values.</summary>
/// <param name="Root">The whole answer.</param>
/// <param name="Fault">Whether it was read whole.</param>
internal sealed record AnswerStructure(StructureNode Root, StructureFault Fault)
{
    /// <summary>Two answers to the same question as one.</summary>
    public AnswerStructure With(AnswerStructure other)
    {
        var both = new StructureNode();
        both.Add(Root);
        both.Add(other.Root);
        return new AnswerStructure(both, Fault > other.Fault ? Fault : other.Fault);
    }
}
