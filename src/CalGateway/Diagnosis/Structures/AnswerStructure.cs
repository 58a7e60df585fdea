namespace CalGateway.Diagnosis.Structures;

/// <summary>Why an answer was not read completely.</summary>
internal enum StructureFault
{
    None,

    /// <summary>It is larger or deeper than the limits. The part that was read counts.</summary>
    Bounded,

    /// <summary>It ends, or stops being JSON, in the middle. The part before that counts.</summary>
    Broken,

    /// <summary>It is not a JSON object or list.</summary>
    NotJson,
}

/// <summary>The structure of one JSON answer: its paths and the types of their values, never the values.</summary>
/// <param name="Fault">Why it was not read completely; None where it was.</param>
internal sealed record AnswerStructure(StructureNode Root, StructureFault Fault);
