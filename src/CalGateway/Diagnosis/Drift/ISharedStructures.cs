namespace CalGateway.Diagnosis.Drift;

/// <summary>Where gateways keep together what they have learned of answers, so that one that has just started knows it.</summary>
internal interface ISharedStructures
{
    /// <summary>Null where nothing is there, or it cannot be had at this moment.</summary>
    Task<byte[]?> FindAsync(string name);

    /// <summary>Does nothing where it cannot be kept at this moment.</summary>
    Task PutAsync(string name, byte[] learned);
}
