using CalGateway.Diagnosis;
using CalGateway.Diagnosis.Structures;

namespace CalGateway.Rehearsal.Reading;

/// <summary>The result of one request of a rehearsal.</summary>
internal sealed record ReadAnswer
{
    /// <summary>Null where there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>Why there is no usable answer, as a clause without its full stop.</summary>
    public string? Failure { get; init; }

    /// <summary>At most the first megabyte.</summary>
    public byte[] Body { get; init; } = [];

    /// <summary>True where the body is longer.</summary>
    public bool IsCut { get; init; }

    /// <summary>Cal.com has no such route at the version that was sent.</summary>
    public bool IsRouteMiss => Status == StatusCodes.Status404NotFound && UpstreamError.Parse(Body, signature: null)?.IsRouteMiss("GET") == true;

    public bool IsSuccess => Failure is null && Status == StatusCodes.Status200OK;

    public AnswerStructure Structure => StructureReader.Read(Body, isWhole: !IsCut);
}
